"""Does a map depend on what the network learned? Asked of cousins that no longer know it (see permuting.py)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.evidence.finding import Figures, Finding, in_percent
from core.evidence.permuting import Cousins
from core.evidence.subject import SAME, Map, Subject

_ALIKE = 0.7  # rank correlation from which maps look alike


@dataclass(frozen=True, slots=True, eq=False)
class Permuted:
    """A cousin's answer. layers: how many of all were permuted, from the logits down.

    probability: that it gives the class. likeness: of its map to the network's, see `Subject.likeness`.
    """

    layers: int
    of: int
    map: Map
    probability: float
    likeness: float

    @property
    def title(self) -> str:
        """What it no longer knows."""
        if self.layers == self.of:
            return "All erased"
        return "Classes erased" if self.layers == 1 else "Upper half erased"


@dataclass(frozen=True, slots=True, eq=False)
class Weights(Finding):
    """stages: the logits' layer permuted, half of the layers, all of them. probability: the network's own."""

    stages: tuple[Permuted, ...]
    probability: float

    @property
    def figures(self) -> Figures:
        """In numbers, of the stages one after another."""
        return {
            "layers": tuple(stage.layers for stage in self.stages),
            "likeness": tuple(stage.likeness for stage in self.stages),
            "probability": (self.probability, *(stage.probability for stage in self.stages)),
        }

    def says(self, label: str, names: Sequence[str]) -> str:
        """In words."""
        logits, whole = self.stages[0], self.stages[-1]
        erased = (
            f"With what the network knows about classes erased ({label} goes from {in_percent(self.probability)} to "
            f"{in_percent(logits.probability)}), the map "
        )
        if math.isnan(logits.likeness):
            return f"{erased}is the one below: compare them by eye, a figure would say nothing here."
        if logits.likeness >= SAME:
            return f"{erased}stays the same ({logits.likeness:.2f}): it cannot show why this class was chosen."
        changed = "hardly changes" if logits.likeness >= _ALIKE else "changes"
        floor = "" if math.isnan(whole.likeness) else f"; with every layer erased {whole.likeness:.2f}"
        return f"{erased}{changed} ({logits.likeness:.2f}{floor})."

    def maps(self, own: Map, label: str, names: Sequence[str]) -> dict[str, Map]:
        """Beside each other, from the network's own to the one of a network that knows nothing."""
        return {"The map": own} | {stage.title: stage.map for stage in self.stages}


def weights(subject: Subject, original: Map) -> Weights:
    """Ask three cousins: the logits' layer permuted, the upper half of all layers, and all."""
    cousins = Cousins(subject.network, subject.seed)
    stages = dict.fromkeys((1, max(1, cousins.count // 2), cousins.count))
    answers = tuple(
        _stage(subject.part(place, len(stages)), original, layers, cousins) for place, layers in enumerate(stages)
    )
    return Weights(answers, subject.probability())


def _stage(subject: Subject, original: Map, layers: int, cousins: Cousins) -> Permuted:
    cousin = cousins.permuted(layers)
    made = subject.map(network=cousin)
    return Permuted(layers, cousins.count, made, subject.probability(cousin), subject.likeness(original, made))
