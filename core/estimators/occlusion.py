"""Occlusion: how much the score falls when a window of the picture is hidden."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import MethodError
from core.estimators.kinds import BASELINES, About, Choice, Number, ProbeSums, generator

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True)
class Occlusion:
    """window, stride: in pixels of the input, stride no larger. fill: what stands in the window."""

    window: int = 32
    stride: int = 16
    fill: str = "grey"

    def __post_init__(self) -> None:
        if self.stride > self.window:
            raise MethodError("The stride of occlusion must not be larger than its window, or some places stay seen.")

    @property
    def name(self) -> str:
        return "occlusion"

    @property
    def baseline(self) -> str:
        return self.fill

    @property
    def uses_probability(self) -> bool:
        return False

    def count(self, height: int, width: int) -> int:
        return len(self._starts(height)) * len(self._starts(width))

    def masks(self, height: int, width: int) -> Iterator[Tensor]:
        """In an order by chance, so that the first of them lie everywhere already; a last window may be smaller."""
        import torch

        corners = [(top, left) for top in self._starts(height) for left in self._starts(width)]
        for place in torch.randperm(len(corners), generator=generator(0)).tolist():
            top, left = corners[place]
            mask = torch.zeros(height, width)
            mask[top : top + self.window, left : left + self.window] = 1
            yield mask

    def finish(self, sums: ProbeSums) -> Tensor:
        """The mean fall over the windows that covered a pixel; 0 where none has."""
        covered = sums.masks.clamp(min=1)
        return (sums.whole[..., None, None] * sums.masks - sums.products) / covered

    def _starts(self, size: int) -> range:
        return range(0, max(0, size - self.window + self.stride - 1) // self.stride * self.stride + 1, self.stride)


ABOUT = About(
    title="Occlusion",
    short="occlusion",
    make=Occlusion,
    unit="logit",
    question="How much does the score fall when this place is hidden?",
    formula="f(x) − f(x with a window filled), mean over the windows that cover a pixel",
    cost="a forward pass a window: 169 at 224 pixels",
    caution="Occlusion shows what one window can hide: two copies of a thing hide each other's importance. As a JPEG "
    "file has the picture, its likeness to itself is 0.55.",
    source="Zeiler and Fergus 2014, section 4.2",
    paper="1311.2901",
    symbol="Δ logit",
    parameters=(
        Number("window", "Window, pixels", 8, 128, 1),
        Number("stride", "Stride, pixels", 4, 64, 1),
        Choice("fill", "Filled with", BASELINES),
    ),
    refusal="Occlusion only looks at the output: there is no backward pass to guide.",
    has_colours=False,
    backward=(),
    counts="windows",
    zero="hiding any of these places leaves the score as it is",
    is_signed=True,
    reduces="sum",
)
