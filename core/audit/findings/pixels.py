"""Do the pixels of one place alone, without any network, tell a class from the others?

A linear discriminant (Fisher 1936) of the leading principal components of each cell, judged on pictures that it was not
made from. A stamp that most pictures of a class have is found like this; so is a typical background.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from core.audit.findings.likeness import Small
from core.images.region import Region

CELLS = 8  # a side
COMPONENTS = 8
FOLDS = 4
PERMUTATIONS = 40

_RIDGE = 1e-2  # of the components' mean variance


@dataclass(frozen=True, slots=True)
class Telling:
    """The cell that tells most. auc: 0.5 is chance, 1 is always right. by_lot: the largest auc of any cell when the
    labels are drawn by lot, the highest of PERMUTATIONS draws."""

    region: Region
    auc: float
    by_lot: float


@threadpool_limits.wrap(limits=1)  # so little work that threads would only wait for each other
def telling(pictures: Small, inside: NDArray[np.bool_], seed: int = 0) -> Telling | None:
    """None where there are fewer than two pictures a fold, of the class or of the others."""
    if min(inside.sum(), (~inside).sum()) < 2 * FOLDS:
        return None
    rng = np.random.default_rng(seed)
    cells = _components(_cells(pictures))
    found = _aucs(cells, inside, rng)
    by_lot = max(float(_aucs(cells, rng.permutation(inside), rng).max()) for _ in range(PERMUTATIONS))
    best = int(found.argmax())
    row, column = divmod(best, CELLS)
    region = Region(column / CELLS, row / CELLS, (column + 1) / CELLS, (row + 1) / CELLS)
    return Telling(region, float(found[best]), by_lot)


def _cells(pictures: Small) -> NDArray[np.float32]:
    """(N, rows, columns, 3) -> (cells, N, values)."""
    count, rows, columns = pictures.shape[:3]
    ys, xs = np.linspace(0, rows, CELLS + 1).round().astype(int), np.linspace(0, columns, CELLS + 1).round().astype(int)
    height, width = min(np.diff(ys)), min(np.diff(xs))
    cut = [pictures[:, y : y + height, x : x + width].reshape(count, -1) for y in ys[:-1] for x in xs[:-1]]
    return np.stack(cut)


def _components(cells: NDArray[np.float32]) -> NDArray[np.float32]:
    """(cells, N, values) -> (cells, N, components), uncentred by no label: principal components of all pictures."""
    centred = cells - cells.mean(1, keepdims=True)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    return centred @ axes[:, :COMPONENTS].transpose(0, 2, 1)


def _aucs(cells: NDArray[np.float32], inside: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.float64]:
    """(cells,): of scores that are made for each fold from the others."""
    fold = np.empty(len(inside), int)
    for group in (inside, ~inside):
        fold[group] = rng.permutation(np.arange(group.sum()) % FOLDS)
    scores = np.empty(cells.shape[:2])
    for each in range(FOLDS):
        made, judged = fold != each, fold == each
        scores[:, judged] = _discriminant(cells[:, made], inside[made], cells[:, judged])
    # each fold's scores have their own scale: pairs are compared within folds
    return np.mean([_auc(scores[:, fold == each], inside[fold == each]) for each in range(FOLDS)], 0)


def _discriminant(
    cells: NDArray[np.float32], inside: NDArray[np.bool_], judged: NDArray[np.float32]
) -> NDArray[np.float64]:
    one, other = cells[:, inside], cells[:, ~inside]
    means = one.mean(1), other.mean(1)
    left = np.concatenate([one - means[0][:, None], other - means[1][:, None]], 1).astype(np.float64)
    spread = left.transpose(0, 2, 1) @ left / left.shape[1]
    ridge = _RIDGE * spread.diagonal(axis1=1, axis2=2).mean(1) + 1e-9
    spread += ridge[:, None, None] * np.eye(spread.shape[1])
    weights = np.linalg.solve(spread, (means[0] - means[1]).astype(np.float64)[..., None])
    return (judged.astype(np.float64) @ weights)[..., 0]


def _auc(scores: NDArray[np.float64], inside: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(cells, N) -> (cells,): how often one of the class scores higher than one of the others; equals are halves."""
    one, other = scores[:, inside, None], scores[:, None, ~inside]
    return (one > other).mean((1, 2)) + (one == other).mean((1, 2)) / 2
