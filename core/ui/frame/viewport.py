"""What the browser alone knows: how much room there is. And what it alone can keep or say: the zoom, values at the
mouse."""

import streamlit as st

from core.ui.frame.assets import GRID_KEY, text
from core.ui.frame.state import touch

CHROME = 164  # px of the window's height that are not the grid's: the headline above, the choice of tools below
_USUAL = (1240, 860)  # a laptop, until the browser has said
_component = st.components.v2.component("limelight_browser", js=text("viewport.js"), html="<span></span>\n")


def room() -> tuple[int, int]:
    """(width, height) in pixels that the page has for its content; a guess on the very first run of a session."""
    known: tuple[int, int] | None = st.session_state.get("room")
    with st.container(key="browser"):
        said = _component(key="browser_room", data={"room": known, "grid": GRID_KEY}, on_room_change=touch)
    if said.room:
        known = st.session_state["room"] = (int(said.room[0]), int(said.room[1]))
    return known or _USUAL
