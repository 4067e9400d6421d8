"""What is kept between reruns and shared by all sessions, keyed by what, and for how long. No mathematics."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import streamlit as st

from core.comparison import Explanation, explain
from core.images import decode_image, fetch_image, load_sample
from core.networks.catalogue import NetworkSpec
from core.networks.devices import choose_device
from core.networks.graph.gates import RULES
from core.networks.graph.network import Network
from core.networks.load import load_network
from core.networks.weights.download_queue import Downloads
from core.prediction import predict
from core.runtime.fair_queue import FairQueue
from core.runtime.memory import memory_budget
from core.runtime.shared_cache import SharedCache
from core.values import Picture, Prediction

HELD = 256 * 2**20  # bytes of maps, about 100 networks' worth
_USUAL_RULES = ("vanilla", "guided")


class Key(NamedTuple):
    """Whatever changes an explanation; `rules` are those computed, which may be more than those shown."""

    digest: str
    network: str
    fit: str
    target: int | None
    rules: tuple[str, ...]


@st.cache_resource(show_spinner=False)
def networks() -> SharedCache[str, Network]:
    """The prepared networks of all sessions by name, on the one device that `choose_device` chooses."""
    return SharedCache(memory_budget(choose_device()))


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
def turns() -> FairQueue:
    """The queue for computing: two at once on a CPU, whose cores one alone does not fill; one on an accelerator."""
    return FairQueue(2 if choose_device().type == "cpu" else 1)


@st.cache_resource(show_spinner=False)
def explanations() -> SharedCache[Key, Explanation]:
    """The explanations of all sessions."""
    return SharedCache(HELD)


@contextmanager
def computing_with(spec: NetworkSpec, waiting: Callable[[int], None]) -> Iterator[Network]:
    """A turn to compute with a network, for the block: loaded unless it is held, and held until the block has ended.

    waiting(places) is called while others come first (see core.runtime.fair_queue). Raises NetworkError.
    """
    with turns().turn(waiting), networks().using(spec.name, lambda: load_network(spec)) as network:
        yield network


def key_of(spec: NetworkSpec, picture: Picture, rules: tuple[str, ...], target: int | None, fit: str) -> Key:
    """The key of an explanation in `explanations`."""
    # Both usual rules are computed together, so that switching one of them off and on again is free.
    wanted = _USUAL_RULES if set(rules) <= set(_USUAL_RULES) else tuple(RULES)
    return Key(picture.digest, spec.name, fit, target, wanted)


def is_ready(spec: NetworkSpec, picture: Picture, rules: tuple[str, ...], target: int | None, fit: str) -> bool:
    """Whether `explanation` would answer at once."""
    return explanations().get(key_of(spec, picture, rules, target, fit)) is not None


def explanation(
    spec: NetworkSpec,
    picture: Picture,
    rules: tuple[str, ...],
    target: int | None,
    fit: str,
    waiting: Callable[[int], None],
) -> Explanation:
    """One network's explanation of one picture: from the cache at once, else computed when its turn has come.

    waiting(places) is called while others come first (see core.runtime.fair_queue); nothing of Streamlit is called once
    computing has begun, so that a finished result is always kept. Raises NetworkError.
    """
    key = key_of(spec, picture, rules, target, fit)

    def compute() -> Explanation:
        with computing_with(spec, waiting) as network:
            return explain(picture, spec, network, key.rules, target, fit=fit)

    return explanations().make(key, compute, waiting)


def prediction(spec: NetworkSpec, picture: Picture, target: int, fit: str) -> Prediction:
    """What one network says of one class: from the cache at once, else computed when its turn has come."""
    return _prediction(spec.name, picture.digest, target, fit, spec, picture)


@st.cache_data(max_entries=5000, show_spinner=False)
def _prediction(name: str, digest: str, target: int, fit: str, _known: NetworkSpec, _picture: Picture) -> Prediction:
    with computing_with(_known, lambda places: None) as network:
        return predict(_picture, _known, network, target, fit=fit)
