"""The Compare page's body: the grid, beside it the predictions, below it the tools that ask questions of it."""

from collections.abc import Sequence
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.errors import LimelightError
from core.selection import Selection
from core.ui.compare.presenter import CHROME
from core.ui.controls.downloads import offer
from core.ui.controls.picture import detail_of, selected_picture, title_of
from core.ui.export.manifest import show_needed
from core.ui.figure.maps import Column
from core.ui.frame.headline import headline
from core.ui.frame.viewport import room
from core.ui.grid.arrange import BESIDE, grid_of, laid_beside
from core.ui.grid.cautions import show_cautions
from core.ui.grid.chart import board, draw
from core.ui.grid.fill import explain_all
from core.ui.grid.tables import predictions_html, waiting_html
from core.ui.pins.pair import show_pair
from core.ui.pins.tray import chosen_pair, remember, show_tray, tray_height
from core.ui.tools.menu import show_tools
from core.values import Picture

_USUAL_CHROME = 136  # px of the window's height that are not the grid's


def show_comparison(selection: Selection) -> None:
    """Draw the comparison that is selected; every error is a sentence in the place of what failed."""
    width, height = room()
    available = width, height - (CHROME if selection.present else _USUAL_CHROME + tray_height())
    title = title_of(selection.picture)
    try:
        picture = selected_picture(selection.picture)
    except LimelightError as error:
        headline(selection, title, "")
        show_tray(selection)
        st.error(str(error), icon=":material/broken_image:")
        show_needed(selection)
        return
    progress = headline(selection, title, detail_of(selection.picture, picture))
    show_tray(selection)
    if pair := chosen_pair():
        show_pair(pair, available, progress)
    elif not selection.networks or not selection.rules:
        missing = "a network" if not selection.networks else "a gradient"
        st.info(f"Choose {missing} in the sidebar to see its map.", icon=":material/arrow_back:")
    else:
        _show(selection, picture, available, progress)


def _show(selection: Selection, picture: Picture, available: tuple[int, int], progress: DeltaGenerator) -> None:
    for notice in picture.notices:
        st.caption(notice)
    lay = partial(grid_of, selection, picture)
    grid, beside = (lay(available), False) if selection.present else laid_beside(lay, available)
    left, right = st.columns([available[0] - BESIDE, BESIDE], gap="medium") if beside else (st.container(),) * 2
    with left:
        missing_weights = st.container(key="weights")
        place = board(grid)
    with right:
        around = st.container(key="around")
        predictions = around.empty()

    def show(slots: Sequence[Column]) -> None:
        draw(place, slots, selection, grid, title_of(selection.picture), picture)
        with predictions.container():
            for slot in slots:
                st.html(predictions_html(slot.explanation) if slot.explanation else waiting_html(slot.title))

    slots = explain_all(selection, picture, show, progress)
    remember(slots, selection)
    for slot in slots:
        if slot.explanation:
            for notice in slot.explanation.notices:
                left.caption(notice)
    offer(missing_weights, [slot.network for slot in slots if slot.missing])
    with around:
        show_cautions(selection)
    with left.container(key="tools"):
        show_tools(slots, selection, picture)
