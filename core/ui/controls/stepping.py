"""Stepping through the session's uploaded pictures, while networks, gradients and view stay."""

import streamlit as st

from core.ui.controls.picture import uploaded
from core.ui.frame.widgets import button

BACK, FORTH = "step_back", "step_forth"  # keys of the buttons
KEYS = {"ArrowLeft": BACK, "ArrowRight": FORTH}  # of the keyboard, and the buttons that they press


def show_steps(picture: str) -> bool:
    """Draw the way to the picture before and after, and where one is; whether there is one to step to."""
    names = uploaded()
    if picture not in names or len(names) < 2:
        return False
    here = names.index(picture)
    with st.container(horizontal=True, gap="xxsmall", vertical_alignment="center", width="content", key="steps"):
        _button(BACK, "chevron_left", "Previous picture (left arrow key)", names[here - 1])
        st.html(f'<p class="lime-step">{here + 1} of {len(names)}</p>', width="content")
        _button(FORTH, "chevron_right", "Next picture (right arrow key)", names[(here + 1) % len(names)])
    return True


def _button(key: str, icon: str, about: str, picture: str) -> None:
    button(
        about.partition(" (")[0], key=key, icon=f":material/{icon}:", type="tertiary", on_click=_step, args=(picture,),
        help=about,
    )  # fmt: skip


def _step(picture: str) -> None:
    st.session_state["picture"] = picture
