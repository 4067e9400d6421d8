"""What is tested: the part of a selection that says which map, and what more is asked of it than usual."""

from dataclasses import dataclass

ALL = "all"
ON_DEMAND = ("cascade", "road")  # tests that cost much or are for readers of papers: made where a reader asks
HIDDEN = tuple(range(0, 101, 10))  # percent


@dataclass(frozen=True, slots=True)
class MapName:
    """A map of a grid, by what it is of. source: a method's text, or a reference's name."""

    network: str
    target: int
    source: str

    def __str__(self) -> str:
        return f"{self.network},{self.target},{self.source}"

    @classmethod
    def parse(cls, text: str) -> "MapName":
        """The inverse of str(); raises ValueError for what has not three parts, or no class in the middle."""
        network, target, source = text.split(",")
        return cls(network, int(target), source)


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """map: the text of a MapName, ALL, or "" for the grid's first. more: tests that are made on demand.

    hidden: how much of the picture is hidden where that is shown, percent of the cells, one of HIDDEN.
    """

    map: str = ""
    more: tuple[str, ...] = ()
    hidden: int = 20
