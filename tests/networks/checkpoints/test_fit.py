"""What fits a network, and what does not."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from core.errors import CheckpointError
from core.networks.checkpoints.alike import look_alikes
from core.networks.checkpoints.fit import MOST_CLASSES
from core.networks.checkpoints.match import UnusableWeights, match
from core.networks.checkpoints.spec import describe
from tests.networks.checkpoints.made_checkpoints import State, outline, renamed, shapes_of, sketched, zeros

PLAIN = tuple(look_alikes("resnet18"))  # what is said of a file with nothing strange about it


def test_what_tools_that_count_operations_leave_is_ignored(resnet: State) -> None:
    counted = zeros(**{"total_ops": (1,), "layer1.0.conv1.total_params": (1,)})
    found = match(outline({**resnet, **counted}), "resnet18")
    assert (found.ignored, found.notices) == (2, PLAIN)


@pytest.mark.parametrize("counter", [torch.zeros(()), torch.zeros(1, dtype=torch.int64), torch.zeros(64)])
def test_counters_of_any_kind_are_no_reason_to_refuse(counter: Tensor, resnet: State) -> None:
    strange = {key: counter if key.endswith("num_batches_tracked") else value for key, value in resnet.items()}
    found = match(outline(strange | {"fc.num_batches_tracked": counter}), "resnet18")
    assert not any(key.endswith("num_batches_tracked") for key in found.keys.values())


def test_an_object_in_a_weights_place_is_named(resnet: State) -> None:
    rest = {key: value for key, value in resnet.items() if key != "conv1.weight"}
    known = replace(outline(rest), unusable={"conv1.weight": "In its place is an object (numpy.ndarray)."})
    with pytest.raises(UnusableWeights, match=r"object \(numpy.ndarray\)"):
        match(known, "resnet18")


@pytest.mark.parametrize("part", ["layer1", "layer4.1", "layer2.0.downsample"])
@pytest.mark.parametrize("wrapper", ["module", "_orig_mod", "_fsdp_wrapped_module"])
def test_what_torch_puts_around_a_part_is_looked_through(part: str, wrapper: str, resnet: State) -> None:
    found = match(outline(renamed(resnet, f"{part}.", f"{part}.{wrapper}.")), "resnet18")
    assert set(found.keys.values()) == resnet.keys()
    assert found.prefix == ""


def test_what_is_there_with_and_without_a_wrapper_is_not_guessed(resnet: State) -> None:
    twice = {**resnet, "layer1.module.0.bn1.bias": torch.zeros(64)}
    with pytest.raises(CheckpointError, match=r"has both 'layer1.0.bn1.bias' and 'layer1.module.0.bn1.bias'"):
        match(outline(twice), "resnet18")


class TestAHeadOfItsOwn:
    @pytest.fixture
    def body(self, resnet: State) -> State:
        return {key: value for key, value in resnet.items() if not key.startswith("fc.")}

    @pytest.mark.parametrize(
        "shapes",
        [
            {"fc.0.weight": (64, 512), "fc.3.weight": (7, 63)},
            {"fc.0.weight": (64, 500), "fc.3.weight": (7, 64)},
            {"fc.0.weight": (64, 512, 1), "fc.3.weight": (7, 64)},
            {"fc.0.weight": (64, 512), "fc.1.weight": (64,), "fc.3.weight": (7, 64)},
            {
                "fc.0.weight": (64, 512), "fc.2.weight": (64,), "fc.2.bias": (64,), "fc.2.running_mean": (64,),
                "fc.2.running_var": (64,), "fc.4.weight": (7, 64),
            },
            {
                "fc.fc1.weight": (64, 512), "fc.bn1.weight": (64,), "fc.bn1.bias": (64,), "fc.bn1.running_mean": (64,),
                "fc.bn1.running_var": (64,), "fc.fc2.weight": (7, 64),
            },
            {"fc.norm.weight": (512,), "fc.norm.bias": (512,), "fc.linear.weight": (7, 512)},
            {"fc.0.weight": (64, 512), "fc.1.weight": (1,), "fc.2.weight": (7, 64)},
        ],
    )  # fmt: skip
    def test_whose_order_is_not_plain_is_none(self, shapes: dict[str, tuple[int, ...]], body: State) -> None:
        with pytest.raises(CheckpointError, match=r"its head has \d layers with tensors.*nn.Sequential of Linear"):
            match(outline({**body, **zeros(**shapes)}), "resnet18")

    @pytest.mark.parametrize(
        "shapes",
        [
            {"norm.weight": (512,), "norm.bias": (512,), "head.weight": (7, 512)},
            {"head.0.weight": (512,), "head.1.weight": (7, 512)},
            {"head.0.weight": (64, 512), "head.1.weight": (1,), "head.2.weight": (7, 64)},
            {"fc1.weight": (64, 512), "ln.weight": (64,), "ln.bias": (64,), "fc2.weight": (7, 64)},
        ],
    )
    def test_that_is_apart_is_not_read_without_what_could_stand_in_it(
        self, shapes: dict[str, tuple[int, ...]], body: State
    ) -> None:
        with pytest.raises(CheckpointError, match=r"nor another head in a plain order; .* prepare\(module\)"):
            match(outline({**renamed(body, "", "body."), **zeros(**shapes)}), "resnet18")

    def test_that_is_apart_needs_the_right_width(self, body: State) -> None:
        with pytest.raises(CheckpointError, match=r"last layer \('fc.weight'\) is not in the file"):
            match(outline({**renamed(body, "", "body."), **zeros(**{"head.weight": (7, 528)})}), "resnet18")

    def test_that_normalises_in_between_without_saying_where_is_none(self, body: State) -> None:
        norm = {f"bn.{kind}": (64,) for kind in ("weight", "bias", "running_mean", "running_var")}
        layers = {"fc1.weight": (64, 512), "fc2.weight": (7, 64)}
        with pytest.raises(CheckpointError, match="is not in the file"):
            match(outline({**renamed(body, "", "body."), **zeros(**norm, **layers)}), "resnet18")

    def test_has_to_be_said_what_stands_between(self, body: State, tmp_path: Path) -> None:
        state = {**body, **zeros(**{"fc.0.weight": (64, 512), "fc.2.weight": (7, 64)})}
        found = match(outline(state), "resnet18")
        assert found.head is not None
        assert found.head.is_open
        assert found.classes == 7
        assert "has to be said" in found.notices[0]
        described = [describe(sketched(state, tmp_path), "resnet18", between=name) for name in ("relu", "gelu")]
        assert described[0].name != described[1].name
        for unsaid in (None, "swiglu"):
            with pytest.raises(CheckpointError, match=r"\('fc.0' and 'fc.2'\) is not in the file: say which of relu"):
                describe(sketched(state, tmp_path), "resnet18", between=unsaid)


@pytest.mark.parametrize(
    "after",
    [
        {"fusion.weight": (2, 128)},
        {"fusion.weight": (2, 128 + 16)},
        {"fusion.weight": (2, 128 + 300), "tabular.weight": (300, 9)},
        {"lstm.weight_ih_l0": (400, 128)},
        {"attention.in_proj_weight": (384, 128)},
    ],
)
def test_a_body_in_front_of_what_takes_its_outputs_is_no_classifier(after: dict[str, tuple[int, ...]]) -> None:
    body = renamed(shapes_of("resnet18", 128), "", "image.")
    with pytest.raises(CheckpointError, match="a layer that could take its 128 outputs"):
        match(outline({**body, **zeros(**after)}), "resnet18")
    assert match(outline({**body, **zeros(**{"projection.weight": (64, 512)})}), "resnet18").classes == 128


def test_batch_normalisation_may_have_no_counters(resnet: State) -> None:
    old = {key: value for key, value in resnet.items() if not key.endswith("num_batches_tracked")}
    assert match(outline(old), "resnet18").keys.keys() == old.keys()


def test_the_old_keys_of_densenet_are_understood() -> None:
    state = shapes_of("densenet121")
    old = {key.replace(".norm1.", ".norm.1.").replace(".conv2.", ".conv.2."): value for key, value in state.items()}
    assert old.keys() != state.keys()
    assert set(match(outline(renamed(old, "", "module.")), "densenet121").keys.values()) == state.keys()


@pytest.mark.parametrize("model", ["googlenet", "inception_v3"])
def test_heads_that_only_training_uses_may_be_there_or_not(model: str) -> None:
    state = shapes_of(model)
    bare = {key: value for key, value in state.items() if not key.startswith(("aux", "Aux"))}
    with_heads, without = match(outline(state), model), match(outline(bare), model)
    assert with_heads.keys == without.keys
    assert (with_heads.ignored, without.ignored) == (len(state) - len(bare), 0)


@pytest.mark.parametrize(("side", "classes"), [(224, 7), (384, 3), (64, 1)])
def test_a_vision_transformer_tells_the_size_of_its_pictures(side: int, classes: int) -> None:
    found = match(outline(shapes_of("vit_b_16", classes, image_size=side)), "vit_b_16")
    assert (found.side, found.classes) == (side, classes)


class TestTheLastLayer:
    @pytest.mark.parametrize(
        ("model", "head", "layer"),
        [
            ("resnet18", "fc", "fc.1"),
            ("resnet18", "fc", "fc.linear"),
            ("resnet18", "fc", "fc.0.0"),
            ("mobilenet_v2", "classifier.1", "classifier"),
            ("mobilenet_v2", "classifier.1", "classifier.2"),
            ("mobilenet_v3_small", "classifier.3", "classifier.3.1"),
            ("squeezenet1_1", "classifier.1", "classifier.1.1"),
            ("vgg11", "classifier.6", "classifier.6.1"),
            ("vit_b_32", "heads.head", "heads.0"),
            ("vit_b_32", "heads.head", "heads"),
            ("swin_t", "head", "head.1"),
        ],
    )
    def test_may_be_wrapped_together_with_dropout(self, model: str, head: str, layer: str) -> None:
        state = shapes_of(model)
        found = match(outline(renamed(state, f"{head}.", f"{layer}.")), model)
        assert found.keys[f"{layer}.weight"] == f"{head}.weight"
        assert set(found.keys.values()) == state.keys()
        assert found.notices[0].startswith(f"The last layer is '{layer}' instead of '{head}': dropout around it")

    @pytest.mark.parametrize("model", ["resnet18", "maxvit_t"])
    @pytest.mark.parametrize("bias", [False, True])
    def test_may_have_a_bias_or_none(self, model: str, bias: bool) -> None:
        state = shapes_of(model)
        (weight,) = (key for key, value in state.items() if value.shape[:1] == (7,) and key.endswith("weight"))
        offset = weight.replace("weight", "bias")
        state.pop(offset, None)
        state |= {offset: torch.zeros(7)} if bias else {}
        found = match(outline(state), model)
        assert (found.bias, found.keys.keys()) == (bias, state.keys())

    @pytest.mark.parametrize(
        ("model", "layers"),
        [
            ("resnet18", ("fc.0", "fc.3")),
            ("mobilenet_v2", ("classifier.1", "classifier.4")),
            ("swin_t", ("head", "head.2")),
        ],
    )
    def test_must_be_one_layer(self, model: str, layers: tuple[str, str]) -> None:
        state = {k: v for k, v in shapes_of(model).items() if not k.startswith(layers[0].partition(".")[0] + ".")}
        state |= {f"{layer}.{kind}": torch.zeros(7, 7) for layer in layers for kind in ("weight", "bias")}
        with pytest.raises(CheckpointError, match=f"its head has 2 layers .*'{layers[0]}' and '{layers[1]}'"):
            match(outline(state), model)

    def test_must_be_the_last_one(self, resnet: State) -> None:
        state = renamed(resnet, "", "0.") | zeros(**{"1.weight": (2, 7), "1.bias": (2,)})
        with pytest.raises(
            CheckpointError, match=r"beside it the file has '1.weight', a layer that could take its 7 out"
        ):
            match(outline(state), "resnet18")


@pytest.mark.parametrize(
    ("model", "change", "fact"),
    [
        ("resnet18", {"conv1.weight": None}, "'conv1.weight' is not in the file."),
        (
            "resnet18",
            {"conv1.weight": None, "layer4.1.bn2.bias": None},
            "'conv1.weight' is not in the file \\(2 are missing\\)",
        ),
        ("resnet18", {"fc.weight": None, "fc.bias": None}, r"last layer \('fc.weight'\) is not in the file"),
        ("resnet18", {"fc.weight": (0, 512)}, r"last layer \('fc.weight'\) is 0 × 512"),
        ("resnet18", {"fc.weight": (7, 512, 1)}, r"last layer \('fc.weight'\) is 7 × 512 × 1"),
        ("resnet18", {"fc.weight": (MOST_CLASSES + 1, 512)}, "is 30001 × 512"),
        ("resnet18", {"fc.weight": ()}, "is one number"),
        ("resnet18", {"fc.bias": (8,)}, "'fc.bias' is 8 and has to be 7"),
        ("resnet18", {"fc.weight": (7, 2048)}, "'fc.weight' is 7 × 2048 and has to be 7 × 512"),
        ("resnet18", {"conv1.weight": (64, 2, 7, 7)}, "'conv1.weight' is 64 × 2 × 7 × 7 and has to be 64 × 3 × 7 × 7"),
        ("resnet18", {"layer1.0.se.weight": (3,)}, "the file has 'layer1.0.se.weight', which it does not have"),
        ("resnet18", {"new [x](y)": (3,)}, "the file has 'new··x··y·', which"),
        ("resnet34", {}, "'layer1.2.conv1.weight' is not in the file \\(80 are missing\\)"),
        ("resnet50", {}, "'layer1.0.conv1.weight' is 64 × 64 × 3 × 3 and has to be 64 × 64 × 1 × 1"),
        ("vit_b_16", {}, "the file has none of its tensors"),
    ],
)
def test_what_does_not_fit_is_named(
    model: str, change: dict[str, tuple[int, ...] | None], fact: str, resnet: State
) -> None:
    changed: State = {**resnet, **{key: torch.empty(shape or ()) for key, shape in change.items()}}
    state = {key: value for key, value in changed.items() if change.get(key, ()) is not None}
    with pytest.raises(CheckpointError, match=f"The file does not hold a .*: .*{fact}"):
        match(outline(state), model)


def test_numbers_of_the_wrong_kind_do_not_fit(resnet: State) -> None:
    with pytest.raises(CheckpointError, match=r"'bn1.bias' does not hold the kind of numbers"):
        match(outline({**resnet, "bn1.bias": torch.zeros(64, dtype=torch.int8)}), "resnet18")
