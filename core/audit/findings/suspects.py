"""Suspect regions: where the evidence for a class lies more often than chance and than other classes' lies.

Most of them are where the objects are. A region alone says nothing of a shortcut: it is what the questions are put to.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import label

from core.images.region import Region

PERMUTATIONS = 200
LEVEL = 0.99  # of the largest difference at any cell when labels are drawn by lot
MULTIPLE = 1.5  # of its fair share, what a cell has to have

Shares = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Suspect:
    """region: a box of what the network sees, in shares of it. share: of the class's evidence; area: of the input."""

    region: Region
    share: float
    area: float


def suspects(shares: Shares, inside: NDArray[np.bool_], seed: int = 0) -> tuple[Suspect, ...]:
    """Connected cells, as boxes, the strongest first.

    shares: (N, rows, columns) of evidence, each picture's sum to 1. inside: which pictures are of the class; both they
    and the others have to be two at least.
    """
    count, rows, columns = shares.shape
    if min(inside.sum(), count - inside.sum()) < 2:
        return ()
    flat = shares.reshape(count, -1) * (rows * columns)
    rng = np.random.default_rng(seed)
    by_lot = [difference(flat, rng.permutation(inside)).max() for _ in range(PERMUTATIONS)]
    unusual = difference(flat, inside) > np.quantile(by_lot, LEVEL)
    hit = unusual & (flat[inside].mean(0) >= MULTIPLE)
    mean = shares[inside].mean(0)
    labelled, found = label(hit.reshape(rows, columns))
    boxes = [_suspect(np.nonzero(labelled == i), mean) for i in range(1, found + 1)]
    return tuple(sorted(boxes, key=lambda suspect: -suspect.share))


def difference(values: NDArray[np.float32], inside: NDArray[np.bool_]) -> NDArray[np.float32]:
    """(N, cells) -> (cells,): Welch's t of those inside against the others."""
    one, other = values[inside], values[~inside]
    noise = one.var(0, ddof=1) / len(one) + other.var(0, ddof=1) / len(other)
    return (one.mean(0) - other.mean(0)) / np.sqrt(noise + 1e-9)


def _suspect(cells: tuple[NDArray[np.intp], ...], mean: NDArray[np.float32]) -> Suspect:
    (rows, columns), (ys, xs) = mean.shape, cells
    top, bottom, left, right = int(ys.min()), int(ys.max()) + 1, int(xs.min()), int(xs.max()) + 1
    region = Region(left / columns, top / rows, right / columns, bottom / rows)
    area = (bottom - top) * (right - left) / (rows * columns)
    return Suspect(region, float(mean[top:bottom, left:right].sum()), area)
