"""The Classes page's body: why this class and not that, in one grid, and an alarm where maps cannot say it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.comparison import Explanation
from core.errors import LimelightError
from core.selection import Selection
from core.ui.classes.around import contrast_caution, show_alarm, show_in_words, show_predictions
from core.ui.classes.controls import shared_categories, subject_of
from core.ui.classes.filling import fill, places
from core.ui.classes.view import signed
from core.ui.classes.words import alternative
from core.ui.controls.downloads import offer
from core.ui.controls.networks import title_of as network_title
from core.ui.controls.picture import selected_picture, title_of
from core.ui.controls.stepping import show_steps
from core.ui.export.link import copy_link
from core.ui.figure.figure import comparison_figure
from core.ui.figure.layout import Grid
from core.ui.figure.maps import Column
from core.ui.frame.viewport import room
from core.ui.grid.arrange import BESIDE, grid_of, laid_beside
from core.ui.grid.cautions import show_cautions
from core.ui.grid.chart import board, put
from core.ui.words import shortened
from core.values import Picture

_CHROME = 136  # px of the window's height that are not the grid's


def show_why(selection: Selection) -> None:
    """Draw what is selected; every error is a sentence in the place of what failed."""
    width, height = room()
    try:
        picture = selected_picture(selection.picture)
    except LimelightError as error:
        _headline(selection, title_of(selection.picture))
        st.error(str(error), icon=":material/broken_image:")
        return
    progress = _headline(selection, title_of(selection.picture))
    if hint := _missing_choice(selection):
        st.info(hint, icon=":material/arrow_back:")
        return
    _show(selection, picture, (width, height - _CHROME), progress)


def _missing_choice(selection: Selection) -> str:
    """What has to be chosen first, "" if nothing."""
    mode = st.session_state["why_mode"]
    if not selection.rules or (mode == "contrast" and not selection.networks):
        return f"Choose a {'gradient' if not selection.rules else 'network'} in the sidebar to see its map."
    if mode == "contrast" and selection.against is None:
        return "Choose two classes in the sidebar to see what speaks for the one and not for the other."
    if mode == "chosen" and not selection.classes:
        return "Choose classes in the sidebar to see their maps side by side."
    if selection.classes == (selection.against,):
        return "A class cannot be compared with itself: choose another one on one side."
    return ""


def _show(selection: Selection, picture: Picture, available: tuple[int, int], progress: DeltaGenerator) -> None:
    for notice in picture.notices:
        st.caption(notice)
    view = _view(selection)
    grid, beside = laid_beside(partial(_largest, view, picture), available)
    left, right = (
        st.columns([available[0] - BESIDE, BESIDE], gap="medium") if beside else (st.container(), st.container())
    )
    with left:
        missing_weights = st.container()
        place = board(grid)
        alarm = st.container()
    predictions, title = right.empty(), title_of(selection.picture)
    if beside:
        alarm = right.container()  # where it is seen without scrolling

    def draw(slots: Sequence[Column], explained: Mapping[str, Explanation]) -> None:
        figure = comparison_figure(slots, view, grid, picture)
        put(place, figure, grid, "limelight-classes", alternative(explained, view, title))
        with predictions.container():
            show_predictions(selection, explained)

    slots, explained = fill(selection, picture, grid, draw, progress)
    offer(missing_weights, list(dict.fromkeys(slot.network.partition("#")[0] for slot in slots if slot.missing)))
    _remember_top(selection, explained)
    with alarm:
        show_alarm(selection, picture, list(explained.values()))
    with right:
        show_cautions(selection, contrast_caution(selection))
    with left:
        show_in_words(slots, explained, view)


def _view(selection: Selection) -> Selection:
    """The selection as the grid needs it: its columns are the slots, and what other pages draw in it is left out."""
    view = replace(selection, networks=places(selection), references=(), region=None, ask="", present=False)
    return view if selection.against is None else signed(view)


def _largest(view: Selection, picture: Picture, available: tuple[int, int]) -> Grid:
    """The grid as it is arranged; automatically, classes stand so that panels are larger, two of them as rows."""
    if view.networks_as != "auto" or view.against is not None:
        return grid_of(view, picture, available)
    arranged = (grid_of(replace(view, networks_as=each), picture, available) for each in ("columns", "rows"))
    return max(arranged, key=lambda grid: grid.panel_width)


def _headline(selection: Selection, picture: str) -> DeltaGenerator:
    """The page's question; beside it, room for progress, so that nothing moves when it comes and goes."""
    subject = "" if st.session_state["why_mode"] == "contrast" else f"{network_title(subject_of(selection))} · "
    about = subject + shortened(picture, 80)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="headline"):
        # Not Markdown, which makes a link of any title that looks like an address, and titles come from strangers.
        st.html(f'<h1 class="lime-title">{escape(_question(selection))} <span>{escape(about)}</span></h1>')
        progress = st.container(width=260, key="progress").empty()
        show_steps(selection.picture)
        with st.container(width="content", key="controls"):
            copy_link(selection)
    return progress


def _question(selection: Selection) -> str:
    if st.session_state["why_mode"] != "contrast":
        return "What speaks for each class?"
    categories = shared_categories(selection.networks) or ()
    if selection.against is None or selection.against >= len(categories):
        return "Why one class and not another?"
    one = categories[selection.classes[0]] if selection.classes else "its top class"
    return f"Why {shortened(one, 40)} and not {shortened(categories[selection.against], 40)}?"


def _remember_top(selection: Selection, explained: Mapping[str, Explanation]) -> None:
    """For the controls, which begin another way of explaining with what there is to see."""
    if first := next(iter(explained.values()), None):
        st.session_state["why_top"] = first.network, tuple(prediction.index for prediction in first.top)
