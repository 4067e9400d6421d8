"""Pictures that are kept between reruns and shared by all sessions, keyed by what, and for how long."""

from collections.abc import Callable

import streamlit as st

from core.images import decode_image, load_sample
from core.images.apart.ask import anonymous
from core.images.fetch import decode_fetched, fetch_bytes
from core.values import Picture, Window


@st.cache_resource(max_entries=12, show_spinner=False)
def sample(name: str) -> Picture:
    """A photo of the gallery."""
    return load_sample(name)


@st.cache_resource(max_entries=6, ttl=3600, show_spinner=False)
def fetched(url: str, _before: Callable[[], None]) -> bytes:
    """The file at an address, kept for an hour, so that a comparison does not change under its readers.

    Of a patient's, no more than the picture is kept. _before: called where it is not kept yet; what it raises passes.
    """
    _before()
    return anonymous(fetch_bytes(url))


@st.cache_resource(max_entries=6, show_spinner=False)
def decoded(digest: str, window: Window | None, fetched: bool, _data: bytes) -> Picture:
    """A picture of somebody's; `digest` is that of the data. Sessions keep the bytes, which are smaller."""
    return decode_fetched(_data, window) if fetched else decode_image(_data, window)
