"""Where deconvnet does not see the picture."""

import pytest
import torch
from torch import nn
from torchvision import models

from core.networks.graph.prepare import prepare
from core.networks.graph.sight import deconvnet_is_blind
from core.saliency.attribution import attribute


@pytest.mark.parametrize(
    ("name", "blind"),
    [("mobilenet_v2", True), ("mnasnet0_5", True), ("resnet18", False), ("alexnet", False), ("squeezenet1_1", False),
     ("mobilenet_v3_small", False), ("shufflenet_v2_x0_5", False), ("regnet_y_400mf", False)],
)  # fmt: skip
def test_it_is_blind_where_its_map_is_the_same_for_two_pictures(name, blind):
    torch.manual_seed(0)
    network = prepare(models.get_model(name, weights=None).double())
    one, other = torch.randn(2, 1, 3, 64, 64, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    maps = [attribute(network, image, 3, ("deconvnet",))["deconvnet"] for image in (one, other)]
    assert torch.equal(*maps) == blind
    assert deconvnet_is_blind(network) == blind


class Gated(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.head = nn.Conv2d(3, 4, 3), nn.Linear(4, 2)

    def forward(self, x):
        x = torch.relu(self.conv(x))
        return self.head((x * x.mean((2, 3), keepdim=True)).mean((2, 3)))


def test_a_product_of_two_that_see_is_seen_through():
    assert not deconvnet_is_blind(prepare(Gated()))


def test_one_rectifier_between_linear_steps_is_blind():
    assert deconvnet_is_blind(prepare(nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(144, 2))))
