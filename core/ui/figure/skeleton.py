"""The grid before any network has answered: the same places as HTML, which is there at once, without Plotly."""

from collections.abc import Iterator, Sequence
from html import escape

from core.ui.figure.captions import grid_headings
from core.ui.figure.columns import Column
from core.ui.figure.layout import GAP, INPUT, LEFT, Grid
from core.ui.figure.photos import photo_of_middle, photo_of_picture
from core.values import Picture

_PHOTO = 320  # px
_ABOVE, _BESIDE = 6, 8  # px between a heading and its panel, and a row's name and its panels


def skeleton_html(columns: Sequence[Column], grid: Grid, picture: Picture, alt: str, *, on_picture: bool) -> str:
    """Empty panels of the grid's size at the grid's places, its headings, and the picture where inputs will be.

    alt: what stands for it, plain text. on_picture: whether panels will show all of the picture.
    """
    photo = photo_of_picture(picture, _PHOTO**2) if on_picture else photo_of_middle(picture, _PHOTO)
    cells = "".join(_cells(columns, grid, photo.source, on_picture=on_picture))
    size = f"width: {grid.width}px; height: {grid.height}px"
    return f'<div class="lime-skeleton" role="img" aria-label="{escape(alt)}" style="{size}">{cells}</div>'


def _cells(columns: Sequence[Column], grid: Grid, photo: str, *, on_picture: bool) -> Iterator[str]:
    above, beside = grid_headings(columns, grid, on_picture=on_picture)
    bottom = grid.height - grid.top + _ABOVE
    for place, (heading, _) in enumerate(above):
        yield f'<span style="left: {_left(grid, place)}px; bottom: {bottom}px">{heading}</span>'
    for row, (cells, (name, _)) in enumerate(zip(grid.rows, beside, strict=True)):
        top = grid.top + grid.row_start(row)
        if not grid.swiped:
            yield f'<b style="top: {top}px; height: {grid.panel_height}px; width: {LEFT - _BESIDE}px">{name}</b>'
        for place, (column, kind) in enumerate(cells):
            box = f"left: {_left(grid, place)}px; top: {top}px; "
            box += f"width: {grid.panel_width}px; height: {grid.panel_height}px"
            if kind == INPUT:
                yield f'<i style="{box}; background-image: url({photo})"></i>'
            else:
                yield f'<i style="{box}">{escape(columns[column].message)}</i>'


def _left(grid: Grid, place: int) -> int:
    """Where a panel begins, in pixels."""
    return LEFT + place * (grid.panel_width + GAP)
