"""Asking: one test after another, with progress, until all are made or the reader has enough."""

import logging
import time
from dataclasses import dataclass

import streamlit as st

from core import tested
from core.errors import LimelightError
from core.evidence.finding import Finding
from core.evidence.table import TESTS
from core.ui.controls.networks import spec_of
from core.ui.frame.pause import WAITING, WORKING, Pause
from core.ui.frame.slot import Slot
from core.ui.frame.widgets import button
from core.ui.tools.evidence.answers import remember
from core.ui.tools.evidence.maps import Candidate
from core.ui.words import place_in_line, plain
from core.values import Picture
from core.wording import duration

_log = logging.getLogger(__name__)
_STOPPED = "tests_stopped"  # what was asked when the reader had enough
_STOPPED_SAYS = "Not tested: you stopped."


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of which picture: the reader's stop is for that alone."""

    picture: Picture
    fit: str
    what: str

    @property
    def key(self) -> tuple[str, str, str]:
        """All of it as plain text."""
        return self.picture.digest, self.fit, self.what

    @property
    def is_stopped(self) -> bool:
        """Whether the reader had enough of this."""
        return st.session_state.get(_STOPPED) == self.key

    def is_made(self, test: str, of: Candidate) -> bool:
        """Whether its answer is there."""
        return tested.is_ready(test, of.explanation, of.source, self.picture, self.fit)

    def offer_to_stop(self) -> None:
        """The button that ends it, or that goes on with it."""
        if self.is_stopped:
            button("Go on", key="tests_pace", icon=":material/resume:", on_click=_go_on)
        else:
            button(
                "Stop here", key="tests_pace", icon=":material/stop_circle:", on_click=_stop, args=(self.key,),
                help="What is answered stays.",
            )  # fmt: skip

    def ask(self, test: str, of: Candidate, place: Slot, heading: str = "") -> Finding | None:
        """Ask of one map, and say in this place what was found, or why nothing was."""
        if self.is_stopped and not self.is_made(test, of):
            place.container(last=True).caption(heading + _STOPPED_SAYS)
            return None
        try:
            found = self._found(test, of, place)
        except LimelightError as error:
            place.container(last=True).error(heading + str(error))
            return None
        except Exception:  # a bug of ours or of torch's: the other tests stay, and the log has the rest
            _log.exception("%s could not be tested", of.title)
            place.container(last=True).error(f"{heading}This test failed in a way we did not foresee.")
            return None
        remember(tested.key_of(test, of.explanation, of.source, self.picture, self.fit))
        names = spec_of(of.explanation.network).categories
        sentence = found.says(of.label, names) if found else TESTS[test].unless
        place.container(last=True).markdown(plain(heading + sentence).replace(" %", "\u00a0%"))
        return found

    def _found(self, test: str, of: Candidate, place: Slot) -> Finding | None:
        spec = spec_of(of.explanation.network)
        began, in_line, at_work = time.monotonic(), Pause(WAITING), Pause(WORKING)

        def waiting(ahead: int) -> None:
            if in_line.is_over():
                place.container(last=False).progress(0.0, f"This test is {place_in_line(ahead)}")

        def watch(done: int, total: int) -> None:
            if at_work.is_over():
                share, took = done / total, time.monotonic() - began
                left = f", {duration(took / share * (1 - share))} left" if took > 1 and share > 0.05 else ""
                place.container(last=False).progress(share, f"Testing{left}…")

        return tested.finding(test, of.explanation, of.source, spec, self.picture, self.fit, waiting, watch)


def _stop(what: tuple[str, str, str]) -> None:
    st.session_state[_STOPPED] = what


def _go_on() -> None:
    st.session_state.pop(_STOPPED, None)
