"""RISE: which places, when they are seen, go with a higher probability of the class."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.estimators.kinds import About, Number, ProbeSums, generator

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True)
class Rise:
    """samples: random masks of cells x cells, each seen with probability `seen`; enlarged, shifted by chance."""

    samples: int = 2000
    cells: int = 7
    seen: float = 0.5
    seed: int = 0

    @property
    def name(self) -> str:
        return "rise"

    @property
    def baseline(self) -> str:
        return "grey"  # what is hidden is 0 of the normalised input

    @property
    def uses_probability(self) -> bool:
        return True

    def count(self, height: int, width: int) -> int:
        return self.samples

    def masks(self, height: int, width: int) -> Iterator[Tensor]:
        """Endless; soft at the edges of cells."""
        import torch

        drawn = generator(self.seed)
        rows, columns = math.ceil(height / self.cells), math.ceil(width / self.cells)
        size = (self.cells + 1) * rows, (self.cells + 1) * columns
        while True:
            grid = (torch.rand(1, 1, self.cells, self.cells, generator=drawn) < self.seen).float()
            top = int(torch.randint(rows, (), generator=drawn))
            left = int(torch.randint(columns, (), generator=drawn))
            large = torch.nn.functional.interpolate(grid, size, mode="bilinear", align_corners=False)[0, 0]
            yield 1 - large[top : top + height, left : left + width]

    def finish(self, sums: ProbeSums) -> Tensor:
        """Σ p m / (N · seen) - Σ p / N, m what is seen: 0 where seeing a place makes no difference."""
        seen = sums.scores[..., None, None] - sums.products
        return (seen / self.seen - sums.scores[..., None, None]) / sums.count


ABOUT = About(
    title="RISE",
    short="RISE",
    make=Rise,
    unit="probability",
    question="With which places in sight is the class more probable?",
    formula="mean of p(x ⊙ m) · m / seen, less the mean of p(x ⊙ m)",
    cost="a forward pass a mask, 2000 of them: minutes on a CPU",
    caution="RISE is chance: two runs of 2000 masks have a likeness of 0.86 where the network is sure (95 %), and of "
    "0.26 where it is not (39 %).",
    source="Petsiuk, Das, Saenko 2018; here less its mean, so that 0 is no effect",
    paper="1806.07421",
    symbol="Δ p",
    parameters=(
        Number("samples", "Masks", 50, 4000, 50),
        Number("cells", "Cells a side", 3, 15, 1),
        Number("seen", "Share that is seen", 0.1, 0.9, 0.05),
        Number("seed", "Seed of the masks", 0, 999, 1),
    ),
    refusal="RISE only looks at the output: there is no backward pass to guide.",
    has_colours=False,
    backward=(),
    counts="masks",
    grows="samples",
    zero="hiding any of these places leaves the score as it is",
    is_signed=True,
    reduces="sum",
)
