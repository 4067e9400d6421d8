"""The chart: the room for a grid, and what is drawn in it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from html import escape
from zlib import crc32

import streamlit as st

from core.ui.figure.captions import row_names
from core.ui.figure.columns import Column, all_wait
from core.ui.figure.layout import Grid
from core.ui.figure.maps import maps_of
from core.ui.figure.skeleton import skeleton_html
from core.ui.figure.space import space_of
from core.ui.frame import alone
from core.ui.frame.assets import GRID_KEY, lasting_style
from core.ui.frame.plotly_script import PlotlyScript
from core.ui.frame.slot import Slot
from core.ui.grid.plot import About, Plot
from core.ui.grid.tables import alternative_text
from core.view import View

# It keeps its room, or the page would be scrolled.
_VEIL = ":is(.st-key-weights, .st-key-tools, .st-key-in_words, .st-key-alarm) {visibility: hidden !important}"


@dataclass(frozen=True, slots=True)
class ChartPlace:
    """Where a chart goes, the names of its rows if it is swiped through, and what is laid over it from below.

    name: no other place of the page has it. about: what is drawn here. script: what the browser needs for it. veil: of
    what stands below, of answers before. keys: of the charts that this run drew here.
    """

    name: str
    about: About
    names: Slot | None
    chart: Slot
    below: Slot
    veil: Slot
    script: PlotlyScript
    keys: set[str] = field(default_factory=set)


def chart_place(about: About) -> ChartPlace:
    """A place for the page's one chart; on a narrow screen it is swiped through."""
    script = PlotlyScript()
    with st.container(key=GRID_KEY, gap=None):
        st.html(lasting_style(f".st-key-{GRID_KEY} {{--grid-width: {about.grid.width}px}}"))
        return empty_place("whole", about, script)


def empty_place(name: str, about: About, script: PlotlyScript) -> ChartPlace:
    """A place of this name for a chart, here."""
    return ChartPlace(name, about, Slot() if about.grid.swiped else None, Slot(), Slot(), Slot(), script)


def show_chart(
    place: ChartPlace,
    columns: Sequence[Column],
    view: View,
    *,
    last: bool,
    view_then: Callable[[], View] | None = None,
) -> bool:
    """Draw the grid, and say whether a panel is faint on its scale.

    last: this run does not draw it again. view_then: of the page's one chart, what the view is by the time that the
    maps are drawn alone, see core.ui.frame.alone.
    """
    grid, picture = place.about.grid, place.about.picture
    alt = alternative_text(columns, grid.rules, place.about.title)
    on_picture = space_of(view, picture).picture is not None
    if place.names:
        place.names.container(last=last).html(_row_names(columns, grid, on_picture=on_picture))
    if not last:
        place.below.clear()  # what lay over the chart before
    place.veil.container(last=last).html(lasting_style("" if last else _VEIL))
    if all_wait(columns):
        place.chart.container(last=last).html(skeleton_html(columns, grid, picture, alt, on_picture=on_picture))
        return False
    maps = maps_of(columns, grid.rules, view)
    plot = Plot(place.name, _key(place, columns, last=last), place.about, columns, alt)
    with place.chart.container(last=last, gap=None):
        if last and view_then:
            alone.part(partial(plot.draw, view, maps), lambda: plot.draw(view_then()))
        else:
            with st.container():  # as deep as that, or something would be left of what was drawn here before
                plot.draw(view, maps)
    place.script.bring(last=last)
    return any(shown.is_faint for shown in maps.values())


def _row_names(columns: Sequence[Column], grid: Grid, *, on_picture: bool) -> str:
    """The names of the rows, which stay at the left edge while columns are swiped past."""
    names = row_names(columns, grid, on_picture=on_picture)
    spans = "".join(
        f'<span style="top: {grid.top + grid.row_start(row)}px; height: {grid.panel_height}px">{escape(name)}</span>'
        for row, name in enumerate(names)
    )
    return f'<div class="lime-rows" aria-hidden="true">{spans}</div>'


def _key(place: ChartPlace, columns: Sequence[Column], *, last: bool) -> str:
    """A grid is drawn anew while it fills, and no two charts of one run may have the same key."""
    if last:
        return f"chart_{place.name}"
    drawn = "|".join(f"{each.message}{dict(each.explanation.samples) if each.explanation else ''}" for each in columns)
    key = f"chart_{place.name}_{crc32(drawn.encode())}"
    if key in place.keys:  # of other methods, say, by as many samples
        key += f"_{len(place.keys)}"
    place.keys.add(key)
    return key
