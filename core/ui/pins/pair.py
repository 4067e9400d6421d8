"""Two pinned comparisons, beside each other where there is room for both, else one below the other."""

from collections.abc import Sequence
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.ui.controls.picture import picture_or_reason, picture_title
from core.ui.figure.columns import Column
from core.ui.figure.layout import Grid
from core.ui.frame.assets import GRID_KEY, lasting_style
from core.ui.frame.plotly_script import PlotlyScript
from core.ui.frame.widgets import button
from core.ui.grid.arrange import arranged
from core.ui.grid.chart import empty_place, show_chart
from core.ui.grid.fill import columns_of, fill
from core.ui.grid.plot import About
from core.ui.pins.pins import Pin
from core.ui.pins.tray import leave_pair
from core.values import Picture

_BETWEEN, _CHROME = 24, 96  # px between the two, and above them


def show_pair(pair: tuple[Pin, Pin], room: tuple[int, int], progress: DeltaGenerator) -> None:
    """Draw both grids with their own captions; what fails is a sentence in its place."""
    with st.container(key="pair_back"):
        button(
            "Back to one comparison", key="pair_leave", icon=":material/arrow_back:", type="tertiary",
            on_click=leave_pair,
        )  # fmt: skip
    pictures = [picture_or_reason(pin.selection.picture, pin.selection.window) for pin in pair]
    grids, beside = _grids(pair, pictures, (room[0], room[1] - _CHROME))
    script = PlotlyScript()
    with st.container(key=GRID_KEY):
        places = st.columns(2, gap="small") if beside else (st.container(), st.container())
    for which, place, pin, picture, grid in zip(("first", "second"), places, pair, pictures, grids, strict=True):
        with place:
            st.html(f'<h2 class="lime-half">{escape(pin.name)}</h2>')
            if isinstance(picture, Picture):
                _half(pin, picture, grid, which, script, progress)
            else:
                st.error(picture, icon=":material/broken_image:")


def _grids(
    pair: tuple[Pin, Pin], pictures: list[Picture | str], room: tuple[int, int]
) -> tuple[list[Grid | None], bool]:
    """Both grids (None without a picture), and whether they fit beside each other."""
    half = (room[0] - _BETWEEN) // 2, room[1]
    for available in (half, room):
        grids = [
            _grid(pin, picture, available) if isinstance(picture, Picture) else None
            for pin, picture in zip(pair, pictures, strict=True)
        ]
        if all(grid is None or grid.width <= half[0] for grid in grids):
            return grids, True
    return grids, False


def _half(
    pin: Pin, picture: Picture, grid: Grid | None, which: str, script: PlotlyScript, progress: DeltaGenerator
) -> None:
    if grid is None:
        return
    with st.container(key=f"half_{which}"):
        st.html(lasting_style(f".st-key-half_{which} {{--half-width: {grid.width}px}}"))
        for notice in picture.notices:
            st.caption(notice)
        title = f"{picture_title(pin.selection.picture)}, {which} of two"
        place = empty_place(which, About(grid, picture, title), script)
    question, view = pin.selection.compare_question, pin.selection.view

    def draw(columns: Sequence[Column], last: bool) -> None:
        show_chart(place, columns, view, last=last)

    fill(question, picture, draw, progress)


def _grid(pin: Pin, picture: Picture, room: tuple[int, int]) -> Grid:
    question = pin.selection.compare_question
    return arranged(columns_of(question), question.rules, pin.selection.view, picture, room)
