"""From a checkpoint to a network that computes what the module it came from does."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn
from torchvision import models

from core.errors import CheckpointError
from core.networks.catalogue import lookup
from core.networks.checkpoints import checkpoint, unpack
from core.networks.checkpoints.checkpoint import Checkpoint, read_checkpoint
from core.networks.checkpoints.guess import fitting
from core.networks.checkpoints.spec import LARGEST_RESIZE, describe
from core.networks.labels import CLASSES
from core.networks.load import load_network
from core.networks.weights.files import built, load_module
from core.values import Recipe
from tests.networks.checkpoints.made_checkpoints import kept, outline, renamed, shapes_of, sketched, state_of, zeros
from tests.networks.made_weights import write

NAME = "squeezenet1_1"  # the smallest


@pytest.fixture(scope="module")
def squeezenet(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    return kept(state_of(NAME), tmp_path_factory.mktemp("kept"))


@pytest.mark.parametrize(
    "model",
    [
        "googlenet", "mnasnet0_5", "mobilenet_v3_small", "regnet_y_400mf", "resnet18", "shufflenet_v2_x0_5",
        "squeezenet1_1",
    ],
)  # fmt: skip
def test_a_networks_logits_are_those_of_the_module_it_came_from(
    model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = state_of(model)
    settings = {"init_weights": False, "transform_input": True} if model == "googlenet" else {}
    module = models.get_model(model, num_classes=7, **settings)
    fitting_ones = module.state_dict()  # with the versions that MNASNet asks for
    fitting_ones.update((key, value) for key, value in state.items() if not key.startswith("aux"))
    module.load_state_dict(fitting_ones)
    monkeypatch.setattr(unpack, "_limit", lambda *limits, **more: None)
    monkeypatch.setattr(
        checkpoint,
        "_answer",
        lambda command, seconds: json.dumps(unpack.answer(*command[-3:-1], seconds)).encode(),
    )
    wrapped = {"epoch": 3, "state_dict": renamed(state, "", "net.backbone.")}
    read = read_checkpoint(write(wrapped, tmp_path / "mine.ckpt"), tmp_path / "copies", "mine.ckpt")
    (found,) = fitting(read)
    own = describe(read, found.model)
    x = torch.randn(1, 3, own.recipe.crop, own.recipe.crop)
    with torch.no_grad():
        torch.testing.assert_close(load_module(own)(x), module.eval()(x), rtol=1e-4, atol=1e-4)


def test_it_says_all_that_is_known_of_it(squeezenet: Checkpoint) -> None:
    own = describe(squeezenet, NAME)
    assert (own.title, own.model, own.recipe) == ("mine.pth", NAME, lookup(NAME).recipe)
    assert own.parameters == sum(p.numel() for p in models.squeezenet1_1(num_classes=7).parameters())
    assert own.categories == tuple(f"class {index}" for index in range(7))
    assert (own.weights.folder, own.weights.name) == (squeezenet.file.parent, squeezenet.file.name)
    assert (own.weights.url, own.weights.size) == ("", squeezenet.file.stat().st_size)


def test_its_name_changes_with_whatever_changes_what_is_shown(squeezenet: Checkpoint) -> None:
    recipe = lookup(NAME).recipe
    other = replace(squeezenet, digest="1" * 64)
    described = [
        describe(squeezenet, NAME),
        describe(squeezenet, NAME, labels="abcdefg"),
        describe(squeezenet, NAME, recipe=replace(recipe, mean=(0.5, 0.5, 0.5))),
        describe(squeezenet, NAME, outputs="sigmoid"),
        describe(other, NAME),
    ]
    assert len({own.name for own in described}) == 5
    assert all(len(own.name) == 20 and own.name.startswith("own-") for own in described)
    assert describe(squeezenet, NAME, recipe=recipe) == described[0]


def test_a_last_layer_in_another_wrapping_computes_the_same(tmp_path: Path) -> None:
    module = models.mobilenet_v3_small(num_classes=1000).eval()
    module.classifier[3] = nn.Sequential(nn.Dropout(0.5), nn.Linear(1024, 5)).eval()
    own = describe(kept(module.state_dict(), tmp_path), "mobilenet_v3_small")
    x = torch.randn(1, 3, 224, 224)
    with torch.no_grad():
        torch.testing.assert_close(load_module(own)(x), module(x))


@pytest.mark.parametrize("bias", [False, True])
def test_a_last_layer_with_a_bias_or_without_computes_the_same(bias: bool, tmp_path: Path) -> None:
    module = models.resnet18(num_classes=5).eval()
    module.fc = nn.Linear(512, 5, bias=bias)
    own = describe(kept(module.state_dict(), tmp_path), "resnet18")
    x = torch.randn(1, 3, 64, 64)
    with torch.no_grad():
        torch.testing.assert_close(load_module(own)(x), module(x))


def test_a_head_of_ones_own_has_torchs_epsilon_whatever_the_body_has(tmp_path: Path) -> None:
    state = {key: value for key, value in shapes_of("resnet18").items() if not key.startswith("fc.")}
    state |= zeros(**{"fc.0.weight": (512,), "fc.0.bias": (512,), "fc.1.weight": (7, 512)})
    known = replace(sketched(state, tmp_path), epsilons=((".*", 1e-12),))
    module = built(describe(known, "resnet18").build)
    assert (module.get_submodule("bn1").eps, module.get_submodule("fc.0").eps) == (1e-12, 1e-5)


def test_it_is_prepared_like_any_other(squeezenet: Checkpoint) -> None:
    network = load_network(describe(squeezenet, NAME), "cpu")
    assert network(torch.zeros(1, 3, 224, 224)).shape == (1, 7)
    assert network.coverage.full


class TestLabels:
    def test_are_the_categories(self, squeezenet: Checkpoint) -> None:
        assert describe(squeezenet, NAME, labels="abcdefg").categories == tuple("abcdefg")

    @pytest.mark.parametrize("count", [0, 6, 8])
    def test_have_to_be_as_many_as_the_classes(self, count: int, squeezenet: Checkpoint) -> None:
        with pytest.raises(CheckpointError, match=f"has 7 classes and there are {count} labels"):
            describe(squeezenet, NAME, labels=["x"] * count)

    def test_are_imagenets_for_1000_classes_unless_others_are_given(self, tmp_path: Path) -> None:
        full = kept(state_of(NAME, 1000), tmp_path)
        assert describe(full, NAME).categories == CLASSES
        assert describe(full, NAME, labels=list(map(str, range(1000)))).categories[999] == "999"


class TestOutputs:
    def test_are_not_taken_for_said(self, squeezenet: Checkpoint) -> None:
        assert describe(squeezenet, NAME).outputs == "assumed"
        assert describe(squeezenet, NAME, outputs="sigmoid").outputs == "sigmoid"

    @pytest.mark.parametrize(
        ("labels", "categories"),
        [
            (None, ("output", "opposite of the output")),
            (["mass"], ("mass", "not mass")),
            (["normal", "mass"], ("mass", "normal")),
        ],
    )
    def test_a_single_one_is_a_sigmoid_with_an_opposite(
        self, labels: list[str] | None, categories: tuple[str, str], tmp_path: Path
    ) -> None:
        own = describe(kept(state_of(NAME, 1), tmp_path), NAME, labels=labels)
        assert (own.outputs, own.has_opposite, own.categories) == ("sigmoid", True, categories)

    def test_a_single_one_is_not_one_of_several(self, tmp_path: Path) -> None:
        single = kept(state_of(NAME, 1), tmp_path)
        with pytest.raises(CheckpointError, match="not one of several classes"):
            describe(single, NAME, outputs="softmax")
        with pytest.raises(CheckpointError, match="there are 3 labels: give one or two"):
            describe(single, NAME, labels="abc")


class TestTheRecipe:
    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"crop": 15}, "input size has to be 16 to 1024 pixels, not 15"),
            ({"crop": 1025, "resize": 1025}, "input size has to be 16 to 1024 pixels, not 1025"),
            ({"resize": 223}, r"resized to 224 \(the input size\) to 2048 pixels, not 223"),
            ({"resize": LARGEST_RESIZE + 1}, "not 2049"),
            ({"interpolation": "nearest"}, "bilinear or bicubic"),
            ({"mean": (math.nan, 0.0, 0.0)}, "Mean and standard deviation"),
            ({"std": (1.0, math.inf, 1.0)}, "Mean and standard deviation"),
            ({"std": (1.0, 1.0, 0.0)}, "the latter above 0"),
            ({"std": (1.0, 1.0, -1.0)}, "the latter above 0"),
            ({"crop": 16}, "SqueezeNet 1.1 cannot take pictures of 16 pixels: set the input size to another one"),
        ],
    )
    def test_has_to_make_sense(self, change: dict[str, object], sentence: str, squeezenet: Checkpoint) -> None:
        with pytest.raises(CheckpointError, match=sentence):
            describe(squeezenet, NAME, recipe=replace(lookup(NAME).recipe, **change))

    @pytest.mark.parametrize(
        ("side", "recipe"),
        [
            (224, lookup("vit_b_32").recipe),
            (96, replace(lookup("vit_b_32").recipe, resize=110, crop=96)),
        ],
    )
    def test_of_a_vision_transformer_has_its_size(self, side: int, recipe: Recipe, tmp_path: Path) -> None:
        own = describe(sketched(shapes_of("vit_b_32", image_size=side), tmp_path), "vit_b_32")
        assert own.recipe == recipe
        assert built(own.build).image_size == side

    def test_of_a_vision_transformer_is_that_of_weights_of_the_same_size(self, tmp_path: Path) -> None:
        found = sketched(shapes_of("vit_b_16", image_size=384), tmp_path)
        assert describe(found, "vit_b_16").recipe == lookup("vit_b_16:IMAGENET1K_SWAG_E2E_V1").recipe
        with pytest.raises(CheckpointError, match=r"ViT-B/16 cannot take pictures of 224 .* input size to 384 pixels"):
            describe(found, "vit_b_16", recipe=lookup("vit_b_16").recipe)

    def test_may_be_another_size_for_a_network_that_is_built_for_one(self, tmp_path: Path) -> None:
        found = sketched(shapes_of("maxvit_t"), tmp_path)
        recipe = replace(lookup("maxvit_t").recipe, resize=448, crop=448)
        assert describe(found, "maxvit_t", recipe=recipe).recipe.crop == 448
        with pytest.raises(CheckpointError, match="cannot take pictures of 300"):
            describe(found, "maxvit_t", recipe=replace(recipe, crop=300))


def test_a_network_that_does_not_fit_is_refused(squeezenet: Checkpoint) -> None:
    with pytest.raises(CheckpointError, match=r"not hold a SqueezeNet 1.0: 'features.0.weight' is 64 × 3 × 3 × 3 and"):
        describe(squeezenet, "squeezenet1_0")


def test_indices_that_would_reach_out_of_bounds_are_refused(tmp_path: Path) -> None:
    state = shapes_of("swin_t")
    assert describe(sketched(state, tmp_path), "swin_t").categories[6] == "class 6"
    table = "features.1.0.attn.relative_position_index"
    state[table] = state[table] + 10**6
    with pytest.raises(CheckpointError, match=f"'{table}' holds other indices"):
        describe(sketched(state, tmp_path), "swin_t")


def test_a_copy_that_is_gone_is_an_error_in_a_sentence() -> None:
    with pytest.raises(CheckpointError, match="no longer there: give the file once more"):
        describe(outline(shapes_of(NAME)), NAME)
