"""What the browser alone knows: how much room there is. And what it alone can keep or say: the zoom, values at the
mouse."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.ui.frame.assets import GRID_KEY, text
from core.ui.frame.state import touch

CHROME = 164  # px of the window's height that are not the grid's: the headline above, the choice of tools below
_USUAL = (1240, 860)  # a laptop, until the browser has said
_component = st.components.v2.component("limelight_browser", js=text("viewport.js"), html="<span></span>\n")


def begin_grid() -> DeltaGenerator:
    """Before a page with a grid is drawn, a place that nobody sees, for `ask_room`.

    It takes the browser most of a second to read what draws charts, which it does with the first one: so at a session's
    beginning an empty one comes before all else.
    """
    place = st.container(key="browser")
    if "room" not in st.session_state:
        place.plotly_chart({"data": [{"type": "heatmap"}], "layout": {"width": 10, "height": 10}}, theme=None)
    return place


def ask_room(place: DeltaGenerator) -> None:
    """Ask the browser how much room there is.

    After the controls: its word begins another run, and what this one drew, and was not sent yet, is then never sent.
    Widgets that are set to what is selected would stand there empty, and say so with the next click.
    """
    with place:
        known = st.session_state.get("room")
        said = _component(key="browser_room", data={"room": known, "grid": GRID_KEY}, on_room_change=touch)
    if said.room:
        st.session_state["room"] = (int(said.room[0]), int(said.room[1]))


def room() -> tuple[int, int]:
    """(width, height) in pixels that the page has for its content; a guess on the very first run of a session."""
    return st.session_state.get("room", _USUAL)
