"""What looks the same and is another network is said; which ones these are is timm's own to tell."""

import re
from dataclasses import replace

import pytest
import timm
import torch

from core.networks.checkpoints.alike import look_alikes
from core.networks.checkpoints.layouts import families, layout
from core.networks.checkpoints.match import match
from tests.networks.checkpoints.made_checkpoints import outline, shapes_of

RESNETS = next(members for members in families() if "resnet18" in members)


def shapes(module: torch.nn.Module) -> dict[str, tuple[int, ...]]:
    return {key: tuple(value.shape) for key, value in module.state_dict().items()}


@pytest.mark.parametrize("model", ["resnet18", "resnet34", "resnet50", "resnet101"])
def test_every_resnet_of_timm_with_the_same_tensors_is_named(model: str) -> None:
    with torch.device("meta"):
        theirs = {
            name: shapes(timm.create_model(name)) for name in timm.list_models(f"resnet*{model.removeprefix('resnet')}")
        }
    same = {name for name, found in theirs.items() if found == theirs[model]}
    assert theirs[model].keys() == layout(model).shapes.keys()
    assert {*re.findall(r"resnet\w+", " ".join(look_alikes(model)))} == same - {model}


@pytest.mark.parametrize("model", RESNETS)
def test_every_network_whose_strides_can_be_in_either_of_two_convolutions_is_told_so(model: str) -> None:
    has_bottlenecks = "layer1.0.conv3.weight" in layout(model).shapes
    assert ("halves pictures in its 1 × 1 convolutions" in " ".join(look_alikes(model))) == has_bottlenecks


def test_the_sentence_stands_with_what_else_is_assumed_and_only_where_names_leave_it_open() -> None:
    known = outline(shapes_of("resnet18"))
    sentence = "Read as torchvision's ResNet-18; the weights of timm's resnetblur18 look the same."
    assert match(known, "resnet18").notices == (sentence,)
    assert match(replace(known, is_renamed=True), "resnet18").notices == ()
    assert match(outline(shapes_of("resnet34")), "resnet34").notices == ()
