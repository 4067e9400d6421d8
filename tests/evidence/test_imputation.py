"""Imputation: against a dense solver, and by what it promises of every pixel."""

import numpy as np
import pytest

from core.evidence import imputation
from core.evidence.imputation import imputed

WEIGHTS = {(y, x): 1 / 12 if y and x else 1 / 6 for y in (-1, 0, 1) for x in (-1, 0, 1) if (y, x) != (0, 0)}
SIDE = (11, 13)


@pytest.fixture
def pixels():
    return np.random.default_rng(1).random((3, *SIDE))


@pytest.fixture
def quiet(monkeypatch):
    monkeypatch.setattr(imputation, "_NOISE", 0.0)


def dense(pixels, missing):
    """The same by one full matrix over all pixels: those that are known are what they are."""
    height, width = missing.shape
    matrix, right = np.eye(height * width), pixels.reshape(3, -1).T.copy()
    for y, x in zip(*np.nonzero(missing), strict=True):
        row = y * width + x
        around = {
            (y + down) * width + x + across: weight
            for (down, across), weight in WEIGHTS.items()
            if 0 <= y + down < height and 0 <= x + across < width
        }
        right[row] = 0
        for place, weight in around.items():
            matrix[row, place] = -weight / sum(around.values())
    return np.linalg.solve(matrix, right).T.reshape(pixels.shape)


@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_it_is_what_a_dense_solver_finds(pixels, quiet, share):
    missing = np.random.default_rng(2).random(SIDE) < share
    missing[0, 0], missing[-1, -1] = True, False  # a corner has three neighbours
    np.testing.assert_allclose(imputed(pixels, missing), dense(pixels, missing), atol=1e-12)


def test_a_ramp_is_mended_to_the_ramp(quiet):
    ramp = np.broadcast_to(np.linspace(0, 1, 20), (1, 20, 20)).copy()
    missing = np.zeros((20, 20), bool)
    missing[5:15, 5:15] = True
    np.testing.assert_allclose(imputed(ramp * ~missing, missing), ramp, atol=1e-12)


def test_only_what_is_missing_changes_and_is_not_read(pixels, quiet):
    missing = np.zeros(SIDE, bool)
    missing[3:6, 4:9] = True
    spoilt = np.where(missing, np.nan, pixels)
    found = imputed(spoilt, missing)
    assert (found[:, ~missing] == pixels[:, ~missing]).all()
    assert np.isfinite(found).all()


def test_noise_is_of_a_hundredth_and_by_the_seed(pixels, monkeypatch):
    missing = np.ones((60, 60), bool)
    missing[0] = False
    grey = np.full((3, 60, 60), 0.5)
    one, same, other = (imputed(grey, missing, seed) for seed in (1, 1, 2))
    assert (one == same).all()
    assert (one != other)[:, missing].all()
    assert one[:, missing].std() == pytest.approx(0.01, rel=0.05)


def test_nothing_missing_is_nothing_mended(pixels):
    assert (imputed(pixels, np.zeros(SIDE, bool)) == pixels).all()
