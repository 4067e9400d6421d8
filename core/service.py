"""What is kept between reruns and shared by all sessions, keyed by what, and for how long. No mathematics."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st

from core.images import decode_image, load_sample
from core.images.apart.ask import anonymous
from core.images.fetch import decode_fetched, fetch_bytes
from core.networks.catalogue import NetworkSpec
from core.networks.devices import choose_device
from core.networks.graph.network import Network
from core.networks.load import load_network
from core.networks.weights.download_queue import Downloads
from core.runtime.fair_queue import FairQueue
from core.runtime.memory import memory_budget
from core.runtime.shared_cache import SharedCache
from core.saliency.agreement import Agreement, FramedMap, agreement, identical
from core.values import Picture, Window

SLICE = 1.0  # seconds that long work computes before others may go first

Waiting = Callable[[int], None]  # is told how many others come first


@st.cache_resource(show_spinner=False)
def networks() -> SharedCache[str, Network]:
    """The prepared networks of all sessions by name, on the one device that `choose_device` chooses."""
    return SharedCache(memory_budget(choose_device()))


@st.cache_resource(max_entries=12, show_spinner=False)
def sample(name: str) -> Picture:
    """A photo of the gallery."""
    return load_sample(name)


@st.cache_resource(max_entries=6, ttl=3600, show_spinner=False)
def fetched(url: str) -> bytes:
    """The file at an address, kept for an hour, so that a comparison does not change under its readers.

    Of a patient's, no more than the picture is kept.
    """
    return anonymous(fetch_bytes(url))


@st.cache_resource(max_entries=6, show_spinner=False)
def decoded(digest: str, window: Window | None, fetched: bool, _data: bytes) -> Picture:
    """A picture of somebody's; `digest` is that of the data. Sessions keep the bytes, which are smaller."""
    return decode_fetched(_data, window) if fetched else decode_image(_data, window)


@st.cache_resource(show_spinner=False)
def downloads() -> Downloads:
    """The downloads of all sessions."""
    return Downloads()


@st.cache_resource(show_spinner=False)
def queue() -> FairQueue:
    """The queue for computing: two at once on a CPU, whose cores one alone does not fill; one on an accelerator."""
    return FairQueue(2 if choose_device().type == "cpu" else 1)


@st.cache_resource(show_spinner=False)
def audits() -> FairQueue:
    """The queue for audits: one at a time, which lets comparisons go first between its batches."""
    return FairQueue(1)


@contextmanager
def computing_with(spec: NetworkSpec, waiting: Waiting) -> Iterator[tuple[Network, Callable[[], None]]]:
    """A turn to compute with a network, for the block: loaded unless it is held, and held until the block has ended.

    The second value is for long work: called between its parts it lets others go first, once a turn has lasted a while.
    waiting(places) is called while others come first (see core.runtime.fair_queue). Raises NetworkError.
    """
    with queue().turn(waiting) as pass_on, networks().using(spec.name, lambda: load_network(spec)) as network:
        began = time.monotonic()

        def breathe() -> None:
            nonlocal began
            if time.monotonic() - began >= SLICE:
                pass_on()
                began = time.monotonic()

        yield network, breathe


_BY_CONTENT: dict[str | type[Any], Callable[[Any], Any]] = {FramedMap: lambda framed: framed.fingerprint}


@st.cache_data(max_entries=4000, show_spinner=False, hash_funcs=_BY_CONTENT)
def agreement_of(one: FramedMap, other: FramedMap) -> Agreement:
    """How far two maps agree."""
    return agreement(one, other)


@st.cache_data(max_entries=4000, show_spinner=False, hash_funcs=_BY_CONTENT)
def nearly_identical(one: FramedMap, other: FramedMap) -> bool:
    """Whether two maps raise the alarm of `core.saliency.agreement.identical`."""
    return identical(one, other)
