"""What the browser alone knows: how much room there is. And what it alone can keep or say: the zoom, values at the
mouse."""

import streamlit as st

from core.ui.frame.assets import GRID_KEY, text
from core.ui.frame.state import touch

CHROME = 164  # px of the window's height that are not the grid's: the headline above, the choice of tools below
_USUAL = (1240, 860)  # a laptop, until the browser has said
_component = st.components.v2.component("limelight_browser", js=text("viewport.js"), html="<span></span>\n")


def ask_browser() -> None:
    """Ask how much room there is, and have the browser read what draws charts, which takes it most of a second.

    It does the latter with the first chart: so a session begins with an empty one, in a place that nobody sees.

    After the controls: what the browser says begins another run, and what this one drew, and was not sent yet, is then
    never sent. Widgets that are set to what is selected would stand there empty, and say so with the next click.
    """
    known = st.session_state.get("room")
    with st.container(key="browser"):
        said = _component(key="browser_room", data={"room": known, "grid": GRID_KEY}, on_room_change=touch)
        if not known:
            import pandas  # type: ignore[import-untyped]  # noqa: F401  # see core.ui.figure.figure

            from core.ui.figure.ready import Ready

            empty = {"data": [{"type": "heatmap"}], "layout": {"width": 10, "height": 10}}
            st.plotly_chart(Ready(empty), theme=None)
    if said.room:
        st.session_state["room"] = (int(said.room[0]), int(said.room[1]))


def room() -> tuple[int, int]:
    """(width, height) in pixels that the page has for its content; a guess on the very first run of a session."""
    return st.session_state.get("room", _USUAL)
