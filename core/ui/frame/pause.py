"""Pauses between two words to the page, each of which takes time from what computes."""

import time

import streamlit as st

WORKING, WAITING = 0.5, 1.0  # seconds between two words on work, and on a place in line


class Pause:
    """A pause, and then the next one."""

    def __init__(self, seconds: float) -> None:
        """It begins now."""
        self._seconds, self._began = seconds, time.monotonic()

    def is_over(self) -> bool:
        """Whether it is, and the next one begins.

        Where it is not, the run ends here if the reader has asked for something else or left, as it would at a word.
        """
        now = time.monotonic()
        if now - self._began >= self._seconds:
            self._began = now
            return True
        "selection" in st.session_state  # noqa: B015  # of any key: it is asking that ends the run
        return False
