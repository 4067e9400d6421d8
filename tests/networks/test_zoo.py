"""Every classifier of torchvision, prepared: the same logits as the plain module, the same gradient as autograd."""

from collections.abc import Iterator

import pytest
import torch
from torch import nn

from core.networks.catalogue import lookup, names
from core.networks.coverage import coverage_of
from core.networks.efficientnet_lite import VARIANTS
from core.networks.graph.prepare import prepare
from core.networks.weights.files import built, without_training_heads
from core.saliency.attribution import attribute
from tests.networks.made_weights import randomised
from tests.oracles import logits_and_gradient, relative_error

LARGEST = 60e6  # parameters; beyond, all is of a smaller one too, but for how often (VGG: see test_exactness.py)
MODELS = sorted({lookup(name).model for name in names()})
SIDE, SMALL_SIDE = 48, {"inception_v3": 80, "alexnet": 64}  # pixels that their stems take at least
FIXED_SIDE = ("vit_", "maxvit_")  # the others take any size: small ones are quick


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Pictures are so small here that a second thread costs more than it brings."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def structure(model: str) -> nn.Module:
    return without_training_heads(built(lookup(model).build)).eval()


@pytest.mark.parametrize("model", MODELS)
def test_a_network_is_prepared_exactly(model: str) -> None:
    spec = lookup(model)
    if spec.parameters > LARGEST:
        assert prepare(structure(model).to("meta")).coverage == coverage_of(spec)
        pytest.skip(f"{spec.parameters / 1e6:.0f} M parameters are more than {LARGEST / 1e6:.0f} M: coverage alone")
    module = structure(model)
    module.load_state_dict(randomised(module.state_dict()), assign=True)
    module = module.double().requires_grad_(False)
    network = prepare(module)
    assert network.coverage == coverage_of(spec)
    side = spec.recipe.crop if model.startswith(FIXED_SIDE) else SMALL_SIDE.get(model, SIDE)
    image = torch.randn(1, 3, side, side, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    maps = attribute(network, image, rules=("vanilla",))
    logits, gradient = logits_and_gradient(module, image, maps.targets)
    assert relative_error(maps.logits, logits) < 1e-9
    assert relative_error(maps["vanilla"], gradient) < 1e-9


def test_the_networks_are_all_that_torchvision_has_and_three_more() -> None:
    assert len(MODELS) >= 83
    assert VARIANTS.keys() < set(MODELS)


def test_gates_that_never_see_the_picture_change_nothing() -> None:
    module = structure("swin_v2_t")
    module.load_state_dict(randomised(module.state_dict()), assign=True)
    maps = attribute(prepare(module.requires_grad_(False)), torch.randn(1, 3, 64, 64))
    assert torch.equal(maps["guided"], maps["vanilla"])
