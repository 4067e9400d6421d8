"""Ending long work: what there is becomes a method of fewer samples, and can be gone on with."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.method import Method, slow_methods
from core.ui.figure.columns import Column, answers
from core.ui.frame.state import selection
from core.ui.frame.widgets import button

_KEY = "pace"  # of both buttons, or the one before would stay beside the other until the run has ended
_LEFT, _STOPPED = "samples_left", "stopped"  # where methods are not at their end; methods before, and what was kept
_ABOUT = "samples_left_of"  # the picture and the question that are looked at

_STOPS = (
    "Keep the maps of the samples that are there. Methods that mean nothing before their end, such as integrated "
    "gradients, are taken out."
)


class Stopping:
    """A button that ends long work, in a place of its own that is empty else; or the one that goes on with it."""

    def __init__(self, place: DeltaGenerator) -> None:
        self._place = place
        before, kept = st.session_state.get(_STOPPED, ((), ()))
        self._is_stopped = bool(before) and tuple(st.session_state.get("methods", ())) == kept
        if self._is_stopped:
            self._show("Go on", "resume", _go_on, "Compute all samples that were asked for; what is there is kept.")

    @contextmanager
    def offered(self) -> Iterator[None]:
        """While the block computes, it can be ended, unless it was and no more than a rest is computed."""
        about = selection().picture, selection().question
        if st.session_state.get(_ABOUT) != about:  # else the looks of the run before are still what is on the page
            st.session_state.update({_ABOUT: about, _LEFT: None})
        if self._is_stopped:
            yield
            return
        self._show("Stop here", "stop_circle", _stop, _STOPS)
        yield
        self._place.empty()

    def reached(self, columns: Sequence[Column]) -> None:
        """All networks are equally far."""
        left = [each.samples for each in answers(columns)]
        st.session_state[_LEFT] = {method: done for samples in left for method, (done, _) in samples.items()}

    def _show(self, label: str, icon: str, act: Callable[[], None], about: str) -> None:
        with self._place:
            button(label, key=_KEY, icon=f":material/{icon}:", type="tertiary", on_click=act, help=about)


@dataclass(frozen=True, slots=True)
class Places:
    """What of the headline changes while a grid fills: progress, scales of their own, and how to end it."""

    progress: DeltaGenerator
    own_scales: DeltaGenerator
    stopping: Stopping


def _stop() -> None:
    """Make of each method that is not at its end the one of the samples that are there, if there is such a method."""
    state = st.session_state
    left = state.get(_LEFT)
    if left is None:  # not one look is there
        left = dict.fromkeys(slow_methods(selection().question.rules), 0)
    kept = [_so_far(method, left) for method in state["methods"]]
    kept_texts = tuple(dict.fromkeys(method for method in kept if method))
    state[_STOPPED] = tuple(state["methods"]), kept_texts
    state["methods"] = list(kept_texts)


def _so_far(method: str, left: dict[str, int]) -> str:
    if method not in left:
        return method
    fewer = Method.parse(method).with_samples(left[method])
    return str(fewer) if fewer else ""


def _go_on() -> None:
    before, _ = st.session_state.pop(_STOPPED)
    st.session_state["methods"] = list(before)
