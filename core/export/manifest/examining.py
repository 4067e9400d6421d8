"""From a manifest back to what was found out about its maps, and what is found otherwise now."""

from collections.abc import Callable, Iterator, Sequence

from core.evidence.table import TESTS
from core.examine import Examined, examine
from core.explanation import Comparison
from core.export.manifest.records import FindingRecord, Manifest
from core.networks.catalogue import NetworkSpec
from core.networks.load import load_network
from core.saliency.references import REFERENCES

TOLERANCE = 0.005  # of what a test finds, which is shown to two digits


def examined_again(
    manifest: Manifest, comparison: Comparison, lookup: Callable[[str], NetworkSpec], device: str
) -> Iterator[Examined]:
    """The tests of a manifest; those of maps that are not there any more are left out."""
    explanations = {(each.network, each.target.index): each for each in comparison.explanations}
    for test in manifest.tests:
        explanation = explanations.get((test.network, test.target))
        if explanation and (test.source in REFERENCES or test.source in explanation.attributions):
            spec = lookup(test.network)
            asked = test.test, explanation, test.source, spec, load_network(spec, device), comparison.picture
            if found := examine(*asked, manifest.fit, test.seed):
                yield Examined(explanation, test.source, test.test, found, test.seed)


class FindingsAgain:
    """What was found then, and what is found now of the same.

    agreement: in a sentence that begins with a blank, "" where nothing was. differences: one sentence each.
    """

    def __init__(self, then: Sequence[FindingRecord], now: Sequence[FindingRecord]) -> None:
        again = {_name(each): each for each in now}
        made = [(before, after) for before in then if (after := again.get(_name(before)))]
        others = [(before, after) for before, after in made if not _agrees(before, after)]
        missing = len(then) - len(made)
        unmade = f"; {missing} were not made again, see Test" if missing else ""
        of = f" {len(made) - len(others)} of {len(then)} tests of maps agree{unmade}."
        self.agreement = of if then else ""
        self.differences = tuple(
            f"The test of {before.source} by {before.network}, “{TESTS[before.test].question}”, was answered: "
            f"“{before.says}” Now: “{after.says}”"
            for before, after in others
        )


def _name(found: FindingRecord) -> tuple[str, int, str, str, int]:
    return found.network, found.target, found.source, found.test, found.seed


def _agrees(then: FindingRecord, now: FindingRecord) -> bool:
    """Whether all figures are the same, but for what float32 leaves open."""
    return then.figures.keys() == now.figures.keys() and all(
        _same(then.figures[name], now.figures[name]) for name in then.figures
    )


def _same(then: Sequence[float | None], now: Sequence[float | None]) -> bool:
    return len(then) == len(now) and all(map(_near, then, now))


def _near(one: float | None, other: float | None) -> bool:
    return one is other is None or (one is not None and other is not None and abs(one - other) <= TOLERANCE)
