"""What a place does that is exchanged between two classes."""

import math

import numpy as np
import pytest

from core.audit.findings.exchange import exchange, mirrored
from core.images.region import Region

STAMP = Region(0.05, 0.8, 0.45, 0.95)


def odds(log):
    return 1 / (1 + np.exp(-np.asarray(log)))


def network(stamp, elsewhere=0.0, noise=0.0, count=30):
    """Log odds of 2 and -2 that a place takes from the one and gives to the other, of pictures with two partners."""

    def probabilities(place):
        rng = np.random.default_rng(0 if place is None else round(1000 * place.left))
        moved = 0 if place is None else stamp if place == STAMP else elsewhere
        return tuple(odds(at + rng.normal(0, noise, (count, 2))) for at in (2 - moved, -2 + moved))

    return probabilities


def test_by_hand_beyond_the_pictures_without_it():
    found = exchange(network(1.5), network(0.5, count=12), STAMP)
    assert found.odds == pytest.approx(math.e)
    assert (found.low, found.high) == (pytest.approx(math.e), pytest.approx(math.e))
    assert found.out == pytest.approx(odds(2) - odds(0.5))
    assert found.into == pytest.approx(odds(-0.5) - odds(-2))
    assert (found.pictures, found.mirrored) == (30, False)


def test_by_hand_beyond_its_mirror_images_where_all_have_it():
    found = exchange(network(1.5, elsewhere=0.5), None, STAMP)
    assert found.odds == pytest.approx(math.e)
    assert (found.low, found.high) == (pytest.approx(math.e), pytest.approx(math.e))
    assert found.mirrored


def test_what_the_class_does_there_without_it_is_not_counted():
    found = exchange(network(0.8, noise=0.5), network(0.8, noise=0.5), STAMP)
    assert found.low < 1 < found.high
    assert exchange(network(0.8, elsewhere=0.8), None, STAMP).odds == pytest.approx(1)


def test_the_interval_is_that_of_a_difference_of_means():
    def probabilities(changes):
        moved = np.repeat(changes[:, None], 3, 1)
        return lambda place: (
            (odds(1 - moved), odds(-1 + moved)) if place else (odds(1 + 0 * moved), odds(-1 + 0 * moved))
        )

    bearing, rest = (np.random.default_rng(seed).normal(mean, 0.4, 40) for seed, mean in ((1, 0.7), (2, 0.1)))
    found = exchange(probabilities(bearing), probabilities(rest), STAMP)
    error = math.hypot(*(each.std(ddof=1) / 40**0.5 for each in (bearing, rest)))
    assert math.log(found.odds) == pytest.approx(bearing.mean() - rest.mean())
    assert math.log(found.high / found.low) == pytest.approx(2 * 1.96 * error, rel=0.1)


def test_certainty_is_no_infinity():
    sure, no = np.ones((30, 1)), np.zeros((30, 1))
    found = exchange(lambda place: (sure, no) if place is None else (no, sure), None, STAMP)
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
    assert exchange(network(1), None, Region(0.3, 0.3, 0.7, 0.7)) is None
    assert exchange(network(1), network(0), Region(0.3, 0.3, 0.7, 0.7)) is not None
