"""Showing: the maps and curves that a test made, below its sentence."""

import streamlit as st

from core.evidence.finding import Finding
from core.evidence.pointing import STEPS, Pointing
from core.evidence_view import HIDDEN
from core.selection import Selection
from core.ui.controls.networks import spec_of
from core.ui.figure.curves import curves_figure
from core.ui.figure.evidence import hidden_picture, small_maps
from core.ui.frame import state
from core.ui.frame.widgets import select_slider
from core.ui.tools.evidence.maps import Candidate
from core.ui.words import percent, plain
from core.values import Picture

_SIDE = 168  # px of a map
_CURVES = {"displayModeBar": False}


def show_found(found: Finding, of: Candidate, selection: Selection, picture: Picture) -> None:
    """Draw them."""
    names = spec_of(of.explanation.network).categories
    if maps := found.maps(of.map, of.label, names):
        with st.container(horizontal=True):
            small = small_maps(maps, of.source, selection.view, of.explanation.framing.side)
            for name, pixels in small.items():
                st.image(pixels, caption=plain(name), width=_SIDE, alt=f"{of.title}, {name}")
    if isinstance(found, Pointing):
        left, right = st.columns([2, 1], gap="medium")
        with left:
            _show_curves(found, of)
        with right:
            _show_hidden(found, of, selection, picture)
    else:
        _show_curves(found, of)


def _show_curves(found: Finding, of: Candidate) -> None:
    if curves := found.curves(of.label):
        alt = f"Curves of {of.title}: {found.says(of.label, spec_of(of.explanation.network).categories)}"
        st.plotly_chart(curves_figure(curves), width="content", theme=None, config=_CURVES, alt=alt)


def _show_hidden(found: Pointing, of: Candidate, selection: Selection, picture: Picture) -> None:
    """The picture after as much hiding as the reader drags to."""
    share = selection.evidence.hidden
    state.keep_widget("hidden_share", share)
    select_slider(
        "Hidden, strongest first", HIDDEN, key="hidden_share", format_func=lambda each: f"{each} %", on_change=_drag
    )
    spec, step = spec_of(of.explanation.network), share * STEPS // 100
    hidden = hidden_picture(found, step, picture, spec.recipe, selection.question.fit)
    st.image(hidden, width=_SIDE, alt=f"What the network saw with {share} % hidden")
    said, left = spec.categories[found.named[step]], percent(float(found.hidden[step]))
    st.caption(f"The network says **{plain(said)}**; {plain(of.label)} has {left}.")


def _drag() -> None:
    state.change_evidence(hidden=st.session_state["hidden_share"])
