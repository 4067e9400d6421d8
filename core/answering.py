"""What was answered, and shared by all sessions: each explanation is computed once, by whoever asks first."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, cast

import streamlit as st

from core.explain import explain, predict
from core.explanation import Explanation
from core.method import Method, slow_methods
from core.networks.catalogue import NetworkSpec, is_checkpoint
from core.networks.weights.places import Version, version
from core.question import Question
from core.rules import DEFAULT_RULES, RULES
from core.runtime.shared_cache import SharedCache
from core.runtime.unfinished import Unfinished
from core.saliency.sampling import Pace, Run, Watch
from core.service import Waiting, computing_with
from core.targets import Classes, TopK
from core.values import Picture, Prediction

HELD = 256 * 2**20  # bytes of maps, about 100 networks' worth
_BY_METHOD = ("attributions", "refused", "remarks", "samples")  # of an Explanation


@dataclass(frozen=True, slots=True)
class Key:
    """Whatever changes an answer: the picture, by its digest, all of the question asked of one network, its weights."""

    digest: str
    question: Question
    version: Version


@dataclass(frozen=True, slots=True, eq=False)
class _Batch:
    """Explanations that are an answer together."""

    explanations: tuple[Explanation, ...]

    @property
    def nbytes(self) -> int:
        return sum(explanation.nbytes for explanation in self.explanations)


@st.cache_resource(show_spinner=False)
def answers() -> SharedCache[Key, Explanation]:
    """The explanations of all sessions, by questions with one target each."""
    return SharedCache(HELD)


@st.cache_resource(show_spinner=False)
def _unfinished() -> Unfinished[Key, tuple[str, int], Run]:
    """The runs of methods of many samples, to be gone on with, by a question without its methods."""
    return Unfinished(HELD)


@st.cache_resource(show_spinner=False)
def _batches() -> SharedCache[Key, _Batch]:
    """What was answered last, as a whole: more than five classes are not known one by one."""
    return SharedCache(HELD // 4)


def is_ready(question: Question, spec: NetworkSpec, picture: Picture) -> bool:
    """Whether `explanations` would answer at once."""
    return all(_answered(key, spec) for key in _keys(question, spec, picture))


def explanations(
    question: Question,
    spec: NetworkSpec,
    picture: Picture,
    waiting: Waiting = lambda places: None,
    watch: Watch = lambda done, total: None,
    upto: int | None = None,
) -> tuple[Explanation, ...]:
    """One network's explanations, one for each target: from the cache at once, else computed when its turn has come.

    Whichever networks the question is asked of, `spec` answers, under its title, which another session may have
    otherwise for a network of its own. Only methods and classes that nobody has asked for before are computed: together
    those by the gradient at the picture, and then together those of many samples, which go on where somebody left them.
    waiting(places) is called while others come first, watch(done, total) after each batch of samples: what they raise
    ends the work. upto: not more samples than about so many, for a look before the end; `Explanation.samples` says of
    what. Raises NetworkError.
    """
    keys = _keys(question, spec, picture)
    answered = {key: _answered(key, spec) for key in keys}
    lacking = [key for key, found in answered.items() if not found]
    for together in ([key for key in lacking if not _is_slow(key)], [key for key in lacking if _is_slow(key)]):
        if together:
            answered |= _made(together, spec, picture, waiting, watch, upto)
    merged = (_merged(each) for each in zip(*answered.values(), strict=True))
    return tuple(replace(each, title=spec.title) if is_checkpoint(spec.name) else each for each in merged)


def _merged(parts: tuple[Explanation, ...]) -> Explanation:
    """One explanation of all methods, of those by some of them."""
    first, *others = parts
    if not others:
        return first
    merged: dict[str, Any] = {
        name: MappingProxyType({key: value for part in parts for key, value in getattr(part, name).items()})
        for name in _BY_METHOD
    }
    notices = tuple(dict.fromkeys(notice for part in parts for notice in part.notices))
    return replace(first, **merged, notices=notices, seconds=sum(part.seconds for part in parts))


def _part(whole: Explanation, methods: Collection[str], parts: int) -> Explanation:
    """Some of its methods, which took one of so many parts of its time."""
    if parts == 1:
        return whole
    kept: dict[str, Any] = {
        name: MappingProxyType({key: value for key, value in getattr(whole, name).items() if key in methods})
        for name in _BY_METHOD
    }
    return replace(whole, **kept, seconds=whole.seconds / parts)


def prediction(spec: NetworkSpec, picture: Picture, target: int, fit: str) -> Prediction:
    """What one network says of one class: from the cache at once, else computed when its turn has come."""
    key = Key(picture.digest, Question((spec.name,), (), Classes((target,)), fit=fit), version(spec))
    return _predicted(key, target, spec, picture)


@st.cache_data(max_entries=5000, show_spinner=False)
def _predicted(key: Key, target: int, _spec: NetworkSpec, _picture: Picture) -> Prediction:
    with computing_with(_spec, lambda places: None) as (network, _):
        return predict(_picture, _spec, network, target, fit=key.question.fit)


def _keys(question: Question, spec: NetworkSpec, picture: Picture) -> list[Key]:
    """Of what is kept together: the plain rules, if any are asked for, and each other method for itself."""
    plain, others = set(question.rules) & set(RULES), [rule for rule in question.rules if rule not in RULES]
    # Both usual rules are computed together, so that switching one of them off and on again is free.
    together = [DEFAULT_RULES if plain <= set(DEFAULT_RULES) else tuple(RULES)] if plain or not others else []
    one = question.of(spec.name)
    asked, files = (*together, *((other,) for other in others)), version(spec)
    return [Key(picture.digest, replace(one, rules=rules), files) for rules in asked]


def _is_slow(key: Key) -> bool:
    """Whether its one method asks a network many times."""
    return bool(slow_methods(key.question.rules))


def _answered(key: Key, spec: NetworkSpec) -> tuple[Explanation, ...] | None:
    """All that answers it, if it is there."""
    found = tuple(_held(key, spec).values())
    if found and None not in found:
        return cast(tuple[Explanation, ...], found)
    batch = _batches().get(key)
    return batch.explanations if batch else None


def _aimed(key: Key, targets: Classes | TopK) -> Key:
    return replace(key, question=replace(key.question, targets=targets))


def _first(key: Key) -> Key:
    """The same asked of the most probable class alone."""
    targets, against = key.question.targets, key.question.against
    return _aimed(key, TopK(excluding=targets.excluding if isinstance(targets, TopK) else against))


def _held(key: Key, spec: NetworkSpec) -> dict[int, Explanation | None]:
    """What is explained already, by class; {} where the most probable ones are asked for and are not known."""
    targets, first = key.question.targets, answers().get(_first(key))
    if isinstance(targets, Classes):
        classes = targets.indices
    else:
        known = [each.index for each in first.top if each.index != targets.excluding] if first else []
        count = min(targets.k, len(spec.categories) - (targets.excluding is not None))
        classes = tuple(known[:count]) if len(known) >= count else ()
    return {
        index: first if first and first.target.index == index else answers().get(_aimed(key, Classes((index,))))
        for index in classes
    }


def _made(
    keys: Sequence[Key], spec: NetworkSpec, picture: Picture, waiting: Waiting, watch: Watch, upto: int | None
) -> dict[Key, tuple[Explanation, ...]]:
    """What several keys lack, computed together, kept for each of them, and with what was there already."""
    held = [_held(key, spec) for key in keys]
    missing = tuple(dict.fromkeys(index for found in held for index, each in found.items() if each is None))
    methods = tuple(rule for key in keys for rule in key.question.rules)
    wanted = replace(keys[0], question=replace(keys[0].question, rules=methods))
    if all(held):
        wanted = _aimed(wanted, Classes(missing))
    if _is_slow(keys[0]):
        batch = _at_samples(wanted, spec, picture, waiting, watch, upto)
    else:
        batch = _at_picture(wanted, spec, picture, waiting)
    answered = {}
    for key, found in zip(keys, held, strict=True):
        for place, whole in enumerate(batch):
            each = _part(whole, key.question.rules, len(keys))
            found[each.target.index] = each
            _keep(key, each, is_first=place == 0 and isinstance(wanted.question.targets, TopK))
        answered[key] = _together(key, tuple(each for each in found.values() if each))
    return answered


def _together(key: Key, parts: tuple[Explanation, ...]) -> tuple[Explanation, ...]:
    """The same, kept as what a question for the most probable classes is answered by."""
    whole = not any(part.samples for part in parts)
    return _batches().make(key, lambda: _Batch(parts)).explanations if whole else parts


def _at_picture(key: Key, spec: NetworkSpec, picture: Picture, waiting: Waiting) -> tuple[Explanation, ...]:
    """Computed once also where several ask at the same time."""

    def compute() -> _Batch:
        with computing_with(spec, waiting) as (network, _):
            return _Batch(explain(picture, spec, network, key.question))

    return _batches().make(key, compute, waiting).explanations


def _at_samples(
    key: Key, spec: NetworkSpec, picture: Picture, waiting: Waiting, watch: Watch, upto: int | None
) -> tuple[Explanation, ...]:
    """Gone on with by one at a time."""
    about = replace(key, question=replace(key.question, rules=()))
    with _unfinished().using(about, waiting) as runs, computing_with(spec, waiting) as (network, breathe):

        def between(done: int, total: int) -> None:
            watch(done, total)
            breathe()

        return explain(picture, spec, network, key.question, Pace(between, runs, upto))


def _by_fewer(explanation: Explanation, fewer: str) -> Explanation:
    """One by a single method that was left early, as one by the method of fewer samples that it is."""
    (attribution,) = explanation.attributions.values()
    return replace(
        explanation,
        attributions=MappingProxyType({fewer: attribution}),
        remarks=MappingProxyType({fewer: remark for remark in explanation.remarks.values()}),  # noqa: B035, one at most
        samples=MappingProxyType({}),
    )


def _keep(key: Key, explanation: Explanation, *, is_first: bool) -> None:
    """Under the method that it is: of many samples, what was left early is a whole one of fewer, or nothing."""
    for method, (done, _) in explanation.samples.items():
        fewer = Method.parse(method).with_samples(done)
        if fewer is None:
            return
        key = replace(key, question=replace(key.question, rules=(str(fewer),)))
        explanation = _by_fewer(explanation, str(fewer))
    kept = _first(key) if is_first else _aimed(key, Classes((explanation.target.index,)))
    answers().make(kept, lambda: explanation)
