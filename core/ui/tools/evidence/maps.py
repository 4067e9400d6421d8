"""The maps that can be tested: those of the grid, and the references of each of its networks."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.evidence.subject import Map
from core.evidence_view import MapName
from core.examine import map_of
from core.explanation import Explanation
from core.saliency.references import REFERENCES
from core.selection import Selection
from core.ui.figure.columns import Column
from core.ui.words import all_told_apart, source_title


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A map. source: a method's text, or a reference's name. in_grid: whether it is a panel. title: of its own."""

    explanation: Explanation
    source: str
    in_grid: bool
    title: str

    @property
    def name(self) -> MapName:
        """As it stands in an address."""
        return MapName(self.explanation.network, self.explanation.target.index, self.source)

    @property
    def label(self) -> str:
        """The class that it explains."""
        return self.explanation.target.name

    @property
    def map(self) -> Map:
        """Its values."""
        return map_of(self.explanation, self.source)


def maps_in(columns: Sequence[Column], selection: Selection) -> dict[str, Candidate]:
    """By the texts of their names: first what the grid shows, then the references that it does not show."""
    rules, references = selection.question.rules, selection.view.references
    answered = Counter(column.explanation.network for column in columns if column.explanation)
    further = [name for name in REFERENCES if name not in references]
    found = [
        Candidate(each, source, in_grid, _title(each, source, alone=answered[each.network] == 1))
        for in_grid, sources in ((True, [*rules, *references]), (False, further))
        for column in columns
        if (each := column.explanation)
        for source in sources
        if source in REFERENCES or source in each.attributions
    ]
    # Two networks may have one title.
    titles = all_told_apart(each.title for each in found)
    return {str(each.name): replace(each, title=title) for each, title in zip(found, titles, strict=True)}


def _title(explanation: Explanation, source: str, *, alone: bool) -> str:
    """alone: whether it is the only one of its network; else its class tells it apart."""
    return f"{explanation.title}, {source_title(source)}" + ("" if alone else f": {explanation.target.name}")
