"""Integrated gradients: against Captum, and what they add up to."""

import pytest
import torch
from captum.attr import IntegratedGradients
from torch import nn

from core.estimators.path import Path
from core.networks.graph.prepare import prepare
from core.saliency.attribution import attribute
from tests.estimators.made import RECIPE, module, picture
from tests.oracles import relative_error


@pytest.mark.parametrize("baseline", ["grey", "black", "white"])
def test_integrated_gradients_equal_captums(baseline):
    own, image = module(), picture()
    value = {"grey": None, "black": 0.0, "white": 1.0}[baseline]
    mean, std = (torch.tensor(each, dtype=torch.float64).view(1, 3, 1, 1) for each in (RECIPE.mean, RECIPE.std))
    start = torch.zeros_like(image) if value is None else ((value - mean) / std).expand_as(image)
    expected = IntegratedGradients(own).attribute(image, start, target=0, n_steps=16)
    text = f"ig:16:{baseline}" if baseline != "grey" else "ig:16"
    maps = attribute(prepare(own), image, 0, methods=text, recipe=RECIPE)
    assert relative_error(maps[text], expected) < 1e-7  # Captum's steps are of float32
    difference = (own(image) - own(start))[0, 0].detach()
    assert float(maps.checks[text]) == pytest.approx(float(maps[text].sum() / difference), rel=1e-9)


def test_integrated_gradients_of_a_smooth_network_add_up_exactly():
    torch.manual_seed(0)
    smooth = nn.Sequential(nn.Conv2d(3, 4, 3, 2), nn.Softplus(), nn.Flatten(), nn.Linear(900, 3)).double()
    maps = attribute(prepare(smooth), picture(), 0, methods="ig")
    assert float(maps.checks["ig"]) == pytest.approx(1, abs=1e-9)


def test_integrated_gradients_begin_with_points_all_over_the_way():
    path = Path()
    points = [float(point.mean()) for point, _ in path.points(torch.ones(1, 2, 2), torch.zeros(1, 2, 2))]
    assert len(points) == len(set(points)) == 64
    for quarter in range(4):
        assert any(quarter / 4 <= point < (quarter + 1) / 4 for point in points[:8])
    weights = [weight for _, weight in path.points(torch.ones(1, 2, 2), torch.zeros(1, 2, 2))]
    assert sum(weights) == pytest.approx(1, abs=1e-12)
