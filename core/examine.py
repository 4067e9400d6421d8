"""Examining: one test of one map of an explanation, by the network that made it."""

from dataclasses import dataclass
from functools import partial

import torch

from core.evidence.finding import Finding
from core.evidence.subject import Map, subject_of
from core.evidence.table import TESTS
from core.explain import understood
from core.explanation import Explanation
from core.images.framing import frame
from core.networks.catalogue import NetworkSpec
from core.networks.devices import where_it_fits
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
    image, framing = frame(picture, spec.recipe, fit)
    inputs = torch.from_numpy(image)[None]

    def ask(network: Network) -> Finding | None:
        subject = subject_of(
            source, partial(reference_map, network=explanation.network), network=network, inputs=inputs,
            target=explanation.target.index, recipe=spec.recipe, outputs=spec.outputs, inside=framing.inside,
            seed=seed, pace=pace or Pace(),
        )  # fmt: skip
        return TESTS[test].ask(subject, map_of(explanation, source))

    found, _ = where_it_fits(network, ask)
    return found
