"""All that was found out about one map, as one value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import torch
from torch import Tensor

from core.evidence.subject import Map, Subject
from core.evidence.table import TESTS, Finding
from core.method import Method, methods_of
from core.networks.graph.network import Network
from core.saliency.sampling import Pace
from core.values import Recipe


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """map: (channels, rows, columns) float32, the method's own. target: the class that it explains.

    found: by test, a key of core.evidence.table.TESTS, what it found. unless: by test, why it found nothing.
    """

    method: Method
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
    tests: Sequence[str] = tuple(TESTS),
    seed: int = 0,
    pace: Pace | None = None,
) -> Evidence:
    """Test the map of one class by one method.

    inputs: (1, channels, height, width), normalised by `recipe`. target: None is the most probable class. outputs: what
    logits mean, a key of core.outputs.OUTPUTS. tests: keys of TESTS. seed: of whatever is drawn: the same seed gives
    the same evidence. pace: its watch is told of the work and may raise to end it. Raises what `attribute` does, and
    ValueError for several inputs or a test that does not exist.
    """
    if len(inputs) != 1:
        raise ValueError(f"evidence is of one picture, not of {len(inputs)}")
    if not set(tests) <= set(TESTS):
        raise ValueError(f"tests must be among {', '.join(TESTS)}, not {', '.join(tests)}")
    (method,) = methods_of(method)
    chosen = int(network(inputs).argmax()) if target is None else target
    subject = Subject(network, inputs.detach(), method, chosen, recipe, outputs, seed, pace or Pace())
    with torch.inference_mode(False):
        original = subject.map()
        answers = {test: TESTS[test].ask(subject, original) for test in tests}
    found = {test: answer for test, answer in answers.items() if answer is not None}
    unless = {test: TESTS[test].unless for test in answers if test not in found}
    return Evidence(method, chosen, original, MappingProxyType(found), MappingProxyType(unless))
