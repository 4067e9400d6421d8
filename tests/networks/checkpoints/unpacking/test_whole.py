"""Weights that torch keeps in several tensors: made whole, they are those that the owner's module computes with."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils import parametrizations, prune, spectral_norm, weight_norm

from core.networks.checkpoints.unpacking.whole import made_whole


def _linear() -> nn.Module:
    torch.manual_seed(0)
    return nn.Linear(5, 4)


def _convolution() -> nn.Module:
    torch.manual_seed(0)
    return nn.Conv2d(6, 4, 3, groups=2)


def _trained(module: nn.Module) -> nn.Module:
    """After a step of training, so that what is kept is no longer what it began with."""
    torch.manual_seed(1)
    for parameter in module.parameters():
        parameter.data += torch.rand_like(parameter) / 10
    module.train()
    module(torch.randn(2, 6, 5, 5) if isinstance(module, nn.Conv2d) else torch.randn(2, 5))
    return module.eval()


def _pruned(module: nn.Module) -> nn.Module:
    prune.l1_unstructured(module, "weight", 0.5)
    prune.random_unstructured(module, "bias", 2)
    return module


KEPT: dict[str, Callable[[nn.Module], nn.Module]] = {
    "pruned": _pruned,
    "pruned in rows": lambda module: prune.ln_structured(module, "weight", 1, n=2, dim=0),
    "weight norm, before": lambda module: weight_norm(module),
    "weight norm, before, along the input": lambda module: weight_norm(module, dim=1),
    "weight norm, before, of all": lambda module: weight_norm(module, dim=None),
    "weight norm": lambda module: parametrizations.weight_norm(module),
    "weight norm, along the input": lambda module: parametrizations.weight_norm(module, dim=1),
    "spectral norm, before": lambda module: spectral_norm(module),
    "spectral norm": lambda module: parametrizations.spectral_norm(module),
}


@pytest.mark.parametrize("make", [_linear, _convolution])
@pytest.mark.parametrize("kept", KEPT)
@pytest.mark.filterwarnings("ignore:.*weight_norm.*deprecated:FutureWarning")
def test_a_weight_is_what_its_owner_computes_with(kept: str, make: Callable[[], nn.Module]) -> None:
    module = _trained(KEPT[kept](make()))
    whole = made_whole({f"net.{name}": value for name, value in module.state_dict().items()})
    assert whole.keys() == {"net.weight", "net.bias"}
    plain = make()
    plain.load_state_dict({name.removeprefix("net."): value for name, value in whole.items()})
    x = torch.randn(3, 6, 5, 5) if isinstance(plain, nn.Conv2d) else torch.randn(3, 5)
    torch.testing.assert_close(plain(x), module(x), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(
    "tensors",
    [
        {"weight_orig": torch.ones(2, 3)},
        {"weight_orig": torch.ones(2, 3), "weight_mask": torch.ones(3, 2)},
        {"weight_orig": torch.ones(2, 3), "weight_u": torch.ones(3), "weight_v": torch.ones(3)},
        {"weight_g": torch.ones(2, 3), "weight_v": torch.ones(2, 3)},
        {"weight_g": torch.ones(5, 1), "weight_v": torch.ones(2, 3)},
        {"weight": torch.ones(2), "weight_orig": torch.ones(2), "weight_mask": torch.ones(2)},
        {"my_weight_orig": torch.ones(2), "my_weight_mask": torch.ones(2)},
    ],
)
def test_what_does_not_belong_together_is_left_as_it_is(tensors: dict[str, Tensor]) -> None:
    assert made_whole(tensors) == tensors
