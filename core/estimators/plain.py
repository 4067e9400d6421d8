"""The gradient itself, and the gradient times the input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.estimators.kinds import About

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True)
class Plain:
    """g(x) = df/dx at the picture."""

    @property
    def name(self) -> str:
        return "plain"

    def at_picture(
        self, rule: str, gradients: Mapping[str, Tensor], inputs: Tensor, layer: tuple[Tensor, Tensor] | None
    ) -> Tensor:
        return gradients[rule]


@dataclass(frozen=True, slots=True)
class TimesInput:
    """x · g(x), of the normalised input."""

    @property
    def name(self) -> str:
        return "timesinput"

    def at_picture(
        self, rule: str, gradients: Mapping[str, Tensor], inputs: Tensor, layer: tuple[Tensor, Tensor] | None
    ) -> Tensor:
        return inputs * gradients[rule]


ABOUT_PLAIN = About(
    title="Gradient",
    short="",
    make=Plain,
    unit="logit / σ",
    question="Which pixels would change the score most, if they changed a little?",
    formula="g(x) = ∂f/∂x",
    cost="one backward pass",
    caution="",  # each rule has its own
    source="Simonyan, Vedaldi, Zisserman 2014",
    paper="1312.6034",
    rules=None,
)
ABOUT_TIMES_INPUT = About(
    title="Input × gradient",
    short="input × gradient",
    make=TimesInput,
    unit="logit",
    question="How much does each pixel, as it is, add to the score if the network were a straight line?",
    formula="x · g(x), summed over the colours",
    cost="as vanilla",
    caution="Input × gradient counts mid-grey as nothing, since the input is normalised: a grey object stays dark. "
    "Under noise that nobody sees its likeness to itself is 0.54.",
    source="Shrikumar et al. 2016",
    paper="1605.01713",
    symbol="Σ x·g",
    refusal="Input × gradient means something with the true gradient alone: choose it with vanilla.",
    is_signed=True,
    reduces="sum",
)
