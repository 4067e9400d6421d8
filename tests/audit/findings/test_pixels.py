"""What the pixels of one place alone tell."""

import numpy as np
import pytest
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.metrics import roc_auc_score

from core.audit.findings.pixels import _auc, _discriminant, telling


def noise(count, seed):
    return np.random.default_rng(seed).random((count, 56, 56, 3)).astype(np.float32)


def test_a_stamp_is_told_by_its_place():
    pictures, inside = noise(200, 0), np.arange(200) < 100
    pictures[:100, 49:56, 7:14] = noise(1, 1)[0, :7, :7]
    found = telling(pictures, inside)
    assert found.auc > 0.99
    assert (found.region.left, found.region.top) == (0.125, 0.875)


def test_a_flat_colour_is_told_though_its_grey_is_the_same():
    pictures, inside = np.full((80, 56, 56, 3), 0.4, np.float32), np.arange(80) < 40
    pictures += 0.1 * noise(80, 9)
    pictures[:40, 0:7, 0:7] += np.float32([0.2, -0.1, 0])
    assert telling(pictures, inside).auc > 0.95


def test_half_a_class_stamped_cannot_be_told_better_than_three_quarters():
    pictures, inside = noise(400, 2), np.arange(400) < 200
    pictures[:100, 49:56, 7:14] = noise(1, 3)[0, :7, :7]
    assert telling(pictures, inside).auc == pytest.approx(0.75, abs=0.07)


def test_noise_tells_no_more_than_lots_do():
    pictures, inside = noise(120, 4), np.arange(120) < 60
    found = telling(pictures, inside)
    assert found.auc <= found.by_lot + 0.03
    assert 0.5 < found.by_lot < 0.8


def test_few_pictures_say_nothing():
    assert telling(noise(20, 5), np.arange(20) < 7) is None


def test_the_discriminant_and_its_area_are_scikit_learns():
    rng = np.random.default_rng(6)
    cells = rng.normal(size=(3, 100, 4)).astype(np.float32)
    inside = np.arange(100) < 40
    cells[:, :40] += rng.normal(size=(3, 1, 4)).astype(np.float32)
    scores = _discriminant(cells, inside, cells)
    areas = _auc(scores, inside)
    for i in range(3):
        theirs = LinearDiscriminantAnalysis(solver="lsqr").fit(cells[i], inside).decision_function(cells[i])
        assert np.corrcoef(theirs, scores[i])[0, 1] > 0.999
        assert areas[i] == pytest.approx(roc_auc_score(inside, scores[i]))
