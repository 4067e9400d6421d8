"""Cells: a map as the means of squares of about 16 pixels, its moved copies, and which pixels the first of them are.

Of a small picture squares are smaller, so that tenths of them are nearly tenths.
"""

from collections.abc import Sequence
from itertools import product

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

CELL = 16  # pixels on a side, about: 14 x 14 cells at 224 pixels
_FEWEST = 6  # cells on a side

Cells = NDArray[np.float64]  # (rows, columns)


def cells_of(values: NDArray[np.floating]) -> Cells:
    """Means over cells of (height, width) values."""
    rows, columns = map(_edges, values.shape)
    sums = np.add.reduceat(np.add.reduceat(values.astype(np.float64), rows[:-1], 0), columns[:-1], 1)
    return sums / np.outer(np.diff(rows), np.diff(columns))


def moved_copies(cells: Cells, count: int, seed: int = 0) -> list[Cells]:
    """The same map rolled, turned and mirrored, in so many different ways at random, none of them left in its place.

    They keep its grain, its clumps and its peaks, and know nothing of the picture. A map that is not square is not
    turned by a quarter.
    """
    rows, columns = cells.shape
    quarters = range(4) if rows == columns else (0, 2)
    ways = list(product(quarters, (False, True), range(rows), range(columns)))[1:]
    places = np.arange(cells.size).reshape(cells.shape)
    found = {places.tobytes(): places}  # where there are few cells, some ways lead to the same
    for way in np.random.default_rng(seed).permutation(len(ways)):
        moved = _moved(places, *ways[way])
        found.setdefault(moved.tobytes(), moved)
        if len(found) > count:
            break
    return [cells.ravel()[moved] for moved in list(found.values())[1:]]


def ranked(cells: Cells, seed: int = 0) -> NDArray[np.int64]:
    """The places of the cells, row by row from 0, from the strongest to the weakest; ties at random."""
    mixed = np.random.default_rng(seed).permutation(cells.size)
    return mixed[np.argsort(-cells.ravel()[mixed], kind="stable")]


def first_cells(order: NDArray[np.int64], height: int, width: int, shares: Sequence[float]) -> Tensor:
    """Which pixels lie in the cells that are first, (len(shares), height, width) bool.

    order: as `ranked`, of a map of height by width pixels. shares: of all cells, from 0 to 1.
    """
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    rows, columns = (np.repeat(np.arange(len(edges) - 1), np.diff(edges)) for edges in (_edges(height), _edges(width)))
    places = torch.from_numpy(rank.reshape(rows[-1] + 1, columns[-1] + 1)[np.ix_(rows, columns)])
    firsts = torch.tensor([round(share * len(order)) for share in shares])
    return places < firsts[:, None, None]


def _edges(side: int) -> NDArray[np.int64]:
    """Where cells begin, and the end of the last."""
    count = max(round(side / CELL), min(side, _FEWEST))
    return np.rint(np.linspace(0, side, count + 1)).astype(np.int64)


def _moved(places: NDArray[np.int64], quarters: int, mirror: bool, down: int, right: int) -> NDArray[np.int64]:
    turned = np.rot90(places, quarters)
    return np.roll(turned[:, ::-1] if mirror else turned, (down, right), (0, 1))
