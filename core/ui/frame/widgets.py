"""Streamlit's widgets for a choice, which tell the session when they are worked (see core.ui.frame.state).

Every choice and every button is drawn by one of these, so that none can forget to.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

import streamlit as st

from core.ui.frame.state import touch

Widget = TypeVar("Widget", bound=Callable[..., Any])


def _touching(widget: Widget, event: str = "on_change") -> Widget:
    """The same widget; a callback that is given for the event runs after the session was told."""

    @wraps(widget)
    def draw(*arguments: Any, **given: Any) -> Any:  # noqa: ANN401
        theirs = given.get(event)

        def worked(*values: Any, **named: Any) -> None:  # noqa: ANN401
            touch()
            if theirs is not None:
                theirs(*values, **named)

        return widget(*arguments, **given | {event: worked})

    return cast(Widget, draw)


button = _touching(st.button, "on_click")
camera_input = _touching(st.camera_input)
file_uploader = _touching(st.file_uploader)
multiselect = _touching(st.multiselect)
pills = _touching(st.pills)
radio = _touching(st.radio)
segmented_control = _touching(st.segmented_control)
select_slider = _touching(st.select_slider)
selectbox = _touching(st.selectbox)
slider = _touching(st.slider)
toggle = _touching(st.toggle)
