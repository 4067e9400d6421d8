"""The chart: the room for a grid, its figure in it, and the region that is drawn on it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from html import escape
from typing import Any
from zlib import crc32

import streamlit as st

from core.images.framing import Framing
from core.ui.figure.annotations import axis_name
from core.ui.figure.captions import row_names
from core.ui.figure.columns import Column, all_wait
from core.ui.figure.layout import Grid
from core.ui.figure.maps import maps_of
from core.ui.figure.sent import sent
from core.ui.figure.skeleton import skeleton_html
from core.ui.figure.space import Space, space_of
from core.ui.frame import state
from core.ui.frame.assets import GRID_KEY, lasting_style, script
from core.ui.frame.order import mark
from core.ui.frame.slot import Slot
from core.ui.grid.large import keep
from core.ui.grid.tables import alternative_text
from core.values import Picture
from core.view import View

_component = st.components.v2.component("limelight_chart", js=script("chart.js"), isolate_styles=False)
_BUTTONS = ["zoomIn2d", "zoomOut2d", "pan2d", "zoom2d", "resetScale2d", "toImage"]


@dataclass(frozen=True, slots=True)
class ChartPlace:
    """Where a chart goes, the names of its rows if it is swiped through, and what is laid over it from below.

    name: no other place of the page has it.
    """

    name: str
    names: Slot | None
    chart: Slot
    below: Slot


def chart_place(grid: Grid) -> ChartPlace:
    """A place for the chart; on a narrow screen it is swiped through."""
    with st.container(key=GRID_KEY, gap=None):
        st.html(lasting_style(f".st-key-{GRID_KEY} {{--grid-width: {grid.width}px}}"))
        return empty_place(grid, "whole")


def empty_place(grid: Grid, name: str) -> ChartPlace:
    """A place of this name for a chart, here."""
    return ChartPlace(name, Slot() if grid.swiped else None, Slot(), Slot())


def show_chart(
    place: ChartPlace,
    columns: Sequence[Column],
    view: View,
    grid: Grid,
    title: str,
    picture: Picture,
    *,
    last: bool,
    file: str = "limelight",
    asks_region: bool = False,
) -> bool:
    """Draw the grid, and say whether a panel is faint on its scale.

    title: what the picture is called. last: this run does not draw it again. file: the name of the picture that the
    chart's camera saves. asks_region: a box drawn on any panel becomes the region; not on a phone, where dragging moves
    the page.
    """
    alt = alternative_text(columns, grid.rules, title)
    space = space_of(view, picture)
    on_picture = space.picture is not None
    if place.names:
        place.names.container(last=last).html(_row_names(columns, grid, on_picture=on_picture))
    if not last:
        place.below.container(last=False)  # what lay over the chart before
    if all_wait(columns):
        place.chart.container(last=last).html(skeleton_html(columns, grid, picture, alt, on_picture=on_picture))
        return False
    from core.ui.figure.figure import comparison  # with pandas

    maps = maps_of(columns, grid.rules, view)
    drawn_on = asks_region and not grid.swiped
    figure = sent(comparison(columns, view, grid, picture, maps=maps, drawn_on=drawn_on))
    key = _key(place, columns, last=last)
    box_change = partial(_take_region, key, _panels(columns, grid), space)
    with place.chart.container(last=last, gap=None):
        large = {"arrays": figure.arrays, "photos": figure.photos}
        kept = {kind: keep(f"{key}_{kind}", f"{place.name} {kind}", data) for kind, data in large.items()}
        config = _config(file, drawn_on=drawn_on)
        told = {"place": place.name, "space": space.name, "figure": figure.spec, "config": config, "alt": alt} | kept
        data = json.dumps(told, allow_nan=False).encode()  # or Streamlit writes it out twice, see _bidi_component
        _component(key=key, data=mark(place.name, data).encode() + data, on_box_change=box_change)
    return any(shown.is_faint for shown in maps.values())


def _row_names(columns: Sequence[Column], grid: Grid, *, on_picture: bool) -> str:
    """The names of the rows, which stay at the left edge while columns are swiped past."""
    names = row_names(columns, grid, on_picture=on_picture)
    spans = "".join(
        f'<span style="top: {grid.top + grid.row_start(row)}px; height: {grid.panel_height}px">{escape(name)}</span>'
        for row, name in enumerate(names)
    )
    return f'<div class="lime-rows" aria-hidden="true">{spans}</div>'


def _config(file: str, *, drawn_on: bool) -> dict[str, Any]:
    """How Plotly lets itself be used."""
    return {
        "displaylogo": False,
        "showTips": False,
        "doubleClick": "reset",
        "modeBarButtons": [[*(["select2d"] if drawn_on else []), *_BUTTONS]],
        "toImageButtonOptions": {"format": "png", "scale": 2, "filename": file},
    }


def _key(place: ChartPlace, columns: Sequence[Column], *, last: bool) -> str:
    """A grid is drawn anew while it fills, and no two charts of one run may have the same key."""
    drawn = "|".join(f"{each.message}{dict(each.explanation.samples) if each.explanation else ''}" for each in columns)
    return f"chart_{place.name}" if last else f"chart_{place.name}_{crc32(drawn.encode())}"


def _panels(columns: Sequence[Column], grid: Grid) -> dict[tuple[str, str], Framing]:
    """What each panel with an answer shows of the picture, by the names of its axes."""
    return {
        (axis_name("x", x), axis_name("y", y)): explanation.framing
        for y, cells in enumerate(grid.rows)
        for x, (place, _) in enumerate(cells)
        if (explanation := columns[place].explanation)
    }


def _take_region(key: str, panels: Mapping[tuple[str, str], Framing], space: Space) -> None:
    """Make a box that was drawn the region; panels: their framings, by the names of their axes."""
    box = st.session_state[key].box
    if box is None or (framing := panels.get(tuple(box["axes"]))) is None:
        return
    (left, right), (top, bottom) = box["x"], box["y"]
    if region := space.region(framing, (left, top), (right, bottom)):
        state.change(view=replace(state.selection().view, region=region))
