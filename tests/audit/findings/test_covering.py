"""What covering a region costs beyond covering others."""

import numpy as np
import pytest

from core.audit.findings.covering import OVERLAP, covering, elsewhere, shared
from core.images.region import Region

STAMP = Region(0.05, 0.8, 0.45, 0.95)


def test_a_region_that_is_needed_by_hand():
    def probability(region):
        rng = np.random.default_rng(0)
        noise = rng.normal(0, 0.01, 40)
        if region is None:
            return 0.9 + noise
        return 0.9 + noise - (0.4 if region == STAMP else 0.05)

    found = covering(probability, STAMP)
    assert found.drop == pytest.approx(0.4)
    assert found.beyond == pytest.approx(0.35)
    assert found.low == pytest.approx(0.35)  # the same noise with and without
    assert found.pictures == 40


def test_one_that_costs_no_more_than_others_has_an_interval_around_zero():
    rng = np.random.default_rng(1)
    found = covering(lambda region: rng.normal(0.5, 0.2, 40), STAMP)
    assert found.low < 0 < found.high


def test_the_interval_is_that_of_the_mean():
    drops = np.random.default_rng(2).normal(0.3, 0.2, 40)
    found = covering(lambda region: 0.9 - drops if region == STAMP else np.full(40, 0.9), STAMP)
    error = drops.std(ddof=1) / 40**0.5
    assert found.beyond == pytest.approx(drops.mean())
    assert found.high - found.low == pytest.approx(2 * 1.96 * error, rel=0.1)


def test_other_places_have_its_size_lie_inside_and_are_others():
    for place in elsewhere(STAMP, np.random.default_rng(3)):
        assert place.right - place.left == pytest.approx(0.4, abs=2e-4)
        assert place.bottom - place.top == pytest.approx(0.15, abs=2e-4)
        assert shared(place, STAMP) < OVERLAP * 0.06
    assert len(elsewhere(STAMP, np.random.default_rng(3))) == 6


def test_a_region_that_leaves_no_room_has_none():
    everything = Region(0, 0, 1, 0.95)
    assert elsewhere(everything, np.random.default_rng(0)) == []
    assert covering(lambda region: np.ones(30), everything) is None


def test_the_area_in_common_by_hand():
    assert shared(Region(0, 0, 0.5, 0.5), Region(0.25, 0.25, 1, 1)) == pytest.approx(0.0625)
    assert shared(Region(0, 0, 0.5, 0.5), Region(0.5, 0, 1, 1)) == 0
