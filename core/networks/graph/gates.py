"""Gates: rectifiers whose backward rule is chosen when the backward pass runs.

A gate computes min(max(x, 0), ceiling). On the way back it applies the rule that its call's `Ruling` holds at that
moment, so one forward pass serves every rule. The ruling travels with the call, never with the network: nothing is
shared between calls, and it makes no difference which thread autograd uses.
"""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor

from core.rules import RULES, Rule


class Ruling:
    """The rule in force for one call; made anew for each call, and set before each of its backward passes."""

    __slots__ = ("rule",)
    rule: Rule


class _Gate(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, ruling: Ruling, ceiling: float, in_place: bool) -> Tensor:  # noqa: ANN401
        ctx.ruling, ctx.ceiling = ruling, ceiling
        capped = ceiling < math.inf
        if in_place:  # as the network was written: other branches may count on finding x rectified
            y = x.clamp_(0, ceiling) if capped else x.relu_()
            ctx.mark_dirty(y)
        else:
            y = x.clamp(0, ceiling) if capped else x.relu()
        # What autograd saves too; so whatever may be overwritten there may be overwritten here.
        ctx.save_for_backward(x if capped else y)
        return y

    @staticmethod
    def backward(ctx: Any, cotangent: Tensor) -> tuple[Tensor, None, None, None]:  # noqa: ANN401
        (saved,) = ctx.saved_tensors
        rule: Rule = ctx.ruling.rule
        backward = _FUSED.get(rule.backward, partial(_by_definition, rule))
        return backward(cotangent, saved, ctx.ceiling), None, None, None


def _by_definition(rule: Rule, cotangent: Tensor, saved: Tensor, ceiling: float) -> Tensor:
    return rule.backward(cotangent, (saved > 0) & (saved < ceiling))


def _where_active(cotangent: Tensor, saved: Tensor, ceiling: float) -> Tensor:
    """cotangent * was_active, by autograd's own kernels for relu and hardtanh: the same at the corners."""
    if ceiling == math.inf:
        return torch.ops.aten.threshold_backward(cotangent, saved, 0)
    return torch.ops.aten.hardtanh_backward(cotangent, saved, 0, ceiling)


# What the table defines, in one pass over memory and without a mask. In place only on what was made here: autograd may
# share the tensor that it hands over.
_FUSED: dict[Callable[..., Tensor], Callable[[Tensor, Tensor, float], Tensor]] = {
    RULES["vanilla"].backward: _where_active,
    RULES["guided"].backward: lambda cotangent, saved, ceiling: _where_active(cotangent, saved, ceiling).clamp_(min=0),
    RULES["deconvnet"].backward: lambda cotangent, saved, ceiling: cotangent.clamp(min=0),
}


def gate(x: Tensor, ruling: Ruling, ceiling: float = math.inf, in_place: bool = False) -> Tensor:
    """min(max(x, 0), ceiling) of any shape, whose backward pass follows the ruling; in place it overwrites x."""
    return _Gate.apply(x, ruling, ceiling, in_place)
