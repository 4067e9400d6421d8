"""All that was found out about one map, as one value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import torch
from torch import Tensor

from core.evidence.finding import Finding
from core.evidence.subject import Map, subject_of
from core.evidence.table import TESTS, USUAL
from core.method import Method
from core.networks.graph.network import Network
from core.saliency.references import REFERENCES
from core.saliency.sampling import Pace
from core.values import Recipe


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """method: its text, or a reference's name. target: the class that its map explains.

    map: (channels, rows, columns) float32, the method's own. found: by test, a key of core.evidence.table.TESTS, what
    it found. unless: by test, why it found nothing.
    """

    method: str
    target: int
    map: Map
    found: Mapping[str, Finding]
    unless: Mapping[str, str]

    def __getitem__(self, test: str) -> Finding:
        return self.found[test]


def evidence(
    network: Network,
    inputs: Tensor,
    method: Method | str,
    target: int | None = None,
    *,
    recipe: Recipe,
    outputs: str = "softmax",
    tests: Sequence[str] = USUAL,
    seed: int = 0,
    pace: Pace | None = None,
) -> Evidence:
    """Test the map of one class by one method, or by a reference of core.saliency.references, such as "edges".

    inputs: (1, channels, height, width), normalised by `recipe`. target: None is the most probable class. outputs: what
    logits mean, a key of core.outputs.OUTPUTS. tests: keys of TESTS; the usual ones are those that are not made on
    demand. seed: of whatever is drawn: the same seed gives the same evidence. pace: its watch is told of the work and
    may raise to end it. Raises what `attribute` does, and ValueError for several inputs or a test that does not exist.
    """
    if len(inputs) != 1:
        raise ValueError(f"evidence is of one picture, not of {len(inputs)}")
    if not set(tests) <= set(TESTS):
        raise ValueError(f"tests must be among {', '.join(TESTS)}, not {', '.join(tests)}")
    subject = subject_of(
        method, lambda name, pixels: REFERENCES[name].make(pixels, seed),
        network=network, inputs=inputs.detach(), target=int(network(inputs).argmax()) if target is None else target,
        recipe=recipe, outputs=outputs, seed=seed, pace=pace or Pace(),
    )  # fmt: skip
    with torch.inference_mode(False):
        parts = [subject.part(place, 1 + len(tests)) for place in range(1 + len(tests))]
        original = parts[0].map()
        answers = {test: TESTS[test].ask(part, original) for test, part in zip(tests, parts[1:], strict=True)}
    found = {test: answer for test, answer in answers.items() if answer is not None}
    unless = {test: TESTS[test].unless for test in answers if test not in found}
    return Evidence(str(method), subject.target, original, MappingProxyType(found), MappingProxyType(unless))
