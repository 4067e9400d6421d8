"""From a shared scale to each panel's own in one click, where a panel looks like nothing on it; and back."""

import streamlit as st

from core.ui.frame import state
from core.ui.frame.widgets import button
from core.view import View

_BEFORE = "scale_before"


def show_own_scales(view: View, *, faint: bool) -> None:
    """Draw the button, if there is need of one. faint: whether any panel is, on its scale."""
    if view.scale == "panel":
        before = st.session_state.get(_BEFORE, "row")
        _button("One scale again", "Panels share a scale as before, so that their sizes compare.", before)
    elif faint:
        _button("Own scales", "Some panels are faint on a scale that they share: give each one its own.", "panel")


def _button(label: str, about: str, scale: str) -> None:
    button(
        label, key="own_scales", icon=":material/contrast:", type="tertiary", on_click=_set, args=(scale,), help=about
    )


def _set(scale: str) -> None:
    session, view = st.session_state, state.selection().view
    session[_BEFORE], session["scale"] = view.scale, scale  # the latter is the widget's, if it is drawn
    state.see(scale=scale)
