"""Two pinned comparisons, beside each other where there is room for both, else one below the other."""

from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.errors import LimelightError
from core.ui.board import draw
from core.ui.explaining import explain_all
from core.ui.figure.grid import Grid
from core.ui.frame.assets import GRID_KEY, style
from core.ui.laying import grid_of
from core.ui.pictures import selected_picture, title_of
from core.ui.pinning.pins import Pin
from core.ui.pinning.tray import leave_pair
from core.values import Picture

_BETWEEN, _CHROME = 24, 96  # px between the two, and above them


def show_pair(pair: tuple[Pin, Pin], room: tuple[int, int], progress: DeltaGenerator) -> None:
    """Draw both grids with their own captions; what fails is a sentence in its place."""
    with st.container(key="pair_back"):
        st.button(
            "Back to one comparison", key="pair_leave", icon=":material/arrow_back:", type="tertiary",
            on_click=leave_pair,
        )  # fmt: skip
    pictures = [_picture(pin) for pin in pair]
    grids, beside = _grids(pair, pictures, (room[0], room[1] - _CHROME))
    with st.container(key=GRID_KEY):  # the zoom is kept by that name, see viewport.js
        places = st.columns(2, gap="small") if beside else (st.container(), st.container())
    for which, place, pin, picture, grid in zip(("first", "second"), places, pair, pictures, grids, strict=True):
        with place:
            st.html(f'<h2 class="lime-half">{escape(pin.name)}</h2>')
            if isinstance(picture, Picture):
                _half(pin, picture, grid, which, progress)
            else:
                st.error(picture, icon=":material/broken_image:")


def _picture(pin: Pin) -> Picture | str:
    """A pin's picture, or a sentence on why it is not there."""
    try:
        return selected_picture(pin.selection.picture)
    except LimelightError as error:
        return str(error)


def _grids(
    pair: tuple[Pin, Pin], pictures: list[Picture | str], room: tuple[int, int]
) -> tuple[list[Grid | None], bool]:
    """Both grids (None without a picture), and whether they fit beside each other."""
    half = (room[0] - _BETWEEN) // 2, room[1]
    for available in (half, room):
        grids = [
            grid_of(pin.selection, picture, available) if isinstance(picture, Picture) else None
            for pin, picture in zip(pair, pictures, strict=True)
        ]
        if all(grid is None or grid.width <= half[0] for grid in grids):
            return grids, True
    return grids, False


def _half(pin: Pin, picture: Picture, grid: Grid | None, which: str, progress: DeltaGenerator) -> None:
    if grid is None:
        return
    with st.container(key=f"half_{which}"):
        st.html(style(f".st-key-half_{which} {{--half-width: {grid.width}px}}"))
        place, title = st.empty(), f"{title_of(pin.selection.picture)}, {which} of two"
    explain_all(pin.selection, picture, lambda slots: draw(place, slots, pin.selection, grid, title, picture), progress)
