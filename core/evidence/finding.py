"""What a test finds: a frozen value that says itself in words and in numbers."""

from collections.abc import Mapping, Sequence
from typing import Protocol

Figures = Mapping[str, tuple[float, ...]]  # by name; NaN where a figure would say nothing


def in_percent(probability: float) -> str:
    """Such as "39 %", "1.4 %", "0.01 %", "less than 0.01 %": what a class keeps may be very little."""
    if probability < 1e-4:
        return "less than 0.01 %"
    return f"{100 * probability:.0f} %" if probability >= 0.1 else f"{100 * probability:.2g} %"


class Finding(Protocol):
    """What a test found."""

    @property
    def figures(self) -> Figures:
        """In numbers, by which it can be told whether it was found again."""

    def says(self, label: str, names: Sequence[str]) -> str:
        """In a sentence. label: the class that the map explains. names: of all classes."""
