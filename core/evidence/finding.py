"""What a test finds: a frozen value that says itself in words, in numbers, and by what shows it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.evidence.subject import Map

Figures = Mapping[str, tuple[float, ...]]  # by name; NaN where a figure would say nothing


def in_percent(probability: float) -> str:
    """Such as "39 %", "1.4 %", "0.01 %", "less than 0.01 %": what a class keeps may be very little."""
    if probability < 1e-4:
        return "less than 0.01 %"
    if probability >= 0.995:
        return f"{100 * probability:.1f} %" if probability < 0.9995 else "more than 99.9 %"
    return f"{100 * probability:.0f} %" if probability >= 0.1 else f"{100 * probability:.2g} %"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart. dots: whether its points are not joined."""

    name: str
    x: Sequence[float]
    y: Sequence[float]
    dots: bool = False


@dataclass(frozen=True, slots=True)
class Curves:
    """across, up: what the axes are. lines: the last is the one to look at. unit: " %" or nothing, of both axes.

    span: of the upright axis, None for that of the lines.
    """

    across: str
    up: str
    lines: tuple[Line, ...]
    unit: str = ""
    span: tuple[float, float] | None = None


class Finding(ABC):
    """What a test found."""

    __slots__ = ()

    @property
    @abstractmethod
    def figures(self) -> Figures:
        """In numbers, by which it can be told whether it was found again."""

    @abstractmethod
    def says(self, label: str, names: Sequence[str]) -> str:
        """In a sentence. label: the class that the map explains. names: of all classes."""

    def maps(self, own: Map, label: str, names: Sequence[str]) -> dict[str, Map]:
        """The maps that show it, by what they are; own: the one that was tested. {} if none do."""
        return {}

    def curves(self, label: str) -> Curves | None:
        """The curves that show it, None if none do."""
        return None
