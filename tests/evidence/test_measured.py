"""The figures that cautions rest on are those that were measured."""

import re
from dataclasses import astuple

import pytest

from core.evidence.measured import MEASURED
from core.method import Method
from core.rules import RULES
from core.saliency.references import REFERENCES

METHODS = [name for name in MEASURED if name not in REFERENCES]


def test_every_rule_and_reference_was_measured():
    assert {*RULES, *REFERENCES} <= MEASURED.keys()


@pytest.mark.parametrize("text", METHODS)
def test_every_figure_of_a_caution_was_measured(text):
    known = {
        f"{value:.2f}"
        for each in (MEASURED[text], MEASURED["vanilla"])
        for value in astuple(each)[1:]
        if value is not None
    }
    known |= {f"{each.place:.1f}" for each in MEASURED.values() if each.place is not None}
    method = Method.parse(text)
    assert str(method) == text
    own = method.cautions[0] if method.is_plain or method.rule == "vanilla" else method.by_rule.caution
    said = re.findall(r"\d+\.\d\d|\d\d\.\d", own)
    assert set(said) <= known
    assert said


@pytest.mark.parametrize("measured", MEASURED.values(), ids=MEASURED)
def test_figures_are_what_they_can_be(measured):
    *correlations, place = astuple(measured)[1:]
    assert measured.maps > 0
    assert all(-1 <= value <= 1 for value in correlations if value is not None)
    assert place is None or 0 <= place <= 19
