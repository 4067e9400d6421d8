"""The Compare page's body: the grid, beside it the predictions, below it the tools that ask questions of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.question import Question
from core.selection import Selection
from core.ui.compare.presenter import CHROME as PRESENTER_CHROME
from core.ui.compare.presenter import present, present_button
from core.ui.controls.own_scales import show_own_scales
from core.ui.controls.picture import picture_detail, picture_or_reason, picture_title
from core.ui.controls.stepping import show_steps
from core.ui.export.link import copy_link
from core.ui.figure.columns import Column, answers
from core.ui.frame import state
from core.ui.frame.headline import actions, headline
from core.ui.frame.slot import Slot
from core.ui.frame.viewport import CHROME, room
from core.ui.grid.arrange import arranged, arranged_beside, grid_beside
from core.ui.grid.ask import show_ask_buttons
from core.ui.grid.cautions import show_cautions
from core.ui.grid.chart import ChartPlace, chart_place, show_chart
from core.ui.grid.fill import columns_of, fill
from core.ui.grid.plot import About
from core.ui.grid.stopping import Places, Stopping
from core.ui.grid.tables import predictions_html, unanswered_html
from core.ui.pins.pair import show_pair
from core.ui.pins.tray import chosen_pair, pin_button, pin_if_asked, remember, show_tray, tray_height
from core.ui.words import shortened
from core.values import Picture

_TABLE = 400  # px, of a network's predictions where several stand in a row


def show_comparison(selection: Selection) -> None:
    """Draw the comparison that is selected; every error is a sentence in the place of what failed."""
    pin_if_asked(selection)
    width, height = room()
    available = width, height - (PRESENTER_CHROME if selection.presenting else CHROME + tray_height())
    if pair := chosen_pair():
        with headline("Two pins", "") as progress:
            with actions():
                present_button(selection)
            present(selection, stepping=False, is_whole=True)
        show_tray(selection)
        show_pair(pair, available, progress)
        return
    picture, missing = picture_or_reason(selection.picture, selection.window), _missing_choice(selection.question)
    detail = picture_detail(selection.picture, picture) if isinstance(picture, Picture) else ""
    with headline(shortened(picture_title(selection.picture), 80), detail) as progress:
        stepping = show_steps(selection.picture)
        with actions():
            stopping = Stopping(st.empty())
            pin_button(selection)
            present_button(selection)
            own_scales = st.container(width="content")
            copy_link(selection.picture, selection.compare_question)
        present(selection, stepping=stepping, is_whole=isinstance(picture, Picture) and not missing)
    show_tray(selection)
    if isinstance(picture, str):
        st.error(picture, icon=":material/broken_image:")
        from core.ui.export.manifest import show_needed

        show_needed(selection.picture)
    elif missing:
        st.info(missing, icon=":material/arrow_back:")
    else:
        _show(selection, picture, available, Places(progress, own_scales, stopping))


def _missing_choice(question: Question) -> str:
    """What has to be chosen first, "" if nothing."""
    if question.networks and question.rules:
        return ""
    return f"Choose {'a gradient' if question.networks else 'a network'} in the sidebar to see its map."


@dataclass(frozen=True, slots=True)
class _Rooms:
    """Where the parts of a comparison go.

    weights: for those that are missing. below: for what comes below the chart. beside: whether predictions and cautions
    are at its right.
    """

    weights: DeltaGenerator
    chart: ChartPlace
    below: DeltaGenerator
    predictions: Slot
    beside: bool
    cautions: DeltaGenerator


def _rooms(selection: Selection, picture: Picture, available: tuple[int, int]) -> _Rooms:
    question, title = selection.compare_question, picture_title(selection.picture)
    arrange = partial(
        arranged, columns_of(question), question.rules, selection.view, picture,
        largest=selection.presenting, presented=selection.presenting,
    )  # fmt: skip
    grid, beside = (arrange(available), False) if selection.presenting else arranged_beside(arrange, available)
    left, right = grid_beside(grid, available[0]) if beside else (st.container(),) * 2
    with left:
        weights = st.container(key="weights")
        chart = chart_place(About(grid, picture, title, asks_region=selection.tool == "region"))
    around = right.container(key="around")
    # Below, a single network's predictions leave room beside them.
    said, unsaid = around.columns(2, gap="large") if not beside and columns_of(question) == 1 else (around, around)
    with said:
        return _Rooms(weights, chart, left, Slot(), beside, unsaid)


def _show(selection: Selection, picture: Picture, available: tuple[int, int], places: Places) -> None:
    for notice in picture.notices:
        st.caption(notice)
    question, view, rooms = selection.compare_question, selection.view, _rooms(selection, picture, available)
    faint = False

    def draw(columns: Sequence[Column], last: bool) -> None:
        nonlocal faint
        faint = show_chart(rooms.chart, columns, view, last=last, view_then=lambda: state.selection().view)
        with rooms.predictions.container(last=last, horizontal=not rooms.beside):
            _show_predictions(columns, "stretch" if rooms.beside else _TABLE)

    columns = fill(question, picture, draw, places.progress, stopping=places.stopping)
    from core.ui.controls.downloads import offer  # both with torch, which is there now
    from core.ui.tools.menu import show_tools

    with places.own_scales:
        show_own_scales(view, faint=faint)
    if not selection.presenting:
        show_ask_buttons(rooms.chart.below, columns, rooms.chart.about.grid)
    remember(columns, selection)
    for answer in answers(columns):
        for notice in answer.notices:
            rooms.below.caption(notice)
    offer(rooms.weights, [column.network for column in columns if column.missing])
    with rooms.cautions:
        show_cautions(selection, question.rules)
    with rooms.below.container(key="tools"):
        show_tools(columns, selection, picture)


def _show_predictions(columns: Sequence[Column], width: int | Literal["stretch"]) -> None:
    for column in columns:
        answer = column.explanation
        table = predictions_html(answer) if answer else unanswered_html(column.title, column.message)
        st.html(table, width=width)
