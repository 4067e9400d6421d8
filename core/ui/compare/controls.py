"""The sidebar of the Compare page: widgets in, one Selection out."""

from dataclasses import replace

import streamlit as st

from core.selection import Selection
from core.ui.controls.class_box import choose_class, keep_class, seed_class
from core.ui.controls.framing import choose_fit
from core.ui.controls.networks import categories_of, choose_networks, choose_rules, is_here, seed_rules
from core.ui.controls.picture import choose_picture
from core.ui.controls.view import (
    choose_arrangement,
    choose_coarse,
    choose_colours,
    choose_reduction,
    choose_references,
    choose_show,
    choose_space,
    details,
    seed_view,
)
from core.ui.frame.state import arrived
from core.ui.words import ARRANGEMENT_NAMES


def choose(selection: Selection) -> Selection:
    """Draw the controls and return what they say; they are set to `selection` when the reader has just arrived."""
    if arrived():
        _seed(selection)
    picture, window = choose_picture(selection.picture, selection.window)
    networks = choose_networks(selection.question.networks)
    rules = choose_rules(networks)
    if networks and not any(map(is_here, networks)):
        targets = keep_class(selection.question.targets)
    else:
        targets = choose_class(categories_of(networks))
    view = choose_show(selection.view)
    fit = selection.question.fit
    with details(view, fit=fit) as is_open:
        if is_open:
            view = choose_colours(choose_reduction(view))
            view = choose_references(choose_coarse(choose_space(view)))
            fit = choose_fit()
            view = choose_arrangement(view, ARRANGEMENT_NAMES)
    question = replace(selection.question, networks=networks, rules=rules, targets=targets, fit=fit)
    tool = st.session_state.get("ask", selection.tool) or ""  # its widget is below the grid
    return replace(selection, picture=picture, window=window, question=question, view=view, tool=tool)


def _seed(selection: Selection) -> None:
    question = selection.question
    st.session_state.update(networks=list(question.networks), fit=question.fit, ask=selection.tool or None)
    seed_rules(question.rules)
    seed_class(question.targets)
    seed_view(selection.view)
