"""ROAD: what the network says while cells are imputed ("mended") from around them instead of hidden (arXiv:2202.00449).

Remove and debias, Rong et al. 2022, by cells of 16 pixels instead of pixels, and by the class's probability instead of
how often the network is right, which one picture cannot say.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from core.evidence.cells import cells_of, first_cells, ranked
from core.evidence.finding import Curves, Figures, Finding, Line, in_percent
from core.evidence.imputation import imputed
from core.evidence.subject import Map, Subject

SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9)  # of the cells, removed and mended


@dataclass(frozen=True, slots=True, eq=False)
class Road(Finding):
    """The class's probability with SHARES of the cells mended: the strongest of the map, and the weakest; (7,) each.

    whole: in the picture as it is.
    """

    strongest: NDArray[np.float64]
    weakest: NDArray[np.float64]
    whole: float

    @property
    def figures(self) -> Figures:
        """In numbers."""
        return {
            "strongest": tuple(self.strongest.tolist()), "weakest": tuple(self.weakest.tolist()), "whole": (self.whole,)
        }  # fmt: skip

    def says(self, label: str, names: Sequence[str]) -> str:
        """In words."""
        strongest, weakest = float(self.strongest.mean()), float(self.weakest.mean())
        return (
            f"With its strongest cells mended from around them, {label} has {in_percent(strongest)} on average, with "
            f"its weakest {in_percent(weakest)}, in the whole picture {in_percent(self.whole)}."
        )

    def curves(self, label: str) -> Curves:
        """Both ways, from the whole picture on."""
        shares = [0.0, *(100 * share for share in SHARES)]
        lines = {"strongest mended": self.strongest, "weakest mended": self.weakest}
        return Curves(
            "of the cells", label,
            tuple(Line(name, shares, (100 * np.array([self.whole, *y])).tolist()) for name, y in lines.items()),
            unit=" %",
        )  # fmt: skip


def road(subject: Subject, original: Map) -> Road | None:
    """Remove and mend so many cells, the strongest first and the weakest first; None of a map without either."""
    cells = cells_of(subject.magnitudes(original)[subject.inside])
    if cells.min() == cells.max():
        return None
    order = ranked(cells, subject.seed)
    image = subject.inputs[0].cpu().double()[(..., *subject.inside)]
    recipe = subject.recipe
    mean, std = (torch.tensor(each, dtype=torch.float64).view(-1, 1, 1) for each in (recipe.mean, recipe.std))
    pixels, (height, width) = (image * std + mean).numpy(), image.shape[-2:]
    removed = torch.cat([first_cells(each, height, width, SHARES) for each in (order, order[::-1].copy())])
    found = []
    for missing in removed.numpy():
        picture = (torch.from_numpy(imputed(pixels, missing, subject.seed)) - mean) / std
        whole = subject.in_their_place(picture[None].to(subject.inputs))
        found.append(float(subject.probabilities(whole)[0, subject.target]))
        subject.pace.watch(len(found), len(removed))
    strongest, weakest = np.array(found).reshape(2, -1)
    return Road(strongest, weakest, subject.probability())
