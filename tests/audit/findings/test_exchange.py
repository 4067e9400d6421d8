"""What a place does that is exchanged between two classes."""

import math

import numpy as np
import pytest

from core.audit.findings.exchange import exchange, mirrored
from core.images.region import Region

STAMP = Region(0.05, 0.8, 0.45, 0.95)


def odds(log):
    return 1 / (1 + np.exp(-np.asarray(log)))


def network(stamp, elsewhere=0.0, noise=0.0):
    """Log odds of 2 and -2 that a place takes from the one and gives to the other."""

    def probabilities(place):
        rng = np.random.default_rng(0 if place is None else round(1000 * place.left))
        moved = 0 if place is None else stamp if place == STAMP else elsewhere
        return tuple(odds(at + rng.normal(0, noise, 30)) for at in (2 - moved, -2 + moved))

    return probabilities


def test_by_hand():
    found = exchange(network(1.5, elsewhere=0.5), STAMP)
    assert found.odds == pytest.approx(math.e)
    assert (found.low, found.high) == (pytest.approx(math.e), pytest.approx(math.e))
    assert found.out == pytest.approx(odds(2) - odds(0.5))
    assert found.into == pytest.approx(odds(-0.5) - odds(-2))
    assert found.pictures == 30


def test_what_any_such_place_does_is_not_counted():
    found = exchange(network(0.8, elsewhere=0.8, noise=0.5), STAMP)
    assert found.low < 1 < found.high


def test_the_interval_is_that_of_the_mean():
    changes = np.random.default_rng(1).normal(0.7, 0.4, 40)

    def probabilities(place):
        moved = changes if place == STAMP else np.zeros(40)
        return odds(1 - moved), odds(-1 + moved)

    found = exchange(probabilities, STAMP)
    error = changes.std(ddof=1) / 40**0.5
    assert math.log(found.odds) == pytest.approx(changes.mean())
    assert math.log(found.high / found.low) == pytest.approx(2 * 1.96 * error, rel=0.1)


def test_certainty_is_no_infinity():
    found = exchange(lambda place: (np.ones(30), np.zeros(30)) if place is None else (np.zeros(30), np.ones(30)), STAMP)
    assert found.odds == pytest.approx(1)
    assert (found.out, found.into) == (1, 1)


def test_images_have_its_size_and_its_distance_from_the_middle():
    found = mirrored(STAMP)
    assert [(round(each.left, 2), round(each.top, 2)) for each in found] == [(0.55, 0.8), (0.05, 0.05), (0.55, 0.05)]
    for each in found:
        assert each.right - each.left == pytest.approx(0.4, abs=2e-4)
        assert each.bottom - each.top == pytest.approx(0.15, abs=2e-4)


def test_what_lies_on_an_axis_has_one_image_and_in_the_middle_none():
    (opposite,) = mirrored(Region(0.4, 0, 0.6, 0.1))
    assert (opposite.left, opposite.top) == (0.4, 0.9)
    assert mirrored(Region(0.3, 0.3, 0.7, 0.7)) == []
    assert exchange(network(1), Region(0.3, 0.3, 0.7, 0.7)) is None
