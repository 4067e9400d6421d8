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
    def forward(ctx: Any, x: Tensor, ruling: Ruling, ceiling: float) -> Tensor:  # noqa: ANN401
        # Not in place: the convolution before may share x with another branch.
        y = x.relu() if ceiling == math.inf else x.clamp(0, ceiling)
        ctx.save_for_backward(y)
        ctx.ruling, ctx.ceiling = ruling, ceiling
        return y

    @staticmethod
    def backward(ctx: Any, cotangent: Tensor) -> tuple[Tensor, None, None]:  # noqa: ANN401
        rule = ctx.ruling.rule
        if rule.masked:
            (y,) = ctx.saved_tensors
            # autograd's own kernels for relu and hardtanh: one fused pass, and the same answer at the corners
            if ctx.ceiling == math.inf:
                cotangent = torch.ops.aten.threshold_backward(cotangent, y, 0)
            else:
                cotangent = torch.ops.aten.hardtanh_backward(cotangent, y, 0, ctx.ceiling)
        if rule.positive:  # in place only on what was made here: autograd may share the tensor it hands over
            cotangent = cotangent.clamp_(min=0) if rule.masked else cotangent.clamp(min=0)
        return cotangent, None, None


def gate(x: Tensor, ruling: Ruling, ceiling: float = math.inf) -> Tensor:
    """min(max(x, 0), ceiling), whose backward pass follows the ruling; any shape, x is left untouched."""
    return _Gate.apply(x, ruling, ceiling)
