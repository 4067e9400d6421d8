"""Streamlit's widgets for a choice, which tell the session when they are worked (see core.ui.frame.state).

Every choice and every button is drawn by one of these, so that none can forget to.
"""

import math
import threading
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

import streamlit as st
from streamlit import config

from core.ui.frame.state import touch

_one_at_a_time = threading.Lock()

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
multiselect = _touching(st.multiselect)
pills = _touching(st.pills)
radio = _touching(st.radio)
segmented_control = _touching(st.segmented_control)
select_slider = _touching(st.select_slider)
selectbox = _touching(st.selectbox)
slider = _touching(st.slider)
toggle = _touching(st.toggle)


def file_uploader(label: str, most: int, **given: Any) -> Any:  # noqa: ANN401
    """Streamlit's, for files of at most so many bytes.

    Its limit for the whole server, which holds whatever a place for files says, is raised to that, for all sessions.
    (The browser counts megabytes by thousands, the server by 1024.)
    """
    size = math.ceil(most / 1e6)
    with _one_at_a_time:
        if config.get_option("server.maxUploadSize") < size:
            config.set_option("server.maxUploadSize", size)
    return _touching(st.file_uploader)(label, max_upload_size=size, **given)
