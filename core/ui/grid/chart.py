"""The chart: the room for a grid, its figure in it, and the region that is drawn on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from html import escape
from typing import Any
from zlib import crc32

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.images.framing import Framing
from core.ui.figure.annotations import axis_name
from core.ui.figure.captions import row_names
from core.ui.figure.columns import Column, all_wait
from core.ui.figure.layout import Grid
from core.ui.figure.maps import maps_of
from core.ui.figure.skeleton import skeleton_html
from core.ui.figure.space import Space, space_of
from core.ui.frame import state
from core.ui.frame.assets import GRID_KEY, lasting_style
from core.ui.grid.tables import alternative_text
from core.values import Picture
from core.view import View

_BUTTONS = ["zoomIn2d", "zoomOut2d", "pan2d", "zoom2d", "resetScale2d", "toImage"]


@dataclass(frozen=True, slots=True)
class ChartPlace:
    """Where a chart goes, the names of its rows if it is swiped through, and what is laid over it from below."""

    names: DeltaGenerator | None
    chart: DeltaGenerator
    below: DeltaGenerator


def chart_place(grid: Grid) -> ChartPlace:
    """A place for the chart; on a narrow screen it is swiped through."""
    with st.container(key=GRID_KEY, gap=None):
        st.html(lasting_style(f".st-key-{GRID_KEY} {{--grid-width: {grid.width}px}}"))
        return empty_place(grid)


def empty_place(grid: Grid) -> ChartPlace:
    """A place for a chart, here."""
    return ChartPlace(st.empty() if grid.swiped else None, st.empty(), st.empty())


def show_chart(
    place: ChartPlace,
    columns: Sequence[Column],
    view: View,
    grid: Grid,
    title: str,
    picture: Picture,
    *,
    file: str = "limelight",
    asks_region: bool = False,
) -> bool:
    """Draw the grid, and say whether a panel is faint on its scale.

    title: what the picture is called. file: the name of the picture that the chart's camera saves. asks_region: a box
    drawn on any panel becomes the region; not on a phone, where dragging moves the page.
    """
    alt = alternative_text(columns, grid.rules, title)
    space = space_of(view, picture)
    on_picture = space.picture is not None
    if place.names:
        place.names.html(_row_names(columns, grid, on_picture=on_picture))
    if all_wait(columns):
        place.chart.html(skeleton_html(columns, grid, picture, alt, on_picture=on_picture))
        return False
    from core.ui.figure.figure import comparison  # with pandas
    from core.ui.figure.ready import Ready

    maps = maps_of(columns, grid.rules, view)
    figure = Ready(comparison(columns, view, grid, picture, maps=maps, drawn_on=asks_region))
    drawing = _drawing(columns, grid, space) if asks_region and not grid.swiped else {}
    config = {
        "displaylogo": False,
        "showTips": False,
        "doubleClick": "reset",
        "modeBarButtons": [[*(["select2d"] if drawing else []), *_BUTTONS]],
        "toImageButtonOptions": {"format": "png", "scale": 2, "filename": file},
    }
    # Without Streamlit's theme: with it each figure is drawn twice (see core.ui.figure.figure).
    place.chart.plotly_chart(
        figure, width=grid.width, height=grid.height, theme=None, config=config, alt=alt, **drawing
    )
    return any(shown.is_faint for shown in maps.values())


def _row_names(columns: Sequence[Column], grid: Grid, *, on_picture: bool) -> str:
    """The names of the rows, which stay at the left edge while columns are swiped past."""
    names = row_names(columns, grid, on_picture=on_picture)
    spans = "".join(
        f'<span style="top: {grid.top + grid.row_start(row)}px; height: {grid.panel_height}px">{escape(name)}</span>'
        for row, name in enumerate(names)
    )
    return f'<div class="lime-rows" aria-hidden="true">{spans}</div>'


def _drawing(columns: Sequence[Column], grid: Grid, space: Space) -> dict[str, Any]:
    """The arguments that make a chart one to draw on."""
    panels = {
        (axis_name("x", x), axis_name("y", y)): explanation.framing
        for y, cells in enumerate(grid.rows)
        for x, (place, _) in enumerate(cells)
        if (explanation := columns[place].explanation)
    }
    # A grid is drawn anew while it fills, and no two charts of one run may have the same key.
    drawn = "|".join(f"{each.message}{dict(each.explanation.samples) if each.explanation else ''}" for each in columns)
    key = f"grid_{crc32(drawn.encode())}"
    return {"key": key, "selection_mode": "box", "on_select": partial(_take_region, key, panels, space)}


def _take_region(key: str, panels: Mapping[tuple[str, str], Framing], space: Space) -> None:
    """Make a box that was drawn the region; panels: their framings, by the names of their axes."""
    boxes = st.session_state[key].selection.box
    if not boxes or (framing := panels.get((boxes[-1]["xref"], boxes[-1]["yref"]))) is None:
        return
    (left, right), (top, bottom) = boxes[-1]["x"], boxes[-1]["y"]
    if region := space.region(framing, (left, top), (right, bottom)):
        state.change(view=replace(state.selection().view, region=region))
