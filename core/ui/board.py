"""The board: the room for a grid, the chart in it, and the region that is drawn on it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from zlib import crc32

import pandas  # type: ignore[import-untyped]  # noqa: F401  # Plotly looks at it, also while another thread imports it
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.images.framing import Framing
from core.selection import Selection
from core.ui.figure.annotations import axis_name
from core.ui.figure.figures import Figure, comparison_figure
from core.ui.figure.grid import Grid
from core.ui.figure.grounds import Ground, ground_of
from core.ui.figure.maps import Slot
from core.ui.frame.assets import GRID_KEY, style
from core.ui.page import touch
from core.ui.tables import alternative_text
from core.values import Picture

_BUTTONS = ["zoomIn2d", "zoomOut2d", "pan2d", "zoom2d", "resetScale2d", "toImage"]


def board(grid: Grid) -> DeltaGenerator:
    """A place for the chart; on a narrow screen it is swiped through."""
    with st.container(key=GRID_KEY):
        st.html(style(f".st-key-{GRID_KEY} {{--grid-width: {grid.width}px}}"))
        return st.empty()


def draw(
    place: DeltaGenerator,
    slots: Sequence[Slot],
    selection: Selection,
    grid: Grid,
    title: str,
    picture: Picture | None = None,
) -> None:
    """Draw the grid; title is what the picture is called, picture what maps are laid on if that is selected.

    While the region is asked about, a box drawn on any panel becomes the region; not on a phone, where dragging
    moves the page.
    """
    figure = comparison_figure(slots, selection, grid, picture)
    asks = selection.ask == "region" and not grid.swiped
    drawing = _drawing(slots, grid, ground_of(selection, picture)) if asks else {}
    put(place, figure, grid, "limelight", alternative_text(slots, selection, title), **drawing)


def put(
    place: DeltaGenerator,
    figure: Figure,
    grid: Grid,
    filename: str,
    alt: str,
    **drawing: Any,  # noqa: ANN401
) -> None:
    """Put the figure of a grid on its place.

    filename: of the picture that its camera saves. alt: what it shows, in words. drawing: for a chart to draw on.
    """
    config = {
        "displaylogo": False,
        "showTips": False,
        "doubleClick": "reset",
        "modeBarButtons": [[*(["select2d"] if drawing else []), *_BUTTONS]],
        "toImageButtonOptions": {"format": "png", "scale": 2, "filename": filename},
    }
    # Without Streamlit's theme: with it each figure is drawn twice (see core.ui.figure.figures).
    place.plotly_chart(figure, width=grid.width, height=grid.height, theme=None, config=config, alt=alt, **drawing)


def _drawing(slots: Sequence[Slot], grid: Grid, ground: Ground) -> dict[str, Any]:
    """The arguments that make a chart one to draw on."""
    framings = {slot.network: slot.explanation.framing for slot in slots if slot.explanation}
    panels = {
        (axis_name("x", column), axis_name("y", row)): framings[network]
        for row, cells in enumerate(grid.rows)
        for column, (network, _) in enumerate(cells)
        if network in framings
    }
    # A grid is drawn anew while it fills, and no two charts of one run may have the same key.
    key = f"grid_{crc32('|'.join(slot.message for slot in slots).encode())}"
    return {"key": key, "selection_mode": "box", "on_select": partial(_take_region, key, panels, ground)}


def _take_region(key: str, panels: Mapping[tuple[str, str], Framing], ground: Ground) -> None:
    """Make a box that was drawn the region; panels: their framings, by the names of their axes."""
    boxes = st.session_state[key].selection.box
    if not boxes or (framing := panels.get((boxes[-1]["xref"], boxes[-1]["yref"]))) is None:
        return
    (left, right), (top, bottom) = boxes[-1]["x"], boxes[-1]["y"]
    region = ground.region(framing, (left, top), (right, bottom))
    if region:
        st.session_state["selection"] = replace(st.session_state["selection"], region=region)
        touch()
