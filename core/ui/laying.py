"""The grid of a selection: what it holds, and in which shape its panels are."""

from core.selection import Selection
from core.ui.figure.grid import Grid, lay_out
from core.ui.figure.grounds import ground_of
from core.values import Picture


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
            aspect=ground_of(selection, picture).aspect,
            large=selection.present,
        )
        for each in arranged
    ]
    return max(grids, key=lambda grid: grid.panel_width)
