"""What the state dict of a classifier looks like, as far as it is known without a file."""

import pytest
import torch
from torch import nn
from torchvision import models

from core.networks.checkpoints.layouts import build_with_bias, families, key_in, layout, parameters
from core.networks.weights.files import built


@pytest.mark.parametrize(
    ("model", "head", "place"),
    [
        ("resnet18", "fc", "fc"),
        ("mobilenet_v2", "classifier.1", "classifier"),  # dropout, then the layer
        ("squeezenet1_1", "classifier.1", "classifier.1"),  # its rectifier comes behind the layer
        ("vgg11", "classifier.6", "classifier.6"),
        ("vit_b_32", "heads.head", "heads"),
    ],
)
def test_the_head_and_its_place(model: str, head: str, place: str) -> None:
    assert (layout(model).head, layout(model).place) == (head, place)


def test_the_shapes_are_those_of_the_module_with_any_number_of_classes() -> None:
    module = built(lambda: models.resnet18(num_classes=7)).state_dict()
    expected = layout("resnet18").expected(7, bias=True)
    assert expected == {key: tuple(tensor.shape) for key, tensor in module.items()}
    assert list(expected) == list(module)


def test_a_bias_of_the_head_is_expected_or_not_whatever_torchvision_has() -> None:
    without, with_one = layout("resnet18").expected(7, bias=False), layout("maxvit_t").expected(7, bias=True)
    assert "fc.bias" not in without
    assert without["fc.weight"] == (7, 512)
    assert with_one["classifier.5.bias"] == (7,)  # torchvision's MaxViT has none


def test_whole_numbers_are_counters_and_indices() -> None:
    assert layout("vgg11").whole == frozenset()
    assert {key.rpartition(".")[2] for key in layout("resnet18").whole} == {"num_batches_tracked"}
    assert {key.rpartition(".")[2] for key in layout("swin_t").whole} == {"relative_position_index"}


def test_pictures_of_another_size_change_a_vision_transformer_and_no_resnet() -> None:
    positions = "encoder.pos_embedding"
    assert layout("vit_b_32").shapes[positions] == (1, (224 // 32) ** 2 + 1, 768)
    assert layout("vit_b_32", 96).shapes[positions] == (1, (96 // 32) ** 2 + 1, 768)
    assert layout("resnet18", 96) == layout("resnet18")


@pytest.mark.parametrize("bias", [False, True])
def test_a_head_is_built_with_a_bias_or_without_whatever_it_had(bias: bool) -> None:
    def build() -> nn.Module:
        return nn.Sequential(nn.Linear(3, 2, bias))

    assert set(build_with_bias(build, "0", False).state_dict()) == {"0.weight"}
    module = build_with_bias(build, "0", True)
    assert module.state_dict()["0.bias"].shape == (2,)
    with torch.no_grad():
        module[0].bias.zero_()  # type: ignore[index]
        assert module(torch.zeros(1, 3)).tolist() == [[0, 0]]


@pytest.mark.parametrize(
    ("model", "name", "key"),
    [
        ("resnet18", "fc.weight", "fc.weight"),
        (
            "densenet121",
            "features.denseblock1.denselayer1.norm.1.weight",
            "features.denseblock1.denselayer1.norm1.weight",
        ),
        ("googlenet", "aux1.fc1.weight", None),
        ("inception_v3", "AuxLogits.fc.weight", None),
        ("resnet18", "layer1.0.conv1.total_ops", None),
        ("resnet18", "total_params", None),
        ("resnet18", "anything.else", "anything.else"),
    ],
)
def test_a_name_is_todays_spelling_or_of_what_a_network_can_do_without(model: str, name: str, key: str | None) -> None:
    assert key_in(model, name) == key


def test_every_classifier_is_in_one_family_behind_the_smaller_ones() -> None:
    members = [model for family in families() for model in family]
    assert sorted(members) == sorted(models.list_models(module=models))
    assert all(list(family) == sorted(family, key=parameters) for family in families())
    assert ("vgg11", "vgg11_bn") in {family[:2] for family in families()}
    assert {"resnet18", "resnext50_32x4d", "wide_resnet50_2"} <= {*next(f for f in families() if "resnet18" in f)}


def test_parameters_are_counted_without_building() -> None:
    assert parameters("alexnet") == 61_100_840  # of Krizhevsky 2014 at 1000 classes
