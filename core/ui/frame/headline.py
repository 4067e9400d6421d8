"""The line above the grid: what is shown, how far it is, and what can be done with it as a whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


@contextmanager
def headline(title: str, detail: str) -> Iterator[DeltaGenerator]:
    """Draw it, and in the block what stands beside the title; the value is the place of progress.

    title, detail: plain text.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="headline"):
        # Not Markdown, which makes a link of any title that looks like an address, and titles come from strangers.
        # One line: it keeps the grid where it is when progress, which takes some of its room, begins and ends.
        whole = f"{title} · {detail}" if detail else title
        st.html(f'<h1 class="lime-title" title="{escape(whole)}">{escape(title)} <span>{escape(detail)}</span></h1>')
        yield st.container(width=260, key="progress").empty()


def actions() -> DeltaGenerator:
    """The place of the buttons in it."""
    return st.container(horizontal=True, vertical_alignment="center", gap="medium", width="content", key="controls")
