"""Which of the networks in a file are a model's, and which one is taken."""

from dataclasses import replace

import pytest
import torch

from core.errors import CheckpointError, UnknownNetwork
from core.networks.checkpoints.alike import look_alikes
from core.networks.checkpoints.match import UnusableWeights, match, matches
from tests.networks.checkpoints.made_checkpoints import State, outline, renamed, zeros

PLAIN = tuple(look_alikes("resnet18"))  # what is said of a file with nothing strange about it


@pytest.mark.parametrize(
    "prefix", ["", "module.", "_orig_mod.", "module._orig_mod.", "net.backbone.", "0.", "a.model.b.c.d.e.f."]
)
def test_names_may_begin_with_anything(prefix: str, resnet: State) -> None:
    found = match(outline(renamed(resnet, "", prefix)), "resnet18")
    assert (found.classes, found.prefix, found.ignored, found.notices) == (7, prefix, 0, PLAIN)
    assert found.keys == {f"{prefix}{key}": key for key in resnet}


@pytest.mark.parametrize(
    ("training", "average"), [("model.", "ema.module."), ("student.", "a_teacher."), ("online.", "target.")]
)
def test_of_two_networks_the_trained_one_is_taken(training: str, average: str, resnet: State) -> None:
    both = {**renamed(resnet, "", average), **renamed(resnet, "", training)}
    found = match(outline(both), "resnet18")
    assert found.prefix == training
    assert found.notices[0] == f"The file holds 2 such networks; the one behind '{training}' was taken."


def test_a_tensor_that_cannot_be_used_matters_only_where_it_is_needed(resnet: State) -> None:
    beside = replace(
        outline({**renamed(resnet, "", "net."), **zeros(queue=(3,))}), unusable={"queue": "'queue' is odd."}
    )
    assert match(beside, "resnet18").prefix == "net."
    needed = replace(beside, unusable={"net.conv1.weight": "'net.conv1.weight' holds NaN."})
    with pytest.raises(UnusableWeights, match=r"^'net.conv1.weight' holds NaN.$"):
        match(needed, "resnet18")


def test_of_two_networks_the_one_that_can_be_used_is_taken(resnet: State) -> None:
    both = outline({**renamed(resnet, "", "a."), **renamed(resnet, "", "b.")})
    assert match(replace(both, unusable={"a.fc.bias": "No."}), "resnet18").prefix == "b."


class TestSeveralNetworks:
    @pytest.mark.parametrize(
        ("first", "copy"),
        [
            ("encoder_q.", "encoder_k."),
            ("z_student.", "a_teacher."),
            ("model.", "ema."),
            ("zmodel.", "modelEMA."),
            ("zz.", "m.average_model."),
            ("query_encoder.", "key_encoder."),
            ("visual_encoder.", "visual_encoder_m."),
            ("online.", "momentum_encoder."),
            ("network.", "shadow."),
        ],
    )
    def test_can_be_chosen_among_and_a_copy_is_not_the_first(self, first: str, copy: str, resnet: State) -> None:
        both = outline({**renamed(resnet, "", copy), **renamed(resnet, "", first)})
        assert [found.place for found in matches(both, "resnet18")] == [first, copy]
        assert match(both, "resnet18").prefix == first
        assert match(both, "resnet18", copy).prefix == copy
        assert match(both, "resnet18", copy).is_a_copy

    def test_of_another_place_there_is_none(self, resnet: State) -> None:
        with pytest.raises(CheckpointError, match=r"holds no ResNet-18 behind 'b.': choose another"):
            match(outline(resnet), "resnet18", "b.")

    def test_of_one_body_with_several_heads_each_is_one(self, resnet: State) -> None:
        body = renamed({key: value for key, value in resnet.items() if not key.startswith("fc.")}, "", "body.")
        heads = zeros(**{"age.weight": (9, 512), "age.bias": (9,), "sex.weight": (2, 512), "sex.bias": (2,)})
        found = matches(outline({**body, **heads}), "resnet18")
        assert [(each.place, each.classes) for each in found] == [("body. + age", 9), ("body. + sex", 2)]


@pytest.mark.parametrize("model", ["resnet19", "efficientnet_lite0", "resnet50:IMAGENET1K_V1", ""])
def test_other_models_are_unknown(model: str, resnet: State) -> None:
    with pytest.raises(UnknownNetwork):
        match(outline(resnet), model)


def test_thousands_of_strange_names_take_no_time(resnet: State) -> None:
    names = [f"{'a.' * 200}{index}.fc.weight" for index in range(10_000)]
    with pytest.raises(CheckpointError, match="not in the file"):
        match(outline(dict.fromkeys(names, torch.empty(7, 512))), "resnet18")
