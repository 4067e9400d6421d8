"""One chart as the browser is told of it, and the region that is drawn on it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import streamlit as st

from core.images.framing import Framing
from core.ui.figure.annotations import axis_name
from core.ui.figure.columns import Column
from core.ui.figure.layout import Grid
from core.ui.figure.maps import Map, Panel
from core.ui.figure.sent import sent
from core.ui.figure.space import Space, space_of
from core.ui.frame import state
from core.ui.frame.assets import script
from core.ui.frame.order import mark
from core.ui.grid.large import keep
from core.values import Picture
from core.view import View

_component = st.components.v2.component("limelight_chart", js=script("chart.js"), isolate_styles=False)
_BUTTONS = ["zoomIn2d", "zoomOut2d", "pan2d", "zoom2d", "resetScale2d", "toImage"]


@dataclass(frozen=True, slots=True)
class About:
    """What a chart is of, whatever is known of it by now and however it is shown.

    title: what the picture is called. file: the name of the picture that the chart's camera saves. asks_region: a box
    that is drawn on any panel becomes the region.
    """

    grid: Grid
    picture: Picture
    title: str
    file: str = "limelight"
    asks_region: bool = False

    @property
    def drawn_on(self) -> bool:
        """Whether dragging draws a box: not on a phone, where it moves the page."""
        return self.asks_region and not self.grid.swiped


@dataclass(frozen=True, slots=True)
class Plot:
    """All of a chart but the view.

    place: its name, which no other place of the page has. key: of the component, which no other one has. alt: the chart
    in words.
    """

    place: str
    key: str
    about: About
    columns: Sequence[Column]
    alt: str

    def draw(self, view: View, maps: Mapping[Panel, Map] | None = None) -> None:
        """Draw it here; maps: of the view, if they are at hand."""
        from core.ui.figure.figure import comparison  # with pandas

        grid, picture, drawn_on = self.about.grid, self.about.picture, self.about.drawn_on
        space, panels = space_of(view, picture), _panels(self.columns, grid)
        figure = sent(comparison(self.columns, view, grid, picture, maps=maps, drawn_on=drawn_on))
        large = {"arrays": figure.arrays, "photos": figure.photos}
        with st.container(gap=None):
            kept = {kind: keep(f"{self.key}_{kind}", f"{self.place} {kind}", data) for kind, data in large.items()}
            told = {
                "place": self.place, "space": space.name, "figure": figure.spec, "alt": self.alt,
                "config": _config(self.about.file, drawn_on=drawn_on),
            } | kept  # fmt: skip
            data = json.dumps(told, allow_nan=False).encode()  # or Streamlit writes it out twice, see _bidi_component
            box_change = partial(_take_region, self.key, panels, space)
            _component(key=self.key, data=mark(self.place, data).encode() + data, on_box_change=box_change)


def _config(file: str, *, drawn_on: bool) -> dict[str, Any]:
    """How Plotly lets itself be used."""
    return {
        "displaylogo": False,
        "showTips": False,
        "doubleClick": "reset",
        "modeBarButtons": [[*(["select2d"] if drawn_on else []), *_BUTTONS]],
        "toImageButtonOptions": {"format": "png", "scale": 2, "filename": file},
    }


def _panels(columns: Sequence[Column], grid: Grid) -> dict[tuple[str, str], Framing]:
    """What each panel with an answer shows of the picture, by the names of its axes."""
    return {
        (axis_name("x", x), axis_name("y", y)): explanation.framing
        for y, cells in enumerate(grid.rows)
        for x, (place, _) in enumerate(cells)
        if (explanation := columns[place].explanation)
    }


def _take_region(key: str, panels: Mapping[tuple[str, str], Framing], space: Space) -> None:
    """Make a box that was drawn the region; panels: their framings, by the names of their axes.

    The run that follows is of what the chart belongs to: of the part alone, if it is drawn in one.
    """
    box = st.session_state[key].box
    if box is None or (framing := panels.get(tuple(box["axes"]))) is None:
        return
    (left, right), (top, bottom) = box["x"], box["y"]
    if region := space.region(framing, (left, top), (right, bottom)):
        state.change(view=replace(state.selection().view, region=region))
