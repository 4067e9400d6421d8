"""What the browser alone knows: how much room there is."""

import streamlit as st

from core.ui.frame.assets import text
from core.ui.frame.state import touch

CHROME = 164  # px of the window's height that are not the grid's: the headline above, the choice of tools below
_USUAL = (1240, 860)  # a laptop, until the browser has said
_component = st.components.v2.component("limelight_browser", js=text("viewport.js"), html="<span></span>\n")


def ask_browser() -> None:
    """Ask how much room there is.

    After the controls: what the browser says begins another run, and what this one drew, and was not sent yet, is then
    never sent. Widgets that are set to what is selected would stand there empty, and say so with the next click.
    """
    known = st.session_state.get("room")
    with st.container(key="browser"):
        said = _component(key="browser_room", data={"room": known}, on_room_change=touch)
    if said.room:
        st.session_state["room"] = (int(said.room[0]), int(said.room[1]))


def room() -> tuple[int, int]:
    """(width, height) in pixels that the page has for its content; a guess on the very first run of a session."""
    return st.session_state.get("room", _USUAL)
