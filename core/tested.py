"""What was found out about maps, shared by all sessions: each test of a map is made once, by whoever asks first."""

import pickle
from dataclasses import dataclass

import streamlit as st
import torch

from core.evidence.subject import Subject
from core.evidence.table import TESTS, Finding
from core.explain import understood
from core.explanation import Explanation
from core.images.framing import frame
from core.method import Method
from core.networks.catalogue import NetworkSpec
from core.networks.graph.network import Network
from core.runtime.shared_cache import SharedCache
from core.saliency.sampling import Pace, Watch
from core.service import Waiting, computing_with
from core.values import Picture

HELD = 64 * 2**20  # bytes, of some fifty maps' tests


@dataclass(frozen=True, slots=True)
class Key:
    """Whatever changes what a test finds; digest: the picture's."""

    digest: str
    network: str
    fit: str
    target: int
    method: str
    test: str


@dataclass(frozen=True, slots=True, eq=False)
class _Answer:
    finding: Finding | None
    nbytes: int


@st.cache_resource(show_spinner=False)
def _answers() -> SharedCache[Key, _Answer]:
    return SharedCache(HELD)


def finding(
    test: str,
    explanation: Explanation,
    method: str,
    spec: NetworkSpec,
    picture: Picture,
    fit: str,
    waiting: Waiting = lambda places: None,
    watch: Watch = lambda done, total: None,
) -> Finding | None:
    """What a test, a key of TESTS, finds out about one map of an explanation, None if it means nothing for it.

    From the cache at once, else computed when its turn has come. waiting and watch: as in `core.answering`.
    """
    key = Key(picture.digest, spec.name, fit, explanation.target.index, method, test)

    def compute() -> _Answer:
        with computing_with(spec, waiting) as (network, breathe):

            def between(done: int, total: int) -> None:
                watch(done, total)
                breathe()

            subject = _subject(explanation, method, understood(spec, network), picture, fit, Pace(between))
            found = TESTS[test].ask(subject, explanation.attributions[method])
            return _Answer(found, len(pickle.dumps(found)))

    return _answers().make(key, compute, waiting).finding


def _subject(
    explanation: Explanation, method: str, answered: tuple[NetworkSpec, Network], picture: Picture, fit: str, pace: Pace
) -> Subject:
    spec, network = answered
    inputs = torch.from_numpy(frame(picture, spec.recipe, fit)[0])[None]
    target = explanation.target.index
    return Subject(network, inputs, Method.parse(method), target, spec.recipe, spec.outputs, pace=pace)
