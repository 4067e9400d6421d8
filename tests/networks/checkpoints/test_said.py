"""What files say beside their weights is read, and nothing is believed that cannot be."""

import pytest
import torch
from torch import nn
from torchvision import models

from core.networks.checkpoints.checkpoint import read_checkpoint
from core.networks.checkpoints.guess import fitting
from core.networks.checkpoints.said import said_by
from core.networks.checkpoints.spec import describe
from core.networks.load import load_network
from tests.networks.checkpoints.made_checkpoints import state_of
from tests.networks.made_weights import write

MEAN, STD = [0.1, 0.2, 0.3], [0.4, 0.5, 0.6]


@pytest.mark.parametrize(
    ("notes", "crop", "resize"),
    [
        ({"img_size": 299}, 299, None),
        ({"image_size": [3, 192, 192], "resize": 220}, 192, 220),
        ({"input_size": [160, 160]}, 160, None),
        ({"crop_size": 224, "img_size": 256}, 224, None),
        ({"img_size": [200, 300]}, None, None),
        ({"img_size": 7}, None, None),
        ({"img_size": "224"}, None, None),
        ({"img_size": 224.0}, None, None),
        ({"img_size": []}, None, None),
        ({}, None, None),
    ],
)
def test_sizes_are_whole_numbers_of_pixels(notes, crop, resize):
    said = said_by(notes, {})
    assert (said.crop, said.resize) == (crop, resize)
    assert len(said.notices) == (crop is not None) + (resize is not None)


@pytest.mark.parametrize(
    ("notes", "names"),
    [
        ({"class_names": ["cat", "dog"]}, ("cat", "dog")),
        ({"class_to_idx": {"dog": 1, "cat": 0}}, ("cat", "dog")),
        ({"idx_to_class": {"0": "cat", "1": "dog"}}, ("cat", "dog")),
        ({"id2label": {"1": "dog", "0": "cat"}}, ("cat", "dog")),
        ({"classes": 2, "labels": ["cat", "dog"]}, ("cat", "dog")),
        ({"classes": ["a", "b", "c"]}, None),
        ({"classes": [0, 1]}, None),
        ({"class_to_idx": {"cat": 0, "dog": 2}}, None),
    ],
)
def test_names_of_classes_are_those_of_the_right_number(notes, names):
    assert said_by(notes, {}).labels_for(2)[1] == names


def test_a_single_output_may_have_one_name_or_two():
    assert said_by({"classes": ["normal", "mass"]}, {}).labels_for(1) == ("classes", ("normal", "mass"))
    assert said_by({"classes": ["a", "b", "c"]}, {}).labels_for(1) == ("", None)


def test_normalisations_that_differ_are_none():
    said = said_by({"mean": MEAN, "std": STD}, {("teacher.mean", "teacher.std"): ((0.5,) * 3, (0.5,) * 3)})
    assert said.normalisation is None
    assert "several normalisations" in said.notices[-1]


@pytest.mark.parametrize("mean", ["0.5", [None, 1, 2], [0.5, 0.5], [9e9] * 3])
def test_values_that_are_none_are_named_and_not_used(mean):
    said = said_by({"mean": mean, "std": STD}, {})
    assert said.normalisation is None
    assert "'mean' and 'std' were not used" in said.notices[0]


class Normalised(nn.Module):
    """A network that normalises its input by values that it keeps, as its owner calls it: with pixels in [0, 1]."""

    def __init__(self, network: nn.Module, mean: str, shape: tuple[int, ...], scale: float) -> None:
        super().__init__()
        self.model, self.scale = network, scale
        self.names = mean, mean.replace("mean", "std")
        for name, values in zip(self.names, (MEAN, STD), strict=True):
            self.register_buffer(name, torch.tensor(values).reshape(shape) * scale)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        mean, std = (self.get_buffer(name).reshape(3, 1, 1) for name in self.names)
        return self.model((pixels * self.scale - mean) / std)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("mean", "shape", "scale"),
    [("mean", (3,), 1), ("new_mean", (3, 1, 1), 1), ("mean", (1, 3, 1, 1), 255), ("pixel_mean", (3, 1, 1), 255)],
)
def test_a_normalisation_in_the_file_is_the_recipe(mean, shape, scale, tmp_path):
    spec, owners = _given(tmp_path, lambda model: Normalised(model, mean, shape, scale))
    pixels = torch.rand(2, 3, 96, 96, generator=torch.Generator().manual_seed(1))
    normalised = (pixels - torch.tensor(spec.recipe.mean).view(3, 1, 1)) / torch.tensor(spec.recipe.std).view(3, 1, 1)
    with torch.no_grad():
        expected = owners(pixels)
    torch.testing.assert_close(load_network(spec, "cpu")(normalised), expected, atol=1e-5, rtol=1e-5)


def _given(folder, wrapped):
    """The spec of a file that holds a wrapped network, and the network as its owner has it."""
    model = models.squeezenet1_1(num_classes=7)
    model.load_state_dict(state_of("squeezenet1_1"))
    owners = wrapped(model).eval()
    read = read_checkpoint(write(owners.state_dict(), folder / "mine.pth"), folder / "copies", "mine.pth")
    (found, *_) = fitting(read)
    return describe(read, found.model), owners


@pytest.mark.usefixtures("here")
def test_what_training_wrote_beside_the_weights_is_proposed(tmp_path):
    content = {
        "state_dict": state_of("squeezenet1_1"),
        "hyper_parameters": {"data": {"img_size": 192, "mean": MEAN, "std": STD}, "lr": 0.1},
        "class_to_idx": {name: index for index, name in enumerate("abcdefg")},
        "optimizer": {"state": {0: {"step": 3}}, "param_groups": [{"lr": 0.1}]},
        "best": float("nan"),
        "huge": 10**400,
    }
    read = read_checkpoint(write(content, tmp_path / "mine.ckpt"), tmp_path / "copies", "mine.ckpt")
    spec = describe(read, "squeezenet1_1")
    assert (spec.recipe.crop, spec.recipe.resize) == (192, 219)
    assert (spec.recipe.mean, spec.recipe.std) == (tuple(MEAN), tuple(STD))
    assert spec.categories == tuple("abcdefg")
