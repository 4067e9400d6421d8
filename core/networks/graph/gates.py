"""Gates: rectifiers whose backward rule is chosen when the backward pass runs.

A gate computes min(max(x, 0), ceiling). On the way back it applies the rule that its call's `Ruling` holds at that
moment, so one forward pass serves every rule. The ruling travels with the call, never with the network: nothing is
shared between calls, and it makes no difference which thread autograd uses.
"""

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Rule:
    """What a rectifier does with the cotangent g of its output.

    masked: g passes only where the rectifier was active (0 < x, and x < ceiling for ReLU6).
    positive: only positive g passes.
    """

    masked: bool
    positive: bool


RULES: dict[str, Rule] = {
    "vanilla": Rule(masked=True, positive=False),  # the gradient itself; Simonyan et al. 2014, arXiv:1312.6034
    "guided": Rule(masked=True, positive=True),  # Springenberg et al. 2015, arXiv:1412.6806, section 3.4
    "deconvnet": Rule(masked=False, positive=True),  # Zeiler and Fergus 2014, arXiv:1311.2901, section 2.1
}


class Ruling:
    """The rule in force for one call; made anew for each call and changed between its backward passes."""

    __slots__ = ("rule",)

    def __init__(self, rule: Rule = RULES["vanilla"]) -> None:
        self.rule = rule


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
        rule = ctx.ruling.rule
        if rule.masked:
            (saved,) = ctx.saved_tensors
            # autograd's own kernels for relu and hardtanh: one fused pass, and the same answer at the corners
            if ctx.ceiling == math.inf:
                cotangent = torch.ops.aten.threshold_backward(cotangent, saved, 0)
            else:
                cotangent = torch.ops.aten.hardtanh_backward(cotangent, saved, 0, ctx.ceiling)
        if rule.positive:  # in place only on what was made here: autograd may share the tensor it hands over
            cotangent = cotangent.clamp_(min=0) if rule.masked else cotangent.clamp(min=0)
        return cotangent, None, None, None


def gate(x: Tensor, ruling: Ruling, ceiling: float = math.inf, in_place: bool = False) -> Tensor:
    """min(max(x, 0), ceiling) of any shape, whose backward pass follows the ruling; in place it overwrites x."""
    return _Gate.apply(x, ruling, ceiling, in_place)
