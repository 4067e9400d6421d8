"""Groups of pictures by where their evidence lies."""

import numpy as np
import pytest

from core.audit.findings.clusters import MOST, groups_of


def shares(count, cell, rng):
    values = rng.gamma(1.0, 0.2, (count, 7, 7)).astype(np.float32)
    values[:, cell[0], cell[1]] += 10
    return values / values.sum((1, 2), keepdims=True)


def test_two_ways_of_telling_are_two_groups_the_larger_first():
    rng = np.random.default_rng(0)
    found = groups_of(np.concatenate([shares(18, (6, 1), rng), shares(22, (3, 3), rng)]))
    assert found.sizes == (22, 18)
    assert found.group.tolist() == [1] * 18 + [0] * 22
    one, other = found.places[:18].mean(0), found.places[18:].mean(0)
    spread = found.places[:18].std(0).max() + found.places[18:].std(0).max()
    assert np.linalg.norm(one - other) > spread  # who is alike lies near


def test_it_is_the_same_each_time():
    rng = np.random.default_rng(1)
    values = np.concatenate([shares(20, (6, 1), rng), shares(20, (3, 3), rng), shares(20, (0, 5), rng)])
    one, other = groups_of(values), groups_of(values)
    assert one.group.tolist() == other.group.tolist()
    np.testing.assert_array_equal(one.places, other.places)
    assert one.sizes == (20, 20, 20)


def test_few_are_no_groups_and_too_many_are_refused():
    rng = np.random.default_rng(2)
    assert groups_of(shares(19, (0, 0), rng)) is None
    with pytest.raises(ValueError, match="too many"):
        groups_of(np.ones((MOST + 1, 1, 1), np.float32))
