"""What is kept of several classes of one picture, and of one class against another. No mathematics."""

from collections.abc import Callable

import streamlit as st

from core.cached import HELD, Key, computing_with, explanations, key_of
from core.classes import explain_classes
from core.comparison import TOP, Explanation
from core.networks.catalogue import NetworkSpec
from core.runtime.shared_cache import SharedCache
from core.saliency.agreement import FramedMap, identical
from core.saliency.reductions import saliency
from core.values import Picture

BatchKey = tuple[Key, tuple[int, ...] | None, int | None]  # target None; the classes; against which one


class Batch(tuple[Explanation, ...]):
    """Explanations that were computed together."""

    @property
    def nbytes(self) -> int:
        """Memory held by the arrays."""
        return sum(explanation.nbytes for explanation in self)


@st.cache_resource(show_spinner=False)
def class_batches() -> SharedCache[BatchKey, Batch]:
    """Several classes' explanations as they were computed, so that nobody else computes them; and all contrasts."""
    return SharedCache(HELD // 4)


def classes_are_ready(
    spec: NetworkSpec, picture: Picture, rules: tuple[str, ...], classes: tuple[int, ...], fit: str
) -> bool:
    """Whether `class_explanations` would answer at once."""
    there = _classes_there(spec, picture, rules, classes, fit)
    return bool(there) and None not in there.values()


def class_explanations(
    spec: NetworkSpec,
    picture: Picture,
    rules: tuple[str, ...],
    classes: tuple[int, ...],
    fit: str,
    waiting: Callable[[int], None],
) -> tuple[Explanation, ...]:
    """One network's explanations of several classes, () being its most probable ones; else as `explanation`.

    Only classes that nobody has explained yet, here or in a comparison, are computed, and those together.
    """
    there = _classes_there(spec, picture, rules, classes, fit)
    missing = tuple(index for index, found in there.items() if found is None)
    if missing or not there:
        batch = _batch(spec, picture, _batch_key(spec, picture, rules, missing or None, None, fit), waiting)
        for each in batch:
            there[each.target.index] = _keep(key_of(spec, picture, rules, each.target.index, fit), each)
        if not missing:
            _keep(key_of(spec, picture, rules, None, fit), batch[0])
    return tuple(found for found in there.values() if found)


def contrast_is_ready(
    spec: NetworkSpec, picture: Picture, rules: tuple[str, ...], target: int | None, against: int, fit: str
) -> bool:
    """Whether `contrast` would answer at once."""
    return class_batches().get(_batch_key(spec, picture, rules, _only(target), against, fit)) is not None


def contrast(
    spec: NetworkSpec,
    picture: Picture,
    rules: tuple[str, ...],
    target: int | None,
    against: int,
    fit: str,
    waiting: Callable[[int], None],
) -> Explanation:
    """Why one class and not another; target None is the most probable of all others. Else as `explanation`."""
    return _batch(spec, picture, _batch_key(spec, picture, rules, _only(target), against, fit), waiting)[0]


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
    spec: NetworkSpec, picture: Picture, rules: tuple[str, ...], classes: tuple[int, ...], fit: str
) -> dict[int, Explanation | None]:
    """What is explained already, by class; {} where the most probable ones are asked for and are not known."""
    first = explanations().get(key_of(spec, picture, rules, None, fit))
    if not classes and first:
        classes = tuple(prediction.index for prediction in first.top)
    there = {index: explanations().get(key_of(spec, picture, rules, index, fit)) for index in classes}
    return there | ({first.target.index: first} if first and first.target.index in there else {})


def _batch(spec: NetworkSpec, picture: Picture, key: BatchKey, waiting: Callable[[int], None]) -> Batch:
    of, classes, against = key
    most = TOP if against is None else 1

    def compute() -> Batch:
        with computing_with(spec, waiting) as network:
            return Batch(explain_classes(picture, spec, network, of.rules, classes, against, most=most, fit=of.fit))

    return class_batches().make(key, compute, waiting)


def _batch_key(
    spec: NetworkSpec,
    picture: Picture,
    rules: tuple[str, ...],
    classes: tuple[int, ...] | None,
    against: int | None,
    fit: str,
) -> BatchKey:
    return key_of(spec, picture, rules, None, fit), classes, against


def _only(target: int | None) -> tuple[int, ...] | None:
    return None if target is None else (target,)


def _keep(key: Key, explanation: Explanation) -> Explanation:
    return explanations().make(key, lambda: explanation)
