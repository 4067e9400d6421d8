"""What was found out about maps, shared by all sessions: each test of a map is made once, by whoever asks first."""

import pickle
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import streamlit as st

from core.evidence.finding import Finding
from core.evidence.table import TESTS
from core.examine import Examined, examine
from core.explanation import Explanation
from core.networks.catalogue import NetworkSpec
from core.runtime.shared_cache import SharedCache
from core.saliency.references import REFERENCES
from core.saliency.sampling import Pace, Watch
from core.service import Waiting, computing_with
from core.values import Picture

HELD = 64 * 2**20  # bytes, of some fifty maps' tests


@dataclass(frozen=True, slots=True)
class Key:
    """Whatever changes what a test finds. digest: the picture's. source: a method's text, or a reference's name.

    logit: the target's, which is another if somebody wrote to the network's file.
    """

    digest: str
    network: str
    fit: str
    target: int
    logit: float
    source: str
    test: str


@dataclass(frozen=True, slots=True, eq=False)
class _Answer:
    finding: Finding | None
    nbytes: int


@st.cache_resource(show_spinner=False)
def _answers() -> SharedCache[Key, _Answer]:
    return SharedCache(HELD)


def is_ready(test: str, explanation: Explanation, source: str, picture: Picture, fit: str) -> bool:
    """Whether `finding` would answer at once."""
    return _answers().get(key_of(test, explanation, source, picture, fit)) is not None


def finding(
    test: str,
    explanation: Explanation,
    source: str,
    spec: NetworkSpec,
    picture: Picture,
    fit: str,
    waiting: Waiting = lambda places: None,
    watch: Watch = lambda done, total: None,
) -> Finding | None:
    """What a test, a key of TESTS, finds out about one map of an explanation, None if it means nothing for it.

    source: the text of the map's method, or a reference's name. From the cache at once, else computed when its turn has
    come. waiting and watch: as in `core.answering`.
    """

    def compute() -> _Answer:
        with computing_with(spec, waiting) as (network, breathe):

            def between(done: int, total: int) -> None:
                watch(done, total)
                breathe()

            found = examine(test, explanation, source, spec, network, picture, fit, pace=Pace(between))
            return _Answer(found, len(pickle.dumps(found)))

    return _answers().make(key_of(test, explanation, source, picture, fit), compute, waiting).finding


def held(
    among: Collection[Key], explanations: Iterable[Explanation], picture: Picture, fit: str
) -> tuple[Examined, ...]:
    """What was found out about the maps of these explanations, and the references of each: of these keys, in order."""
    return tuple(
        Examined(explanation, source, test, answer.finding)
        for explanation in explanations
        for source in (*explanation.attributions, *REFERENCES)
        for test in TESTS
        if (key := key_of(test, explanation, source, picture, fit)) in among
        and (answer := _answers().get(key))
        and answer.finding
    )


def key_of(test: str, explanation: Explanation, source: str, picture: Picture, fit: str) -> Key:
    """What an answer is known by."""
    target = explanation.target
    return Key(picture.digest, explanation.network, fit, target.index, target.logit, source, test)
