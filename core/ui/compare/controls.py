"""The sidebar of the Compare page: widgets in, one Selection out."""

from dataclasses import replace

import streamlit as st

from core.selection import Selection
from core.ui.controls.class_box import choose_class, seed_class
from core.ui.controls.networks import categories_of, choose_networks, choose_rules
from core.ui.controls.picture import choose_picture
from core.ui.controls.view import (
    choose_colours,
    choose_framing,
    choose_ground,
    choose_reduction,
    choose_references,
    choose_show,
    details,
    seed_view,
)
from core.ui.figure.maps import is_signed
from core.ui.words import ARRANGEMENT_NAMES


def choose(selection: Selection) -> Selection:
    """Draw the controls and return what they say; they are set to `selection` when the reader has just arrived."""
    state = st.session_state
    if state["arrived"]:
        _seed(selection)
    picture = choose_picture(selection.picture)
    networks = choose_networks(selection)
    rules = choose_rules(networks)
    target = choose_class(categories_of(networks))
    ask = state.get("ask", selection.ask) or ""  # its widget is below the grid
    return _choose_view(replace(selection, picture=picture, networks=networks, rules=rules, target=target, ask=ask))


def _choose_view(selection: Selection) -> Selection:
    selection = choose_show(selection)
    with details():
        selection = choose_reduction(selection)
        selection = choose_colours(selection, signed=is_signed(selection))
        selection = choose_ground(selection)
        selection = choose_references(selection)
        return choose_framing(selection, ARRANGEMENT_NAMES)


def _seed(selection: Selection) -> None:
    state = st.session_state
    state.update(networks=list(selection.networks), rules=list(selection.rules), wanted_rules=list(selection.rules))
    state.update(ask=selection.ask or None)
    seed_class(selection.target)
    seed_view(selection)
