"""What is kept between reruns and shared by all sessions, keyed by what, and for how long. No mathematics."""

import threading
from collections import OrderedDict
from collections.abc import Callable

import streamlit as st

from core.comparison import Explanation, explain
from core.images import decode_image, fetch_image, load_sample
from core.networks.background import Downloads
from core.networks.devices import choose_device
from core.networks.gates import RULES
from core.networks.load import load_network
from core.networks.network import Network
from core.turns import Turns
from core.values import Picture

_HELD = 256 * 2**20  # bytes of maps, about 100 networks' worth
_USUAL_RULES = ("vanilla", "guided")

Key = tuple[str, str, str, int | None, tuple[str, ...]]


@st.cache_resource(max_entries=6, show_spinner=False)
def network(name: str, device: str) -> Network:
    """A prepared network, shared by all sessions; it is never changed."""
    return load_network(name, device)


@st.cache_resource(max_entries=12, show_spinner=False)
def sample(name: str) -> Picture:
    """A photo of the gallery."""
    return load_sample(name)


@st.cache_resource(max_entries=6, ttl=3600, show_spinner=False)
def fetched(url: str) -> Picture:
    """The picture at an address, kept for an hour, so that a comparison does not change under its readers."""
    return fetch_image(url)


@st.cache_resource(max_entries=6, show_spinner=False)
def decoded(digest: str, _data: bytes) -> Picture:
    """An uploaded picture; `digest` is that of the data. Sessions keep the bytes, which are smaller."""
    return decode_image(_data)


@st.cache_resource(show_spinner=False)
def downloads() -> Downloads:
    """The downloads of all sessions."""
    return Downloads()


@st.cache_resource(show_spinner=False)
def turns() -> Turns:
    """The queue for computing: two at once on a CPU, whose cores one alone does not fill; one on an accelerator."""
    return Turns(2 if choose_device().type == "cpu" else 1)


class Explanations:
    """Finished explanations, least recently used out first; one that is being made is waited for, not made twice."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: OrderedDict[Key, Explanation] = OrderedDict()
        self._making: dict[Key, threading.Event] = {}
        self._lock = threading.Lock()

    def get(self, key: Key) -> Explanation | None:
        """A finished explanation, or None."""
        with self._lock:
            return self._recent(key)

    def make(self, key: Key, compute: Callable[[], Explanation], waiting: Callable[[int], None]) -> Explanation:
        """The explanation, computed on this thread unless another thread already has it or is at it.

        If the other one fails, this thread tries for itself: its reason (a closed page) need not be ours.
        """
        while True:
            with self._lock:
                if (ready := self._recent(key)) is not None:
                    return ready
                theirs = self._making.get(key)
                if theirs is None:
                    mine = self._making[key] = threading.Event()
                    break
            while not theirs.wait(0.1):
                waiting(1)
        try:
            explanation = compute()
            self._keep(key, explanation)
            return explanation
        finally:
            with self._lock:
                del self._making[key]
            mine.set()

    def _recent(self, key: Key) -> Explanation | None:
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def _keep(self, key: Key, explanation: Explanation) -> None:
        with self._lock:
            self._kept[key] = explanation
            while len(self._kept) > 1 and sum(kept.nbytes for kept in self._kept.values()) > self._limit:
                self._kept.popitem(last=False)


@st.cache_resource(show_spinner=False)
def explanations() -> Explanations:
    """The explanations of all sessions."""
    return Explanations(_HELD)


def is_ready(name: str, picture: Picture, rules: tuple[str, ...], target: int | None, fit: str) -> bool:
    """Whether `explanation` would answer at once."""
    return explanations().get(_key(name, picture, rules, target, fit)) is not None


def explanation(
    name: str, picture: Picture, rules: tuple[str, ...], target: int | None, fit: str, waiting: Callable[[int], None]
) -> Explanation:
    """One network's explanation of one picture: from the cache at once, else computed when its turn has come.

    waiting(places) is called while others come first (see core.turns); nothing of Streamlit is called once
    computing has begun, so that a finished result is always kept. Raises NetworkError.
    """
    key = _key(name, picture, rules, target, fit)
    device = str(choose_device())

    def compute() -> Explanation:
        with turns().turn(waiting):
            return explain(picture, name, network(name, device), key[-1], target, fit=fit)

    return explanations().make(key, compute, waiting)


def _key(name: str, picture: Picture, rules: tuple[str, ...], target: int | None, fit: str) -> Key:
    # Both usual rules are computed together, so that switching one of them off and on again is free.
    wanted = _USUAL_RULES if set(rules) <= set(_USUAL_RULES) else tuple(RULES)
    return picture.digest, name, fit, target, wanted
