"""Imputation: pixels that are not known, from those around them, as ROAD does (Rong et al. 2022, arXiv:2202.00449)."""

from itertools import product

import numpy as np
from numpy.typing import NDArray

_BESIDE, _ACROSS = 1 / 6, 1 / 12  # weights of the four neighbours that share a side, and of the four at corners
_NOISE = 0.01  # standard deviation, of values from 0 to 1


def imputed(pixels: NDArray[np.float64], missing: NDArray[np.bool_], seed: int = 0) -> NDArray[np.float64]:
    """Noisy linear imputation: every missing pixel is the weighted mean of its neighbours, and a little noise.

    pixels: (channels, height, width) from 0 to 1. missing: (height, width), not all of it. The noise is there so that
    a network does not tell imputed places by their smoothness.
    """
    from scipy.sparse import coo_matrix  # here, since no page needs them before somebody asks for this
    from scipy.sparse.linalg import splu

    height, width = missing.shape
    places = np.flatnonzero(missing)
    unknown = np.full(missing.size, -1)
    unknown[places] = np.arange(len(places))
    flat = pixels.reshape(len(pixels), -1)
    rows, columns, values = [], [], []
    around, given = np.zeros(len(places)), np.zeros((len(places), len(pixels)))
    for down, right in product((-1, 0, 1), repeat=2):
        if down == right == 0:
            continue
        weight = _ACROSS if down and right else _BESIDE
        y, x = places // width + down, places % width + right
        inside = np.flatnonzero((y >= 0) & (y < height) & (x >= 0) & (x < width))
        there = y[inside] * width + x[inside]
        around[inside] += weight
        is_unknown = unknown[there] >= 0
        rows.append(inside[is_unknown])
        columns.append(unknown[there[is_unknown]])
        values.append(np.full(int(is_unknown.sum()), -weight))
        given[inside[~is_unknown]] += weight * flat[:, there[~is_unknown]].T
    every = np.arange(len(places))
    equations = coo_matrix(
        (np.concatenate([around, *values]), (np.concatenate([every, *rows]), np.concatenate([every, *columns]))),
        shape=(len(places), len(places)),
    )
    found = flat.copy()
    noise = np.random.default_rng(seed).normal(scale=_NOISE, size=(len(pixels), len(places)))
    found[:, places] = splu(equations.tocsc()).solve(given).T + noise
    return found.reshape(pixels.shape)
