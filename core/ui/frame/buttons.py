"""Buttons whose work is done in the browser: a PNG of the grid, the address on the clipboard, and keys for buttons."""

from collections.abc import Mapping

import streamlit as st

from core.ui.frame.assets import GRID_KEY, text

_HTML, _CSS = text("button.html"), text("button.css")
_shot = st.components.v2.component("limelight_shot", html=_HTML, css=_CSS, js=text("shot.js"))
_link = st.components.v2.component("limelight_link", html=_HTML, css=_CSS, js=text("link.js"))
_keys = st.components.v2.component("limelight_keys", html="<span></span>\n", js=text("keys.js"))


def shot_button(label: str, file: str) -> None:
    """A button that saves the grid as it is on the screen, zoomed or not, as `file`.png at twice its size."""
    _shot(key="shot", data={"label": label, "file": file, "grid": GRID_KEY}, width="content")


def link_button(needed: str) -> None:
    """A button that copies the page's address; `needed` says what else the other person needs, "" if nothing."""
    _link(key="link", data={"needed": needed}, width="content")


def listen(keys: Mapping[str, str]) -> None:
    """Let keys press buttons: by a key's name as the browser has it ("ArrowLeft"), the key of the st.button."""
    with st.container(key="keys", width=1):
        _keys(key="pressed", data={"keys": dict(keys)})
