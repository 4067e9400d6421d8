"""Integrated gradients: what each pixel adds to the score on the straight way from a baseline to the picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.estimators.kinds import BASELINES, About, Choice, Number

if TYPE_CHECKING:
    from torch import Tensor

_NEAR = 0.1  # of the whole: a sum that is further off is not one yet


@dataclass(frozen=True, slots=True)
class Path:
    """(x - b) · ∫ g(b + a (x - b)) da by Gauss-Legendre with so many steps."""

    steps: int = 64
    baseline: str = "grey"

    @property
    def name(self) -> str:
        return "ig"

    @property
    def adds_up(self) -> bool:
        return True

    @property
    def count(self) -> int:
        return self.steps

    @property
    def needs_squares(self) -> bool:
        return False

    @property
    def points_key(self) -> object:
        return self

    def points(self, image: Tensor, baseline: Tensor) -> Iterator[tuple[Tensor, float]]:
        """In an order in which the first of them are spread over the whole way already."""
        nodes, weights = np.polynomial.legendre.leggauss(self.steps)
        for place in _spread_out(self.steps):
            alpha = (float(nodes[place]) + 1) / 2
            yield baseline + alpha * (image - baseline), float(weights[place]) / 2

    def finish(self, moments: Tensor, weight: float, image: Tensor, baseline: Tensor) -> Tensor:
        return (image.double() - baseline.double()) * moments[0] / weight


def _spread_out(count: int) -> list[int]:
    """0 to count - 1 with reversed bits, as van der Corput."""
    bits = max(1, (count - 1).bit_length())
    places = (int(f"{number:0{bits}b}"[::-1], 2) for number in range(2**bits))
    return [place for place in places if place < count]


def _sum(share: float) -> str:
    said = f"adds up to {100 * share:.0f} %".replace("-", "−")
    return said if abs(share - 1) <= _NEAR else f"{said}: take more steps"


ABOUT = About(
    title="Integrated gradients",
    short="integrated gradients",
    make=Path,
    unit="logit",
    question="How much did each pixel add to the score, between an empty picture and this one?",
    formula="(x − b) · ∫₀¹ g(b + a (x − b)) da, summed over the colours",
    cost="as many forward and backward passes as steps",
    caution="Integrated gradients answer for one baseline: what looks like it counts as nothing. Under noise that "
    "nobody sees their likeness to themselves is 0.59.",
    source="Sundararajan, Taly, Yan 2017",
    paper="1703.01365",
    symbol="Σ IG",
    parameters=(Number("steps", "Steps", 8, 256, 1), Choice("baseline", "From", BASELINES)),
    refusal="Integrated gradients add up to the score only with the true gradient: choose them with vanilla.",
    is_signed=True,
    counts="steps",
    says=_sum,
    reduces="sum",
)
