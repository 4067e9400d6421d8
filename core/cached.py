"""What is kept between reruns and shared by all sessions, keyed by what, and for how long. No mathematics."""

from collections.abc import Callable

import streamlit as st

from core.classes import explain_classes
from core.comparison import TOP, Explanation, explain
from core.holding import Holding
from core.images import decode_image, fetch_image, load_sample
from core.memory import memory_budget
from core.networks.background import Downloads
from core.networks.devices import choose_device
from core.networks.gates import RULES
from core.networks.load import load_network
from core.networks.network import Network
from core.networks.registry import Architecture
from core.prediction import predict
from core.saliency.agreement import FramedMap, identical
from core.saliency.reductions import saliency
from core.turns import Turns
from core.values import Picture, Prediction

_HELD = 256 * 2**20  # bytes of maps, about 100 networks' worth
_USUAL_RULES = ("vanilla", "guided")

Key = tuple[str, str, str, int | None, tuple[str, ...]]
BatchKey = tuple[Key, tuple[int, ...] | None, int | None]


@st.cache_resource(show_spinner=False)
def networks() -> Holding[str, Network]:
    """The prepared networks of all sessions by name, on the one device that `choose_device` chooses."""
    return Holding(memory_budget(choose_device()))


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


@st.cache_resource(show_spinner=False)
def explanations() -> Holding[Key, Explanation]:
    """The explanations of all sessions."""
    return Holding(_HELD)


def is_ready(known: Architecture, picture: Picture, rules: tuple[str, ...], target: int | None, fit: str) -> bool:
    """Whether `explanation` would answer at once."""
    return explanations().get(_key(known, picture, rules, target, fit)) is not None


def explanation(
    known: Architecture,
    picture: Picture,
    rules: tuple[str, ...],
    target: int | None,
    fit: str,
    waiting: Callable[[int], None],
) -> Explanation:
    """One network's explanation of one picture: from the cache at once, else computed when its turn has come.

    waiting(places) is called while others come first (see core.turns); nothing of Streamlit is called once
    computing has begun, so that a finished result is always kept. Raises NetworkError.
    """
    key = _key(known, picture, rules, target, fit)

    def compute() -> Explanation:
        with turns().turn(waiting), networks().using(known.name, lambda: load_network(known)) as network:
            return explain(picture, known, network, key[-1], target, fit=fit)

    return explanations().make(key, compute, waiting)


def prediction(known: Architecture, picture: Picture, target: int, fit: str) -> Prediction:
    """What one network says of one class: from the cache at once, else computed when its turn has come."""
    return _prediction(known.name, picture.digest, target, fit, known, picture)


@st.cache_data(max_entries=5000, show_spinner=False)
def _prediction(name: str, digest: str, target: int, fit: str, _known: Architecture, _picture: Picture) -> Prediction:
    with turns().turn(lambda places: None), networks().using(name, lambda: load_network(_known)) as network:
        return predict(_picture, _known, network, target, fit=fit)


def _key(known: Architecture, picture: Picture, rules: tuple[str, ...], target: int | None, fit: str) -> Key:
    # Both usual rules are computed together, so that switching one of them off and on again is free.
    wanted = _USUAL_RULES if set(rules) <= set(_USUAL_RULES) else tuple(RULES)
    return picture.digest, known.name, fit, target, wanted


class Batch(tuple[Explanation, ...]):
    """Explanations that were computed together."""

    @property
    def nbytes(self) -> int:
        """Memory held by the arrays."""
        return sum(explanation.nbytes for explanation in self)


@st.cache_resource(show_spinner=False)
def class_batches() -> Holding[BatchKey, Batch]:
    """Several classes' explanations as they were computed, so that nobody else computes them; and all contrasts."""
    return Holding(_HELD // 4)


def classes_are_ready(
    known: Architecture, picture: Picture, rules: tuple[str, ...], classes: tuple[int, ...], fit: str
) -> bool:
    """Whether `class_explanations` would answer at once."""
    there = _classes_there(known, picture, rules, classes, fit)
    return bool(there) and None not in there.values()


def class_explanations(
    known: Architecture,
    picture: Picture,
    rules: tuple[str, ...],
    classes: tuple[int, ...],
    fit: str,
    waiting: Callable[[int], None],
) -> tuple[Explanation, ...]:
    """One network's explanations of several classes, () being its most probable ones; else as `explanation`.

    Only classes that nobody has explained yet, here or in a comparison, are computed, and those together.
    """
    there = _classes_there(known, picture, rules, classes, fit)
    missing = tuple(index for index, found in there.items() if found is None)
    if missing or not there:
        batch = _batch(known, picture, rules, missing or None, None, fit, waiting)
        there |= {each.target.index: _keep(_key(known, picture, rules, each.target.index, fit), each) for each in batch}
        if not classes:
            _keep(_key(known, picture, rules, None, fit), batch[0])
    return tuple(found for found in there.values() if found)


def contrast_is_ready(
    known: Architecture, picture: Picture, rules: tuple[str, ...], target: int | None, against: int, fit: str
) -> bool:
    """Whether `contrast` would answer at once."""
    return class_batches().get(_batch_key(known, picture, rules, _only(target), against, fit)) is not None


def contrast(
    known: Architecture,
    picture: Picture,
    rules: tuple[str, ...],
    target: int | None,
    against: int,
    fit: str,
    waiting: Callable[[int], None],
) -> Explanation:
    """Why one class and not another; target None is the most probable of all others. Else as `explanation`."""
    return _batch(known, picture, rules, _only(target), against, fit, waiting)[0]


def nearly_identical(picture: Picture, fit: str, rule: str, one: Explanation, other: Explanation) -> bool:
    """Whether two classes' maps of one network and rule raise the alarm of `core.saliency.agreement.identical`."""
    pair = one.target.index, other.target.index
    return _identical(picture.digest, one.network, fit, rule, *pair, one, other)


@st.cache_data(max_entries=5000, show_spinner=False)
def _identical(
    digest: str, name: str, fit: str, rule: str, target: int, rival: int, _one: Explanation, _other: Explanation
) -> bool:
    first, second = (FramedMap(saliency(each.attributions[rule]), each.framing) for each in (_one, _other))
    return identical(first, second)


def _classes_there(
    known: Architecture, picture: Picture, rules: tuple[str, ...], classes: tuple[int, ...], fit: str
) -> dict[int, Explanation | None]:
    """What is explained already, by class; {} where the most probable ones are asked for and are not known."""
    first = explanations().get(_key(known, picture, rules, None, fit))
    if not classes and first:
        classes = tuple(prediction.index for prediction in first.top)
    there = {index: explanations().get(_key(known, picture, rules, index, fit)) for index in classes}
    return there | ({first.target.index: first} if first and first.target.index in there else {})


def _batch(
    known: Architecture,
    picture: Picture,
    rules: tuple[str, ...],
    classes: tuple[int, ...] | None,
    against: int | None,
    fit: str,
    waiting: Callable[[int], None],
) -> Batch:
    key = _batch_key(known, picture, rules, classes, against, fit)
    most = TOP if against is None else 1

    def compute() -> Batch:
        with turns().turn(waiting), networks().using(known.name, lambda: load_network(known)) as network:
            return Batch(explain_classes(picture, known, network, key[0][-1], classes, against, most=most, fit=fit))

    return class_batches().make(key, compute, waiting)


def _batch_key(
    known: Architecture,
    picture: Picture,
    rules: tuple[str, ...],
    classes: tuple[int, ...] | None,
    against: int | None,
    fit: str,
) -> BatchKey:
    return _key(known, picture, rules, None, fit), classes, against


def _only(target: int | None) -> tuple[int, ...] | None:
    return None if target is None else (target,)


def _keep(key: Key, explanation: Explanation) -> Explanation:
    return explanations().make(key, lambda: explanation)
