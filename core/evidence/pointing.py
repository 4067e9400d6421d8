"""Pointing: whether hiding what a map marks costs more, and showing it helps more, than the same map moved elsewhere.

Deletion and insertion (Petsiuk et al. 2018, arXiv:1806.07421) by cells instead of pixels, since single pixels measure
how fine a map's grain is. The scale is the map's own moved copies, which have the same grain.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.evidence.cells import Cells, cells_of, first_cells, moved_copies, ranked
from core.evidence.finding import Curves, Figures, Finding, Line, in_percent
from core.evidence.subject import Map, Subject
from core.runtime.memory import batch_for
from core.saliency.baselines import baseline_of

STEPS = 10  # from the whole picture to nothing of it
COPIES = 19

_RECOGNISED = 0.5  # of what the whole picture gets beyond chance: a blurred one with so much is still recognised

Probabilities = Callable[[Tensor], Tensor]  # (N, channels, height, width) -> (N, classes)
Curve = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Pointing(Finding):
    """What the network says while a map's cells are hidden and shown, the strongest first.

    order: of the cells, as `core.evidence.cells.ranked`. hidden, shown: the class's probability after each of STEPS
    steps, (STEPS + 1,), from the picture to its blurred copy and from that to the picture. moved: the scores of the
    map's moved copies. named: the most probable class after each step of hiding, STEPS + 1. chance: the probability of
    a class where nothing is known. is_flat: whether the map is the same everywhere, so that the order is by lot.
    """

    order: NDArray[np.int64]
    hidden: Curve
    shown: Curve
    moved: tuple[float, ...]
    named: tuple[int, ...]
    chance: float = 0.0
    is_flat: bool = False

    @property
    def score(self) -> float:
        """The mean probability while cells are shown, less that while they are hidden; from -1 to 1."""
        return _mean(self.shown) - _mean(self.hidden)

    @property
    def place(self) -> int:
        """How many of its moved copies it beats."""
        return sum(self.score > other for other in self.moved)

    @property
    def figures(self) -> Figures:
        """In numbers."""
        return {
            "place": (self.place,), "score": (self.score,), "moved": self.moved,
            "hidden": tuple(self.hidden.tolist()), "shown": tuple(self.shown.tolist()),
        }  # fmt: skip

    def says(self, label: str, names: Sequence[str]) -> str:
        """In words."""
        whole, nothing = float(self.hidden[0]), float(self.hidden[-1])
        if self.is_flat:
            return "This map is the same everywhere: there is no place to ask about."
        chance = min(self.chance, whole)
        if nothing - chance >= _RECOGNISED * (whole - chance):
            return (
                f"{label} has {in_percent(whole)} in the picture and {in_percent(nothing)} in the same one blurred: "
                "hiding shows too little here."
            )
        return (
            f"Where it is, this map finds {label} sooner than {self.place} of {len(self.moved)} copies of itself that "
            "were moved elsewhere; by chance it would be half of them."
        )

    def curves(self, label: str) -> Curves:
        """Of hiding and of showing."""
        shares = [100 * step / STEPS for step in range(STEPS + 1)]
        lines = {"hidden, strongest first": self.hidden, "shown, strongest first": self.shown}
        return Curves(
            "of the cells", label, tuple(Line(name, shares, (100 * y).tolist()) for name, y in lines.items()), unit=" %"
        )


def point(subject: Subject, original: Map) -> Pointing:
    """Ask of a map, with the picture blurred as what hides it."""
    image = subject.inputs[0].to(subject.network.device, subject.network.dtype)
    blurred = baseline_of("blur", image, subject.recipe)
    cells, inside = cells_of(subject.magnitudes(original)[subject.inside]), (..., *subject.inside)

    def ask(parts: Tensor) -> Tensor:
        return subject.probabilities(subject.in_their_place(parts))

    return pointing(cells, image[inside], blurred[inside], ask, subject.target, subject.seed, subject.pace.watch)


def pointing(
    cells: Cells,
    image: Tensor,
    blurred: Tensor,
    probabilities: Probabilities,
    target: int,
    seed: int = 0,
    watch: Callable[[int, int], None] = lambda done, total: None,
) -> Pointing:
    """Ask the network of a map's cells and of those of its moved copies; image, blurred: (channels, height, width).

    watch(done, total) is told how many pictures were asked of, and may raise to end the work.
    """
    orders = [ranked(each, seed) for each in (cells, *moved_copies(cells, COPIES, seed))]
    whole, nothing = probabilities(torch.stack([image, blurred]))
    done, total = 0, len(orders) * 2 * (STEPS - 1)
    hidden, shown = [], []
    for order in orders:
        between = []
        for batch in stages(order, image, blurred).split(batch_for(image.device)):
            between.append(probabilities(batch))
            done += len(batch)
            watch(done, total)
        hide, show = torch.cat(between).split(STEPS - 1)
        hidden.append(torch.stack([whole, *hide, nothing]))
        shown.append(torch.stack([nothing, *show, whole]))
    curves = [(hide[:, target].numpy(), show[:, target].numpy()) for hide, show in zip(hidden, shown, strict=True)]
    moved = tuple(_mean(show) - _mean(hide) for hide, show in curves[1:])
    chance, is_flat = 1 / len(whole), bool(cells.min() == cells.max())
    return Pointing(orders[0], *curves[0], moved, tuple(hidden[0].argmax(1).tolist()), chance, is_flat)


def stages(order: NDArray[np.int64], image: Tensor, blurred: Tensor) -> Tensor:
    """The pictures after each step but the last, (2 * (STEPS - 1), ...): first those of hiding, then of showing."""
    height, width = image.shape[-2:]
    shares = [step / STEPS for step in range(1, STEPS)]
    first = first_cells(order, height, width, shares)[:, None].to(image.device)
    return torch.cat([torch.where(first, blurred, image), torch.where(first, image, blurred)])


def _mean(curve: Curve) -> float:
    """The area under it, by the trapezium rule."""
    return float((curve[1:] + curve[:-1]).mean() / 2)
