"""The grid before any network has answered: the same places as HTML, which is there at once, without Plotly."""

from collections.abc import Iterator, Sequence
from html import escape

from core.ui.figure.captions import column_heading, fitted, kind_heading
from core.ui.figure.columns import Column
from core.ui.figure.layout import GAP, INPUT, LEFT, Grid
from core.ui.figure.photos import photo_of_middle
from core.values import Picture

_PHOTO = 320  # px
_ABOVE, _BESIDE = 6, 8  # px between a heading and its panel, and a row's name and its panels


def skeleton_html(columns: Sequence[Column], grid: Grid, picture: Picture, alt: str) -> str:
    """Empty panels of the grid's size at the grid's places, its headings, and the picture where inputs will be.

    alt: what stands for it, plain text.
    """
    cells = "".join(_cells(columns, grid, photo_of_middle(picture, _PHOTO).source))
    size = f"width: {grid.width}px; height: {grid.height}px"
    return f'<div class="lime-skeleton" role="img" aria-label="{escape(alt)}" style="{size}">{cells}</div>'


def _cells(columns: Sequence[Column], grid: Grid, photo: str) -> Iterator[str]:
    across = range(len(grid.rows[0]))
    for place in across:
        if grid.columns_as == "columns":
            heading, _ = column_heading(columns[place], grid)
        else:
            heading = f"<b>{escape(kind_heading(grid.rows[0][place][1], on_picture=False))}</b>"
        bottom = grid.height - grid.top + _ABOVE
        yield f'<span style="left: {_left(grid, place)}px; bottom: {bottom}px">{heading}</span>'
    for row, cells in enumerate(grid.rows):
        top = grid.top + grid.row_start(row)
        if grid.columns_as == "columns":
            fits, _ = fitted(kind_heading(cells[0][1], on_picture=False), grid.panel_height, grid.font(14))
            name = escape(fits)
        else:
            name, _ = column_heading(columns[cells[0][0]], grid)
        if not grid.swiped:
            yield f'<b style="top: {top}px; height: {grid.panel_height}px; width: {LEFT - _BESIDE}px">{name}</b>'
        for place, (column, kind) in zip(across, cells, strict=True):
            box = f"left: {_left(grid, place)}px; top: {top}px; "
            box += f"width: {grid.panel_width}px; height: {grid.panel_height}px"
            if kind == INPUT:
                yield f'<i style="{box}; background-image: url({photo})"></i>'
            else:
                yield f'<i style="{box}">{escape(columns[column].message)}</i>'


def _left(grid: Grid, place: int) -> int:
    """Where a panel begins, in pixels."""
    return LEFT + place * (grid.panel_width + GAP)
