"""Plotly's script, by which the browser draws charts: five megabytes, which it reads for most of a second."""

from functools import cache
from importlib.resources import files

import streamlit as st

from core.ui.frame.assets import text

_BROUGHT = "plotly_brought"


class PlotlyScript:
    """Here, in the container that is open, in a place that nobody sees.

    The browser reads the script for the first chart of Streamlit's, so that there is an empty one; the grid is drawn by
    what it brings. Nothing else moves meanwhile. So it comes after the first maps, of which there is a sketch until
    then (see sketch.js).
    """

    def __init__(self) -> None:
        self._room, self._is_here, self._drawings = st.container(key="plotly_script"), False, 0
        if _is_first_run() and (name := _name()):
            self._room.html(text("ahead.html").replace("NAME", name), unsafe_allow_javascript=True)

    def bring(self, *, last: bool) -> None:
        """A chart was drawn: have the browser read the script, unless others will follow soon.

        last: none will. Nor does it in a session's first run, which what it says of its room ends.
        """
        self._drawings += 1
        if self._is_here or (self._drawings == 1 and not last) or _is_first_run():
            return
        from core.ui.figure.blank import blank  # with Plotly

        self._room.plotly_chart(blank(), theme=None)
        self._is_here = st.session_state[_BROUGHT] = True


def is_brought() -> bool:
    """Whether this session's browser has been told to read it."""
    return _BROUGHT in st.session_state


def _is_first_run() -> bool:
    return "room" not in st.session_state  # which the browser tells then


@cache
def _name() -> str:
    """Of Streamlit's file with it, which a browser may fetch before it needs it; "" if it is called otherwise."""
    folder = files("streamlit") / "static" / "static" / "js"
    found = [each.name for each in folder.iterdir() if each.name.startswith("PlotlyChart.")] if folder.is_dir() else []
    return found[0] if len(found) == 1 else ""
