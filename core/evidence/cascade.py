"""The whole cascade: how a map loses its likeness to itself while layer after layer is permuted from the top."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.evidence.finding import Curves, Figures, Finding, Line
from core.evidence.permuting import Cousins, weighted_layers
from core.evidence.subject import Map, Subject

STAGES, DRAWS = 9, 3


@dataclass(frozen=True, slots=True, eq=False)
class Cascade(Finding):
    """layers: how many were permuted at each stage, from the logits down, the last all of them.

    likeness: (DRAWS, stages), of the permuted network's map to the network's own, see `Subject.likeness`; each draw
    permutes otherwise.
    """

    layers: tuple[int, ...]
    likeness: NDArray[np.float64]

    @property
    def figures(self) -> Figures:
        """In numbers; the draws one after another."""
        return {"layers": self.layers, "likeness": tuple(self.likeness.ravel().tolist())}

    def says(self, label: str, names: Sequence[str]) -> str:
        """In words."""
        first, half, last = (_figure(self.likeness[:, stage]) for stage in (0, len(self.layers) // 2, -1))
        whole, middle = self.layers[-1], self.layers[len(self.layers) // 2]
        spread = np.ptp(self.likeness, axis=0)
        apart = "" if np.isnan(spread).all() else f"; {DRAWS} draws lie up to {np.nanmax(spread):.2f} apart"
        return (
            f"Erased from the logits down, its rank correlation with itself is {first} with one layer erased, {half} "
            f"with {middle}, and {last} with all {whole}{apart}."
        )

    def curves(self, label: str) -> Curves:
        """Every draw as dots, and their mean."""
        draws = [Line("one draw", self.layers, draw.tolist(), dots=True) for draw in self.likeness]
        mean = Line("mean", self.layers, self.likeness.mean(0).tolist())
        across = f"of {self.layers[-1]} layers erased, from the logits down"
        return Curves(across, "rank correlation", (*draws, mean), span=(-0.25, 1.05))


def cascade(subject: Subject, original: Map) -> Cascade | None:
    """Permute more and more layers, each stage DRAWS times; None of a layer's grid, too coarse for such figures."""
    if subject.is_coarse:
        return None
    count = len(weighted_layers(subject.network))
    layers = tuple(dict.fromkeys(int(each) for each in np.linspace(1, count, STAGES).round()))
    likeness = np.empty((DRAWS, len(layers)))
    for draw in range(DRAWS):
        cousins = Cousins(subject.network, subject.seed + draw)
        for stage, each in enumerate(layers):
            part = subject.part(draw * len(layers) + stage, likeness.size)
            likeness[draw, stage] = subject.likeness(original, part.map(network=cousins.permuted(each)))
    return Cascade(layers, likeness)


def _figure(of_draws: NDArray[np.float64]) -> str:
    mean = float(of_draws.mean())
    return "nothing to speak of" if math.isnan(mean) else f"{mean:.2f}"
