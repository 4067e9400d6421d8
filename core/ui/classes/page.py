"""The Classes page's body: why this class and not that, in one grid, and an alarm where maps cannot say it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.explanation import Explanation
from core.question import Question
from core.selection import Selection
from core.targets import Classes
from core.ui.classes.controls import signed
from core.ui.classes.words import class_heading, colours_in_words
from core.ui.controls.networks import first_categories, network_title
from core.ui.controls.own_scales import show_own_scales
from core.ui.controls.picture import picture_or_reason, picture_title
from core.ui.controls.stepping import KEYS, show_steps
from core.ui.export.link import copy_link
from core.ui.figure.columns import Column, answers
from core.ui.frame import state
from core.ui.frame.buttons import listen
from core.ui.frame.headline import actions, headline
from core.ui.frame.slot import Slot
from core.ui.frame.viewport import CHROME, room
from core.ui.grid.arrange import arranged, arranged_beside, grid_beside
from core.ui.grid.ask import show_ask_buttons
from core.ui.grid.cautions import show_cautions
from core.ui.grid.chart import ChartPlace, chart_place, show_chart
from core.ui.grid.fill import BY_NETWORK, Headings, columns_of, fill
from core.ui.grid.plot import About
from core.ui.grid.stopping import Places, Stopping
from core.ui.grid.tables import lines, numbers, predictions_html, unanswered_html, with_predictions
from core.ui.words import plain, shortened
from core.values import Picture
from core.view import View


def show_classes(selection: Selection) -> None:
    """Draw what is selected; every error is a sentence in the place of what failed."""
    width, height = room()
    picture = picture_or_reason(selection.picture, selection.window)
    title = shortened(picture_title(selection.picture), 80)
    about = title if selection.mode == "contrast" else f"{network_title(selection.class_network)} · {title}"
    with headline(_question_in_words(selection), about) as progress:
        show_steps(selection.picture)
        with actions():
            stopping = Stopping(st.empty())
            own_scales = st.container(width="content")
            copy_link(selection.picture, selection.class_question)
        listen(KEYS)
    if isinstance(picture, str):
        st.error(picture, icon=":material/broken_image:")
    elif hint := _missing_choice(selection):
        st.info(hint, icon=":material/arrow_back:")
    else:
        _show(selection, picture, (width, height - CHROME), Places(progress, own_scales, stopping))


def _missing_choice(selection: Selection) -> str:
    """What has to be chosen first, "" if nothing."""
    question, mode = selection.question, selection.mode
    if not question.rules or (mode == "contrast" and not question.networks):
        return f"Choose a {'gradient' if not question.rules else 'network'} in the sidebar to see its map."
    if mode == "contrast" and question.against is None:
        return "Choose two classes in the sidebar to see what speaks for the one and not for the other."
    if mode == "chosen" and not selection.classes:
        return "Choose classes in the sidebar to see their maps side by side."
    if selection.classes == (question.against,):
        return "A class cannot be compared with itself: choose another one on one side."
    return ""


@dataclass(frozen=True, slots=True)
class _Rooms:
    """Where the parts of the page go.

    weights: for those that are missing. left, right: for what comes below the chart and below the predictions.
    """

    weights: DeltaGenerator
    chart: ChartPlace
    left: DeltaGenerator
    predictions: Slot
    right: DeltaGenerator
    alarm: DeltaGenerator


def _rooms(selection: Selection, picture: Picture, available: tuple[int, int]) -> _Rooms:
    question, view = selection.class_question, _view(selection)
    largest = question.against is None
    arrange = partial(arranged, columns_of(question), question.rules, view, picture, largest=largest)
    grid, beside = arranged_beside(arrange, available)
    left, right = grid_beside(grid, available[0]) if beside else (st.container(),) * 2
    with left:
        weights = st.container()
        chart = chart_place(About(grid, picture, picture_title(selection.picture), "limelight-classes"))
        alarm = None if beside else st.container(key="alarm")
    with right:
        predictions = Slot()
        alarm = alarm or st.container(key="alarm")  # where it is seen without scrolling
    return _Rooms(weights, chart, left, predictions, right, alarm)


def _show(selection: Selection, picture: Picture, available: tuple[int, int], places: Places) -> None:
    for notice in picture.notices:
        st.caption(notice)
    question, view, rooms = selection.class_question, _view(selection), _rooms(selection, picture, available)
    contrast, faint = question.against is not None, False

    def draw(columns: Sequence[Column], last: bool) -> None:
        nonlocal faint
        faint = show_chart(rooms.chart, columns, view, last=last, view_then=lambda: _view(state.selection()))
        with rooms.predictions.container(last=last):
            _show_predictions(columns)

    grid = rooms.chart.about.grid
    headings = BY_NETWORK if contrast else Headings(partial(_class_titles, question), partial(class_heading, grid))
    columns = fill(question, picture, draw, places.progress, headings, places.stopping)
    from core.ui.classes.alarm import show_alarm  # all with torch, which is there now
    from core.ui.controls.downloads import offer
    from core.ui.tools.evidence.tool import offer_evidence

    with places.own_scales:
        show_own_scales(view, faint=faint)
    offer(rooms.weights, list(dict.fromkeys(column.network for column in columns if column.missing)))
    found = answers(columns)
    if found:  # for the controls, which begin another mode with what there is to see
        st.session_state["why_top"] = found[0].network, tuple(prediction.index for prediction in found[0].top)
    with rooms.alarm:
        show_alarm(question, found)
    with rooms.right:
        show_cautions(selection, question.rules, contrast=contrast)
    with rooms.left:
        if not contrast:
            show_ask_buttons(rooms.chart.below, columns, grid)
            with st.container(key="tools"):
                offer_evidence(columns, replace(selection, view=view), picture)
        with st.container(key="in_words"):
            _show_in_words(columns, question, view)


def _view(selection: Selection) -> View:
    """The view without what other pages draw in the grid; a contrast needs values with a sign."""
    view = replace(selection.view, references=(), region=None)
    return view if selection.question.against is None else signed(view)


def _class_titles(question: Question, name: str) -> Sequence[str]:
    """What stands above the columns of one network before it has answered."""
    categories = first_categories((name,))
    if categories is None or not isinstance(question.targets, Classes):
        return ("…",)
    return [shortened(categories[index], 18) for index in question.targets.indices]


def _question_in_words(selection: Selection) -> str:
    if selection.mode != "contrast":
        return "What speaks for each class?"
    categories, against = first_categories(selection.question.networks) or (), selection.question.against
    if against is None or against >= len(categories):
        return "Why one class and not another?"
    one = categories[selection.classes[0]] if selection.classes else "its top class"
    return f"Why {shortened(one, 40)} and not {shortened(categories[against], 40)}?"


def _show_predictions(columns: Sequence[Column]) -> None:
    """Each network's most probable classes, and those that are explained."""
    by_network: dict[str, list[Explanation]] = {}
    for each in answers(columns):
        by_network.setdefault(each.network, []).append(each)
    for together in by_network.values():
        others = [prediction for each in together for prediction in (each.target, each.against) if prediction]
        st.html(predictions_html(with_predictions(together[0], others)))
    if not by_network:
        st.html(unanswered_html(network_title(columns[0].network), columns[0].message))


def _show_in_words(columns: Sequence[Column], question: Question, view: View) -> None:
    """The text that stands for the grid: a line each, and a table."""
    found = answers(columns)
    for notice in dict.fromkeys(notice for each in found for notice in each.notices):
        st.caption(notice)
    if not found:
        return
    if words := colours_in_words(found, question, view):
        st.caption(plain(words))
    st.caption(
        "Where the strongest 5 % of the pixels are centred, in what each network saw:\n"
        + "".join(f"\n- {line}" for line in lines(columns, question.rules, view))
    )
    with st.expander("In numbers", icon=":material/table:"):
        st.dataframe(numbers(columns, question.rules, view), hide_index=True)
