"""ROAD by cells, on a network whose answer is known."""

import numpy as np
import pytest
import torch
from torch import nn

from core.evidence.cells import cells_of, first_cells, ranked
from core.evidence.imputation import imputed
from core.evidence.road import SHARES, Road, road
from core.evidence.subject import OfReference
from core.images.framing import deprocess
from core.networks.graph.prepare import prepare
from core.values import Recipe

SIDE = 96
RECIPE = Recipe(SIDE, SIDE, "bilinear", (0.5, 0.4, 0.3), (0.2, 0.25, 0.3))


class OneCell(nn.Module):
    """Two classes by the red of one cell, the third of the second row."""

    def __init__(self):
        super().__init__()
        self.gain = nn.Parameter(torch.tensor(8.0))

    def forward(self, x):
        red = x[:, 0, 16:32, 32:48].mean((1, 2)) * self.gain
        return torch.stack([-red, red], 1)


@pytest.fixture(scope="module")
def network():
    return prepare(OneCell())


def picture(network):
    """Black, but for that cell."""
    pixels = torch.zeros(1, 3, SIDE, SIDE)
    pixels[:, :, 16:32, 32:48] = 1
    mean, std = (torch.tensor(each).view(3, 1, 1) for each in (RECIPE.mean, RECIPE.std))
    return (pixels - mean) / std


def ask(network, marked, seed=0):
    shown = picture(network)
    made = np.zeros((SIDE, SIDE), np.float32)
    y, x = marked
    made[16 * y : 16 * y + 16, 16 * x : 16 * x + 16] = 1
    subject = OfReference(network=network, inputs=shown, target=1, recipe=RECIPE, seed=seed, make=lambda pixels: made)
    return road(subject, subject.map()), made, shown


def test_a_map_that_marks_what_the_network_reads_loses_the_class_at_once(network):
    found, *_ = ask(network, (1, 2))
    assert found.whole > 0.99
    assert (found.strongest < 0.01).all()
    np.testing.assert_allclose(found.weakest, found.whole, atol=1e-9)
    assert found.says("cup", ()).startswith("With its strongest cells mended from around them, cup has ")


def test_each_picture_is_mended_before_it_is_normalised(network):
    found, made, shown = ask(network, (4, 4), seed=2)
    order = ranked(cells_of(made), 2)
    mean, std = (np.asarray(each)[:, None, None] for each in (RECIPE.mean, RECIPE.std))
    pixels = shown[0].numpy() * std + mean
    np.testing.assert_allclose(pixels, deprocess(shown[0].numpy(), RECIPE).transpose(2, 0, 1) / 255, atol=1e-6)
    for masks, values in ((first_cells(order, SIDE, SIDE, SHARES), found.strongest),):
        for missing, value in zip(masks.numpy(), values, strict=True):
            red = ((imputed(pixels, missing, 2)[0] - 0.5) / 0.2)[16:32, 32:48].mean() * 8
            assert value == pytest.approx(1 / (1 + np.exp(-2 * red)), abs=1e-6)


def test_a_map_that_is_the_same_everywhere_has_no_strongest_cells(network):
    subject = OfReference(
        network=prepare(nn.Sequential(nn.Flatten(), nn.Linear(3 * 32 * 32, 2))), inputs=torch.zeros(1, 3, 32, 32),
        target=0, recipe=RECIPE, make=lambda pixels: np.ones((32, 32), np.float32),
    )  # fmt: skip
    assert road(subject, subject.map()) is None


def test_its_figures_are_its_curves():
    found = Road(np.linspace(0.3, 0.1, 7), np.linspace(0.5, 0.4, 7), 0.5)
    assert found.says("cup", ()).count("%") == 3
    assert "20 % on average, with its weakest 45 %, in the whole picture 50 %." in found.says("cup", ())
    assert found.figures["whole"] == (0.5,)
    sure = Road(np.full(7, 1e-7), np.full(7, 0.999), 1.0).says("cup", ())
    assert "has less than 0.01 % on average, with its weakest 99.9 %, in the whole picture more than 99.9 %." in sure
