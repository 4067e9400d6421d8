"""Networks and turns to compute with them, shared by all sessions; and what is kept of comparing their maps."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.networks.catalogue import NetworkSpec
from core.networks.devices import choose_device
from core.networks.graph.network import Network
from core.networks.load import load_network
from core.networks.weights.download_queue import Downloads
from core.networks.weights.places import Version
from core.networks.weights.prepared_cache import versions
from core.runtime.fair_queue import FairQueue
from core.runtime.idle import Idle
from core.runtime.memory import give_back, memory_budget
from core.runtime.processors import at_once
from core.runtime.shared_cache import SharedCache
from core.saliency.agreement import Agreement, FramedMap, agreement, identical

SLICE = 1.0  # seconds that long work computes before others may go first
PATIENCE = 5.0  # seconds that a server that is told to end waits for those who compute
REST = 2.0  # seconds without any, after which garbage is collected and memory given back

Waiting = Callable[[int], None]  # is told how many others come first


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """A network in memory. files: versions of those that it was mapped from, when it was loaded."""

    network: Network
    files: tuple[Version, Version]

    @property
    def nbytes(self) -> int:
        """Size of the weights."""
        return self.network.nbytes


@st.cache_resource(show_spinner=False)
def networks() -> SharedCache[str, Held]:
    """The prepared networks of all sessions by name, on the one device that `choose_device` chooses."""
    return SharedCache(memory_budget(choose_device()))


@st.cache_resource(show_spinner=False)
def downloads() -> Downloads:
    """The downloads of all sessions."""
    return Downloads()


@st.cache_resource(show_spinner=False)
def queue() -> FairQueue:
    """The queue for computing."""
    return FairQueue(at_once(choose_device().type))


@st.cache_resource(show_spinner=False)
def idle() -> Idle:
    """Who works with a network; memory is given back when nobody does."""
    return Idle(give_back, REST)


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
    with queue().turn(waiting) as pass_on, holding(spec) as network:
        began = time.monotonic()

        def breathe() -> None:
            nonlocal began
            if time.monotonic() - began >= SLICE:
                pass_on()
                began = time.monotonic()

        yield network, breathe


def stop_computing() -> None:
    """For good, once those who compute have come to an end, or after a few seconds.

    Python must not end under torch, which then takes the whole process down as if it had failed.
    """
    until = time.monotonic() + PATIENCE

    def waiting(places: int) -> None:
        if time.monotonic() > until:
            raise TimeoutError

    with suppress(TimeoutError):
        queue().close(waiting)


@contextmanager
def holding(spec: NetworkSpec) -> Iterator[Network]:
    """A network for the block: loaded unless it is held, and held until the block has ended. Raises NetworkError.

    It is mapped from its files, so that it is loaded anew if somebody wrote to them; where another one is at work with
    the old one, for this block alone.
    """

    def load() -> Held:
        before, _ = versions(spec)
        network = load_network(spec)
        _, beside = versions(spec)  # which loading may have made
        return Held(network, (before, beside))

    with idle().working():
        held = networks().get(spec.name)
        if held and held.files != versions(spec) and not networks().drop(spec.name):
            yield load_network(spec)
            return
        with networks().using(spec.name, load) as held:
            yield held.network


_BY_CONTENT: dict[str | type[Any], Callable[[Any], Any]] = {FramedMap: lambda framed: framed.fingerprint}


@st.cache_data(max_entries=4000, show_spinner=False, hash_funcs=_BY_CONTENT)
def agreement_of(one: FramedMap, other: FramedMap) -> Agreement:
    """How far two maps agree."""
    return agreement(one, other)


@st.cache_data(max_entries=4000, show_spinner=False, hash_funcs=_BY_CONTENT)
def nearly_identical(one: FramedMap, other: FramedMap) -> bool:
    """Whether two maps raise the alarm of `core.saliency.agreement.identical`."""
    return identical(one, other)
