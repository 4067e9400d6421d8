"""Where evidence lies more often than elsewhere and than other classes' does."""

import numpy as np
import pytest

from core.audit.findings.suspects import difference, suspects
from core.images.region import Region


def shares(count, rng, hot=None):
    """Evidence that lies anywhere; of `hot`, (rows, columns), four times as much lies there."""
    values = rng.gamma(4.0, 1.0, (count, 7, 7)).astype(np.float32)
    if hot is not None:
        values[:, hot[0], hot[1]] *= 4
    return values / values.sum((1, 2), keepdims=True)


def test_the_cells_where_a_class_has_more_are_one_box():
    rng = np.random.default_rng(0)
    both = np.concatenate([shares(40, rng, np.s_[5:7, 0:3]), shares(120, rng)])
    (found,) = suspects(both, np.arange(160) < 40)
    assert found.region == Region(0, 5 / 7, 3 / 7, 1)
    assert found.area == pytest.approx(6 / 49)
    assert found.share == pytest.approx(both[:40, 5:7, 0:3].sum((1, 2)).mean())
    assert found.share > 2 * found.area


def test_what_all_classes_have_is_no_suspect():
    rng = np.random.default_rng(1)
    assert suspects(shares(160, rng, np.s_[5:7, 0:3]), np.arange(160) < 40) == ()


def test_by_lot_hardly_anything_is_one():
    rng = np.random.default_rng(2)
    found = [suspects(shares(80, rng), np.arange(80) < 40, seed) for seed in range(20)]
    assert sum(map(bool, found)) <= 2  # at a level of 1 %


def test_two_places_are_two_boxes_the_stronger_first():
    rng = np.random.default_rng(3)
    both = np.concatenate([shares(60, rng, np.s_[0:1, 0:1]), shares(60, rng)])
    both[:60, 4:6, 4:6] *= 6
    both /= both.sum((1, 2), keepdims=True)
    first, second = suspects(both, np.arange(120) < 60)
    assert first.region == Region(4 / 7, 4 / 7, 6 / 7, 6 / 7)
    assert second.region == Region(0, 0, 1 / 7, 1 / 7)


def test_one_picture_or_no_others_is_too_few():
    rng = np.random.default_rng(4)
    assert suspects(shares(10, rng), np.arange(10) < 1) == ()
    assert suspects(shares(10, rng), np.arange(10) < 10) == ()


def test_welchs_t_is_scipys():
    from scipy.stats import ttest_ind

    rng = np.random.default_rng(5)
    values, inside = rng.normal(size=(30, 4)).astype(np.float32), np.arange(30) < 12
    expected = ttest_ind(values[inside], values[~inside], equal_var=False).statistic
    np.testing.assert_allclose(difference(values, inside), expected, rtol=1e-4)
