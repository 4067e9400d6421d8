"""Runs: how far halves agree, and that work ends after a batch."""

from core.networks.graph.prepare import prepare
from core.saliency.attribution import attribute
from tests.estimators.made import module, picture


def test_halves_that_contradict_each_other_are_no_number_beyond_minus_one():
    found = attribute(prepare(module(5)), picture(4), 0, methods="smooth:2:0.5").checks["smooth:2:0.5"]
    assert -1 <= float(found) <= 1
