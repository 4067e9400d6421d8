"""In which order a component is told things."""

import time
from zlib import crc32

import streamlit as st


def mark(place: str, data: bytes) -> str:
    """Say here what a component is told last, and give the mark of that, which it is to be told, too.

    Streamlit calls a component's script whenever it is told something else. But as long as the browser is still reading
    the script it keeps these calls, and then makes them in any order: in one of ten pages the last word was the first
    one. HTML is drawn in order, so that there a script reads which mark is the latest, and is deaf to all others. It is
    the one of the latest moment, by a clock that nobody sets: what a run leaves in another place stands until it ends.

    place: names the component among those of the page. data: what it is told.
    """
    latest = f"{crc32(data):08x}"
    st.html(f'<i hidden data-place="{place}" data-mark="{latest}" data-at="{time.monotonic():.4f}"></i>')
    return latest
