"""The frame that every page shares: its title, the links between pages, and the selection, which is in the address."""

from collections.abc import Callable
from functools import cache

import streamlit as st
from PIL import Image, ImageDraw

from core.runtime.sockets import send_at_once
from core.selection import Selection
from core.ui.frame import engine
from core.ui.frame.assets import style, text
from core.ui.frame.state import begin, leave
from core.ui.frame.viewport import ask_browser
from core.ui.palette import DARK_LIME, LIME

PAGES = {  # file, as the entrypoint sees it -> label and icon of its link
    "streamlit_app.py": ("Compare", ":material/compare:"),
    "pages/Classes.py": ("Classes", ":material/category:"),
    "pages/Audit.py": ("Audit", ":material/search:"),
    "pages/Models.py": ("Models", ":material/deployed_code:"),
    "pages/Methods.py": ("Methods", ":material/menu_book:"),
}


_send_at_once = cache(send_at_once)  # once a process


@cache
def _icon() -> Image.Image:
    """A lime disc: drawn, since a Material icon as favicon would be fetched from another host."""
    icon = Image.new("RGBA", (64, 64))
    ImageDraw.Draw(icon).ellipse((6, 6, 58, 58), fill=LIME, outline=DARK_LIME, width=3)
    return icon


def open_page(title: str, controls: Callable[[Selection], Selection] | None = None) -> Selection:
    """Begin a page: its frame is drawn, and what the reader selected is returned.

    controls: of a page with a grid, draws widgets in the sidebar, which follow the selection if the reader has just
    arrived, and returns what they say. Whatever computes is imported from here on, in the background.
    """
    _send_at_once()
    st.set_page_config(page_title=f"{title} · Limelight", page_icon=_icon(), layout="wide", initial_sidebar_state=320)
    st.html(style(text("page.css")))
    selected = begin(title)
    with st.sidebar:
        st.html('<p class="lime-brand"><i></i>Limelight</p>')
        links = st.container(gap="xxsmall")
        if controls:
            selected = controls(selected)
    if controls:
        ask_browser()
    query = leave(title, selected)
    for path, (label, icon) in PAGES.items():
        links.page_link(path, label=label, icon=icon, query_params=query)
    engine.begin()
    return selected
