"""The part of a page that shows the view: another view is drawn there alone, and then all the rest.

A browser renders what a run says in one piece, as long as more of it comes: some 80 elements of a page with a grid,
before it begins to draw eight maps anew. That was a third of the time until they were seen, and nobody waits for the
rest. So there are two runs, of the part and of the page.
"""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count

import streamlit as st
from streamlit.errors import StreamlitAPIException

_KEY = "alone"  # of the part
_DRAWN, _FOLLOWS = "alone_drawn", "alone_follows"  # whether the page has it; whether a run of the page only follows it
_LEAD = 0.08  # seconds, in which a browser begins to draw the part

_log = logging.getLogger(__name__)


def part(draw: Callable[[], None], draw_again: Callable[[], None]) -> None:
    """Draw the page's part here; draw_again: as whatever is selected by then says."""
    runs, state = count(), st.session_state

    @st.fragment(key=_KEY)
    def alone() -> None:
        if not next(runs):
            draw()
            return
        try:
            draw_again()
        except Exception:  # a bug of ours, and the page, which draws the same, says so in its own way
            _log.exception("The part could not be drawn alone")
        time.sleep(_LEAD)
        state[_FOLLOWS] = True
        st.rerun()

    alone()
    state[_DRAWN] = True


def draw_alone() -> None:
    """For callbacks: the run that follows draws the part first, if the page has one. Does not return then."""
    if st.session_state.get(_DRAWN):
        with suppress(StreamlitAPIException):  # of a run that came to its end without it
            st.rerun(_KEY)


def begin_page() -> None:
    """At the beginning of a run of the page: it has no part until that is drawn, unless the run only follows it."""
    if not st.session_state.pop(_FOLLOWS, False):
        st.session_state[_DRAWN] = False
