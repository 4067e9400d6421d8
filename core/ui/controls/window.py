"""Which values of a picture of more than 8 bits are shown as black and as white."""

import streamlit as st

from core.ui.frame import state
from core.ui.frame.widgets import button, slider
from core.values import Depth, Window


def choose_window(depth: Depth | None, window: Window | None) -> Window | None:
    """Draw the choice where there is one, and return it; None is the window that is proposed."""
    if depth is None:
        return None
    shown = depth.window
    low, high = float(min(depth.least, shown.low)), float(max(depth.most, shown.high))
    session = st.session_state
    session["window"] = (float(shown.low), float(shown.high))  # Streamlit takes no two kinds of numbers
    step = _step(low, high)
    digits = "%.0f" if step == 1 else "%.3g"
    slider("Black and white at", low, high, key="window", step=step, format=digits, on_change=_take)
    if window is not None:
        button("As proposed", icon=":material/undo:", key="window_proposed", on_click=_propose)
    return window


def _step(low: float, high: float) -> float:
    """Whole numbers where there are many of them."""
    return 1.0 if high - low >= 100 else (high - low) / 256


def _take() -> None:
    low, high = st.session_state["window"]
    if low < high:
        state.change(window=Window(low, high))


def _propose() -> None:
    state.change(window=None)
