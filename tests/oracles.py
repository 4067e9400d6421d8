"""Independent ways to the same numbers: nothing here uses the code under test."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest import mock

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def _rectifier(rule: str, ceiling: float) -> type[torch.autograd.Function]:
    class Rectifier(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.active = (x > 0) & (x < ceiling)
            return torch.where(x > 0, torch.where(x < ceiling, x, ceiling), torch.zeros_like(x))

        @staticmethod
        def backward(ctx, g):
            mask = {
                "vanilla": ctx.active,
                "guided": ctx.active & (g > 0),
                "deconvnet": g > 0,
            }[rule]
            return torch.where(mask, g, torch.zeros_like(g))

    return Rectifier


@contextmanager
def _every_rectifier(rule: str) -> Iterator[None]:
    """While this lasts, every spelling of ReLU and ReLU6 in PyTorch follows the rule."""
    relu, relu6 = _rectifier(rule, float("inf")).apply, _rectifier(rule, 6.0).apply
    patches = [
        (F, "relu", lambda x, inplace=False: relu(x)),
        (F, "relu_", relu),
        (F, "relu6", lambda x, inplace=False: relu6(x)),
        (torch, "relu", relu),
        (torch.Tensor, "relu", lambda self: relu(self)),
        (torch.Tensor, "relu_", lambda self: relu(self)),
        (nn.ReLU, "forward", lambda self, x: relu(x)),
        (nn.ReLU6, "forward", lambda self, x: relu6(x)),
    ]
    with ExitStack() as stack:
        for owner, name, replacement in patches:
            stack.enter_context(mock.patch.object(owner, name, replacement))
        yield


def patched_gradient(module: nn.Module, inputs: Tensor, targets: Tensor, rule: str) -> Tensor:
    """d logit[target] / d input of the untouched module, with PyTorch's own rectifiers patched."""
    leaf = inputs.clone().requires_grad_()
    with _every_rectifier(rule):
        logits = module(leaf)
    logits.gather(1, targets[:, None]).sum().backward(inputs=[leaf])
    return leaf.grad


def autograd_gradient(module: nn.Module, inputs: Tensor, targets: Tensor) -> Tensor:
    """d logit[target] / d input by plain automatic differentiation."""
    return logits_and_gradient(module, inputs, targets)[1]


def logits_and_gradient(module: nn.Module, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """What the module says of its inputs, and `autograd_gradient`, by one forward pass."""
    leaf = inputs.clone().requires_grad_()
    logits = module(leaf)
    logits.gather(1, targets[:, None]).sum().backward(inputs=[leaf])
    return logits.detach(), leaf.grad


def relative_error(found: Tensor, expected: Tensor) -> float:
    """max |found - expected| / max |expected|."""
    found, expected = found.detach(), expected.detach()  # torch warns once a process, in whichever test is first
    return float((found - expected).abs().max() / expected.abs().max())
