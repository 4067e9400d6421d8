"""A place in which a run may draw the same thing several times, each time instead of the last."""

from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


class Slot:
    """Here, in the container that is open.

    st.empty, which can be drawn in again, first sends word of an empty place, and the browser shows that for a moment.
    What a run draws but once needs none: it takes the place of what the run before drew, which stays until then.
    """

    def __init__(self) -> None:
        self._room = st.container(gap=None)
        self._again: DeltaGenerator | None = None

    def container(
        self, *, last: bool, horizontal: bool = False, gap: Literal["small"] | None = "small"
    ) -> DeltaGenerator:
        """For what is drawn next. last: this run draws nothing here after it. horizontal, gap: see st.container."""
        if not last:
            self._begin()
        return (self._again or self._room).container(horizontal=horizontal, gap=gap)

    def clear(self) -> None:
        """Take away what the run before drew, which an empty container would leave there until this one ends."""
        self._begin().empty()

    def _begin(self) -> DeltaGenerator:
        self._again = self._again or self._room.empty()
        return self._again
