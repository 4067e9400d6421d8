"""Annotations: text at a place of a panel that zooming does not move."""

from collections.abc import Sequence
from typing import Any

from core.ui.figure.captions import grid_headings, wrapped
from core.ui.figure.columns import Column
from core.ui.figure.layout import Grid
from core.ui.figure.traces import Axes, Spec
from core.ui.palette import DARK, TEXT_ON_DARK

TEXT, SMALL = 13, 12  # font sizes in px


def axis_name(axis: str, index: int) -> str:
    """Plotly's name of the axis of a column or a row: "x", "x2" and so on."""
    return f"{axis}{index + 1}" if index else axis


def below(axes: Axes, text: str, grid: Grid) -> Spec:
    """A caption, already escaped."""
    return _text(axes, 0, 0, text, grid.font(SMALL), xanchor="left", yanchor="top", align="left", yshift=-3)


def inside(axes: Axes, text: str, grid: Grid) -> Spec:
    """A message in the place of a map."""
    letters = int(grid.panel_width / grid.font(TEXT) * 1.6)
    return _text(axes, 0.5, 0.5, wrapped(text, letters), grid.font(TEXT), align="center")


def badge(axes: Axes, text: str, grid: Grid) -> Spec:
    """A remark on a map, over its upper edge; it has its own colours, on every map and page."""
    letters = int(grid.panel_width / grid.font(SMALL) * 1.6)
    said = f"<span style='color:{TEXT_ON_DARK}'>{wrapped(text, letters)}</span>"
    return _text(axes, 0, 1, said, grid.font(SMALL), xanchor="left", yanchor="top", align="left", xshift=4, yshift=-4,
                 bgcolor=DARK, borderpad=3)  # fmt: skip


def headings(columns: Sequence[Column], grid: Grid, *, on_picture: bool) -> list[Spec]:
    """Names of columns above and of rows at the left; where the grid is swiped, the page keeps the latter in sight."""
    across, down = grid_headings(columns, grid, on_picture=on_picture)
    above = [
        _text({"xaxis": axis_name("x", place), "yaxis": "y"}, 0, 1, text, size, xanchor="left", yanchor="bottom",
              align="left", yshift=6)
        for place, (text, size) in enumerate(across)
    ]  # fmt: skip
    beside = [
        _text({"xaxis": "x", "yaxis": axis_name("y", row)}, 0, 0.5, text, size, textangle=-90, xanchor="right",
              yanchor="middle", xshift=-8)
        for row, (text, size) in enumerate(down)
        if not grid.swiped
    ]  # fmt: skip
    return [*above, *beside]


def _text(axes: Axes, x: float, y: float, text: str, size: int, **more: Any) -> Spec:  # noqa: ANN401
    place = {"xref": f"{axes['xaxis']} domain", "yref": f"{axes['yaxis']} domain", "x": x, "y": y}
    return place | {"text": text, "showarrow": False, "font": {"size": size}} | more
