"""One click from a map to what can be found out about it: a small button in the corner of every map of a grid."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import streamlit as st

from core.evidence_view import MapName
from core.saliency.references import REFERENCES
from core.ui.figure.columns import Column
from core.ui.figure.layout import GAP, LEFT, Grid
from core.ui.frame import state
from core.ui.frame.assets import script, text
from core.ui.frame.order import mark
from core.ui.frame.slot import Slot
from core.ui.words import source_title

_KEY, _EDGE = "ask_map", 5  # px between a button and its panel's corner
_component = st.components.v2.component(
    "limelight_ask", html='<nav aria-label="Tests of the maps"></nav>\n', css=text("ask.css"), js=script("ask.js")
)


def show_ask_buttons(place: Slot, columns: Sequence[Column], grid: Grid) -> None:
    """Draw them, from a place just below the chart."""
    maps = list(_buttons(columns, grid))
    with place.container(last=True, gap=None):
        data = {"place": _KEY, "mark": mark(_KEY, json.dumps(maps).encode()), "maps": maps}
        _component(key=_KEY, data=data, on_asked_change=_ask)


def _buttons(columns: Sequence[Column], grid: Grid) -> Iterator[dict[str, Any]]:
    """Where each is, in pixels from the lower left corner of the chart, and what it asks."""
    for y, cells in enumerate(grid.rows):
        for x, (place, source) in enumerate(cells):
            explained = columns[place].explanation
            if explained and (source in explained.attributions or source in REFERENCES):
                yield {
                    "name": str(MapName(explained.network, explained.target.index, source)),
                    "title": f"{explained.title}, {source_title(source)}",
                    "x": LEFT + x * (grid.panel_width + GAP) + grid.panel_width - _EDGE,
                    "y": grid.top + grid.row_start(y) + _EDGE - grid.height,
                }


def _ask() -> None:
    """The tool shows what is asked of that map."""
    state.change_evidence(map=st.session_state[_KEY].asked)
    state.use_tool("evidence")
