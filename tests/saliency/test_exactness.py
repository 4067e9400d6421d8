"""float64 against independent oracles, for torchvision's own networks: the promise that the numbers are right."""

import warnings
from functools import cache

import pytest
import torch
from captum.attr import GuidedBackprop, Saliency
from torch import Tensor, nn
from torchvision import models

from core.networks.graph.network import Network
from core.networks.graph.prepare import prepare
from core.saliency.attribution import attribute
from tests.oracles import logits_and_gradient, patched_gradient, relative_error

# Captum sees only nn.ReLU modules: right for these, silently vanilla where a rectifier is a function or a ReLU6.
CAPTUM_IS_RIGHT = ("alexnet", "resnet18", "squeezenet1_1", "shufflenet_v2_x0_5", "mnasnet0_5")
NETWORKS = (
    *CAPTUM_IS_RIGHT,
    "vgg19",
    "resnet50",
    "densenet121",
    "googlenet",
    "inception_v3",
    "mobilenet_v2",
    "mobilenet_v3_small",
    "regnet_y_400mf",
)
# nn.ReLU calls, F.relu calls and ReLU6 calls, of all activations: counted by hand from torchvision's source
COVERAGE = {
    "alexnet": (7, 7), "vgg19": (18, 18), "resnet18": (17, 17), "resnet50": (49, 49), "densenet121": (121, 121),
    "googlenet": (57, 57), "inception_v3": (94, 94), "mobilenet_v2": (35, 35), "mobilenet_v3_small": (14, 33),
    "squeezenet1_1": (26, 26), "shufflenet_v2_x0_5": (37, 37), "mnasnet0_5": (35, 35), "regnet_y_400mf": (65, 65),
}  # fmt: skip
RULES = ("vanilla", "guided", "deconvnet")


def build(name: str) -> nn.Module:
    settings = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
    torch.manual_seed(len(name))
    module = models.get_model(name, weights=None, **settings).double().eval()
    for part in module.modules():  # BatchNorm that does something, or folding it would prove nothing
        if isinstance(part, nn.BatchNorm2d):
            part.running_mean.normal_(0, 0.1)
            part.running_var.uniform_(0.5, 1.5)
    return module


@cache
def case(name: str) -> tuple[nn.Module, Network, Tensor, Tensor]:
    module = build(name)
    side = 80 if name == "inception_v3" else 64  # its stem takes 75 pixels at least
    inputs = torch.randn(2, 3, side, side, dtype=torch.float64)
    return module, prepare(module), inputs, torch.tensor([3, 998])


@pytest.fixture(params=NETWORKS)
def name(request):
    yield request.param
    case.cache_clear()


def test_every_rule_equals_the_oracle_to_machine_precision(name):
    module, network, inputs, targets = case(name)
    maps = attribute(network, inputs, targets, rules=RULES)
    logits, gradient = logits_and_gradient(module, inputs, targets)
    assert relative_error(maps.logits, logits) <= 1e-12
    assert relative_error(maps["vanilla"], gradient) <= 1e-12
    for rule in RULES:
        assert relative_error(maps[rule], patched_gradient(module, inputs, targets, rule)) <= 1e-12, rule
    assert relative_error(maps["guided"], maps["vanilla"]) > 0.01
    if name in COVERAGE:
        assert (network.coverage.gated, network.coverage.total) == COVERAGE[name]
    if name in CAPTUM_IS_RIGHT:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Captum warns that it sets hooks and gradients
            saliency = Saliency(module).attribute(inputs, target=targets, abs=False)
            guided = GuidedBackprop(module).attribute(inputs, target=targets)
        assert relative_error(maps["vanilla"], saliency) <= 1e-12
        assert relative_error(maps["guided"], guided) <= 1e-12
