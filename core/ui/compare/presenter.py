"""The presenter view: the grid alone, as large as the window, for a room that looks at it together."""

import streamlit as st

from core.selection import Selection
from core.ui.controls.stepping import KEYS
from core.ui.frame import state
from core.ui.frame.assets import style, text
from core.ui.frame.buttons import listen
from core.ui.frame.widgets import button
from core.ui.pins import pins

CHROME = 84  # px of the window's height that the presenter view leaves to its one line and its edges
_MOST_KEYS = 9  # pins with a number key


def present_button(selection: Selection) -> None:
    """The button that begins the presenter view."""
    button(
        "Present", key="present", icon=":material/slideshow:", type="tertiary", on_click=_present, args=(True,),
        help="The grid alone, as large as the window.", disabled=selection.presenting,
    )  # fmt: skip


def present(selection: Selection, *, stepping: bool, is_whole: bool) -> None:
    """Let the keyboard step, and in the presenter view hide the controls and draw the way out.

    stepping: whether there are pictures to step through. is_whole: whether nothing is missing that controls would give.
    """
    if selection.presenting:
        if is_whole:
            st.html(style(text("presenter.css")))
        _way_out(stepping=stepping)
    _listen_to_keys(selection)


def _way_out(*, stepping: bool) -> None:
    """With the keys that still work."""
    numbers = range(1, min(len(pins.pins()), _MOST_KEYS) + 1)
    with st.container(
        horizontal=True, gap="small", vertical_alignment="center", width="content", key="way_out", wrap=False
    ):
        if hint := _hint(len(numbers), stepping=stepping):
            st.html(f'<p class="lime-step">{hint}</p>', width="content")
        button(
            "Leave presenter view", key="leave", icon=":material/close_fullscreen:", type="tertiary",
            on_click=_present, args=(False,), help="Escape",
        )  # fmt: skip


def _listen_to_keys(selection: Selection) -> None:
    """The arrows, and in the presenter view those that leave it and open pins."""
    pressed = dict(KEYS)
    if selection.presenting:
        pressed["Escape"] = "leave"
        pressed |= {str(place): f"pin_open_{pin.number}" for place, pin in enumerate(pins.pins()[:_MOST_KEYS], start=1)}
    listen(pressed)


def _hint(numbered: int, *, stepping: bool) -> str:
    digits = {0: "", 1: "1 opens the pin"}.get(numbered, f"1–{numbered} open pins")
    return " · ".join(part for part in ("← → step" if stepping else "", digits) if part)


def _present(wanted: bool) -> None:
    state.change(presenting=wanted)
