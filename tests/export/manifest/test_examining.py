"""What was found out about maps is in the manifest, and is found again."""

from dataclasses import replace

import numpy as np
import pytest

from core.errors import ManifestError
from core.evidence.cascade import Cascade
from core.examine import Examined, examine
from core.export.manifest import check, manifest_of, read_manifest, reproduce, to_json
from core.export.manifest.examining import FindingsAgain
from core.export.manifest.records import FindingRecord
from core.networks.catalogue import lookup
from tests.export.manifest.conftest import NAME
from tests.selecting import select

SPEC = lookup(NAME)
ASKED = (("class", "guided"), ("stability", "edges"), ("sum", "vanilla"))


@pytest.fixture(scope="module")
def examined(comparison, network):
    explanation = comparison.explanations[0]
    made = (
        (test, source, examine(test, explanation, source, SPEC, network, comparison.picture, "crop"))
        for test, source in ASKED
    )
    return [Examined(explanation, source, test, found) for test, source, found in made if found]


@pytest.fixture(scope="module")
def with_tests(comparison, examined):
    return manifest_of(comparison, "chelsea", select().to_query(), tests=examined)


def test_it_says_what_was_found_in_words_and_numbers(with_tests, examined):
    first, second = with_tests["tests"]
    assert (first["network"], first["source"], first["test"], first["seed"]) == (NAME, "guided", "class", 0)
    assert first["says"].startswith("Asked for Egyptian cat instead")
    assert first["figures"] == {"class": [285], "likeness": [pytest.approx(examined[0].finding.likeness)]}
    assert (second["source"], second["test"]) == ("edges", "stability")
    assert len(read_manifest(to_json(with_tests)).tests) == 2


def test_a_figure_that_would_say_nothing_is_null(comparison):
    found = Cascade((1, 2), np.array([[0.5, np.nan]] * 3))
    test = Examined(comparison.explanations[0], "vanilla", "cascade", found)
    manifest = read_manifest(to_json(manifest_of(comparison, "chelsea", select().to_query(), tests=[test])))
    assert manifest.tests[0].figures["likeness"] == (0.5, None) * 3


def test_all_is_found_again(with_tests, cat):
    again = reproduce(read_manifest(to_json(with_tests)), cat, device="cpu")
    assert again.differences == ()
    assert again.agreement == "2 of 2 maps agree, bit for bit. 2 of 2 tests of maps agree."


def test_what_was_not_made_again_is_said_and_no_difference(with_tests, comparison, examined):
    manifest = read_manifest(to_json(with_tests))
    found = check(manifest, comparison, tests=examined[:1])
    assert found.differences == ()
    assert found.agreement.endswith(" 1 of 2 tests of maps agree; 1 were not made again, see Test.")


RECORD = FindingRecord(NAME, 282, "guided", "class", 0, "It was so.", {"likeness": (0.5, None), "class": (285.0,)})


@pytest.mark.parametrize(
    ("figures", "agrees"),
    [
        ({"likeness": (0.5, None), "class": (285.0,)}, True),
        ({"likeness": (0.504, None), "class": (285.0,)}, True),
        ({"likeness": (0.51, None), "class": (285.0,)}, False),
        ({"likeness": (0.5, 0.5), "class": (285.0,)}, False),
        ({"likeness": (None, None), "class": (285.0,)}, False),
        ({"likeness": (0.5,), "class": (285.0,)}, False),
        ({"likeness": (0.5, None)}, False),
        ({"likeness": (0.5, None), "class": (286.0,)}, False),
    ],
)
def test_what_is_found_otherwise_is_said(figures, agrees):
    found = FindingsAgain([RECORD], [replace(RECORD, figures=figures, says="Now it is otherwise.")])
    assert found.agreement == f" {int(agrees)} of 1 tests of maps agree."
    assert found.differences == () if agrees else "Now: “Now it is otherwise.”" in found.differences[0]


def test_another_map_or_seed_is_another_test():
    for other in ({"source": "vanilla"}, {"seed": 1}, {"target": 3}, {"test": "sum"}):
        found = FindingsAgain([RECORD], [replace(RECORD, **other)])
        assert found.agreement == " 0 of 1 tests of maps agree; 1 were not made again, see Test."
    assert FindingsAgain([], []).agreement == ""


@pytest.mark.parametrize(
    "wrong",
    [{"test": "luck"}, {"source": "guess"}, {"network": "vgg19"}, {"target": -1}, {"seed": -1}, {"seed": 2**31},
     {"figures": {"share": [float("1e301")]}}, {"figures": []}],
)  # fmt: skip
def test_a_test_that_makes_no_sense_is_refused(with_tests, wrong):
    strange = with_tests | {"tests": [with_tests["tests"][0] | wrong]}
    with pytest.raises(ManifestError):
        read_manifest(to_json(strange))
