"""Guessing the architecture from names and shapes."""

import pytest
import torch

from core.networks.checkpoints.guess import fitting, misfit
from core.networks.checkpoints.layouts import families
from tests.networks.checkpoints.made_checkpoints import outline, renamed, shapes_of, zeros

HARD = (  # beside the smallest of each family, those that have another one's names
    "densenet169", "efficientnet_b2", "efficientnet_v2_s", "mnasnet1_0", "regnet_x_1_6gf", "resnet50", "resnet101",
    "resnext50_32x4d", "shufflenet_v2_x1_5", "squeezenet1_0", "swin_v2_t", "vgg13_bn", "vgg16", "vit_l_32",
    "wide_resnet50_2",
)  # fmt: skip


@pytest.mark.parametrize("model", [*(members[0] for members in families()), *HARD])
def test_a_network_is_recognised_alone_by_names_and_shapes(model: str) -> None:
    state = renamed(shapes_of(model, 12), "", "module.")
    (found,) = fitting(outline(state))
    assert (found.model, found.classes, found.prefix) == (model, 12, "module.")


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ({"big.": "resnet34"}, ["big.", "net."]),
        ({"teacher.": "resnet34"}, ["net.", "teacher."]),
        ({"big.": "vgg11"}, ["net.", "big."]),
        ({"ema.": "resnet18"}, ["net.", "ema."]),
        ({"key_encoder.": "resnet18", "a.": "resnet18"}, ["a.", "net.", "key_encoder."]),
    ],
)
def test_of_two_networks_in_a_file_the_trained_and_larger_one_comes_first(
    others: dict[str, str], expected: list[str]
) -> None:
    state = renamed(shapes_of("resnet18"), "", "net.")
    for prefix, model in others.items():
        state |= renamed(shapes_of(model), "", prefix)
    assert [match.prefix for match in fitting(outline(state))] == expected


def test_where_none_fits_the_closest_is_named_and_what_does_not_fit() -> None:
    state = {**shapes_of("resnet50"), "fc.0.weight": torch.empty(64, 2048), "fc.3.weight": torch.empty(7, 65)}
    state = {key: value for key, value in state.items() if key not in ("fc.weight", "fc.bias")}
    assert fitting(outline(state)) == ()
    assert misfit(outline(state)).startswith(
        "This is none of torchvision's classifiers. The closest one: The file does not hold a ResNet-50: "
        "its head has 2 layers with tensors ('fc.0' and 'fc.3') instead of one"
    )


def test_where_nothing_is_close_a_name_of_the_file_is_shown() -> None:
    strange = outline(zeros(**{"encoder.<b>": (2, 2)}))
    assert fitting(strange) == ()
    assert misfit(strange) == "None of torchvision's classifiers has tensors with names like 'encoder.·b·'."


def test_nothing_is_wrong_with_a_network_that_fits() -> None:
    assert misfit(outline(shapes_of("squeezenet1_1"))) == ""
