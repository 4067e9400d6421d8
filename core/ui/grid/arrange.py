"""The grid of a selection: what it holds, in which shape its panels are, and whether something stands beside it."""

from collections.abc import Callable

from core.selection import Selection
from core.ui.figure.layout import Grid, lay_out
from core.ui.figure.space import space_of
from core.values import Picture

BESIDE = 300  # px for predictions at the right of the grid
_BETWEEN = 30  # px between the two
_KEPT = 0.8  # of a panel's width, at least, where they stand there


def laid_beside(lay: Callable[[tuple[int, int]], Grid], available: tuple[int, int]) -> tuple[Grid, bool]:
    """The grid, and whether predictions stand beside it; they go below where they would cost it much of its place.

    lay: makes the grid for (width, height) in pixels.
    """
    width, height = available
    narrower = width - BESIDE - _BETWEEN
    beside, alone = lay((narrower, height)), lay(available)
    cheap = beside.panel_width >= _KEPT * alone.panel_width
    return (beside, True) if cheap and beside.width <= narrower else (alone, False)


def grid_of(selection: Selection, picture: Picture, available: tuple[int, int]) -> Grid:
    """The grid for (width, height) in pixels; panels are shaped like what the maps lie on.

    A presenter's grid is arranged as panels get largest, unless the arrangement was chosen.
    """
    arranged = (
        ("columns", "rows") if selection.present and selection.networks_as == "auto" else (selection.networks_as,)
    )
    grids = [
        lay_out(
            selection.networks,
            selection.rules,
            each,
            available,
            references=selection.references,
            aspect=space_of(selection, picture).aspect,
            presented=selection.present,
        )
        for each in arranged
    ]
    return max(grids, key=lambda grid: grid.panel_width)
