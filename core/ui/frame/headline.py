"""The line above the grid: what is shown, how far it is, and what can be done with it as a whole."""

from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.selection import Selection
from core.ui.compare.presenter import keys, present_button, way_out
from core.ui.controls.stepping import show_steps
from core.ui.export.link import copy_link
from core.ui.pins.tray import pin_button
from core.ui.words import shortened


def headline(selection: Selection, title: str, detail: str) -> DeltaGenerator:
    """Draw it; what is returned is room for progress, so that nothing moves when it comes and goes."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="headline"):
        # Not Markdown, which makes a link of any title that looks like an address, and titles come from strangers.
        st.html(f'<h1 class="lime-title">{escape(shortened(title, 80))} <span>{escape(detail)}</span></h1>')
        progress = st.container(width=260, key="progress").empty()
        stepping = show_steps(selection.picture)
        with st.container(horizontal=True, vertical_alignment="center", gap="medium", width="content", key="controls"):
            pin_button(selection)
            present_button(selection)
            copy_link(selection)
        if selection.present:
            way_out(stepping=stepping)
        keys(selection)
    return progress
