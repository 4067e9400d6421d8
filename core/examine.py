"""Examining: one test of one map of an explanation, by the network that made it."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import torch

from core.evidence.finding import Finding
from core.evidence.subject import Map, OfMethod, OfReference, Subject
from core.evidence.table import TESTS
from core.explain import understood
from core.explanation import Explanation
from core.images.framing import frame
from core.method import Method
from core.networks.catalogue import NetworkSpec
from core.networks.graph.network import Network
from core.saliency.references import REFERENCES, reference_map
from core.saliency.sampling import Pace
from core.values import Picture


@dataclass(frozen=True, slots=True, eq=False)
class Examined:
    """What a test, a key of TESTS, found about one map of an explanation.

    source: the text of the map's method, or a reference's name. seed: of what was drawn.
    """

    explanation: Explanation
    source: str
    test: str
    finding: Finding
    seed: int = 0


def map_of(explanation: Explanation, source: str) -> Map:
    """The map of a method that the explanation has, or of a reference."""
    if source in REFERENCES:
        return reference_map(source, explanation.seen, explanation.network)[None]
    return explanation.attributions[source]


def examine(
    test: str,
    explanation: Explanation,
    source: str,
    spec: NetworkSpec,
    network: Network,
    picture: Picture,
    fit: str,
    seed: int = 0,
    pace: Pace | None = None,
) -> Finding | None:
    """Ask one test, a key of TESTS, of a map; None if it means nothing for it. source: as in Examined."""
    spec, network = understood(spec, network)
    about: dict[str, Any] = {
        "network": network, "inputs": torch.from_numpy(frame(picture, spec.recipe, fit)[0])[None],
        "target": explanation.target.index, "recipe": spec.recipe, "outputs": spec.outputs, "seed": seed,
        "pace": pace or Pace(),
    }  # fmt: skip
    subject: Subject
    if source in REFERENCES:
        subject = OfReference(**about, make=partial(reference_map, source, network=explanation.network))
    else:
        subject = OfMethod(**about, method=Method.parse(source))
    return TESTS[test].ask(subject, map_of(explanation, source))
