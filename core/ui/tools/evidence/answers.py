"""The answers that this session has seen: they go with what it takes away, and those of other sessions do not."""

from collections.abc import Iterable

import streamlit as st

from core import tested
from core.examine import Examined
from core.explanation import Explanation
from core.values import Picture

_SEEN = "tests_seen"  # keys of core.tested


def remember(key: tested.Key) -> None:
    """This was answered on the page."""
    st.session_state.setdefault(_SEEN, set()).add(key)


def answers_about(explanations: Iterable[Explanation], picture: Picture, fit: str) -> tuple[Examined, ...]:
    """All that was answered here about the maps of these explanations, and is still held."""
    return tested.held(st.session_state.get(_SEEN, set()), explanations, picture, fit)
