"""Placing: a network's square map laid on the original picture, each value at its own place."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.images.framing import Framing
from core.images.region import Box


def placed(values: NDArray[np.float32], framing: Framing, size: tuple[int, int]) -> NDArray[np.float32]:
    """Lay a map of a network's input, (side, side), on a grid over the whole picture: (height, width) float32.

    size: (width, height) of the grid, any size; it stands for the whole picture. A cell is NaN where the network did
    not see its centre; what was padded around the picture is left out. Along an axis where the grid is finer than the
    input, a cell has the raw value at its centre, so that one value becomes one rectangle. Where the grid is coarser,
    each value goes to the cell in which its own centre lies, at the rim to the nearest that was seen, and of several
    the largest magnitude is kept with its sign (the positive one of two that are equal): a mean, or the value at the
    centre, would let a bright dot fade or vanish.
    """
    if values.shape != (framing.side, framing.side):
        raise ValueError(f"values must be ({framing.side}, {framing.side}) as the framing is, not {values.shape}")
    if min(size) < 1:
        raise ValueError(f"size must be at least one by one, not {size}")
    columns, rows = (_cells(framing, axis, size[axis]) for axis in (0, 1))
    grid = np.full(size[::-1], np.nan, dtype=np.float32)
    grid[rows.seen, columns.seen] = _strongest(_strongest(values, rows, 0), columns, 1)
    return grid


def box_on_input(framing: Framing, box: Box) -> Box:
    """Where a box of the picture, in its pixels, lies on the input, in input pixels.

    Clamped to the part of the input that shows the picture: a box that was not seen has no width or no height.
    """
    (left, right), (top, bottom) = (_shown(framing, axis) for axis in (0, 1))
    (x0, y0), (x1, y1) = framing.to_input(*box[:2]), framing.to_input(*box[2:])
    return _clamp(x0, left, right), _clamp(y0, top, bottom), _clamp(x1, left, right), _clamp(y1, top, bottom)


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """Along one axis: the cells that were seen, and which pixels of the input each of them stands for.

    Cell j of the seen ones stands for the pixels from starts[j] to before the next start, or for starts[j] alone if
    the next is no larger; the last one for those before end.
    """

    seen: slice
    starts: NDArray[np.intp]
    end: int


def _cells(framing: Framing, axis: int, cells: int) -> _Cells:
    near, far = framing.to_input(0, 0)[axis], framing.to_input(*framing.picture)[axis]
    step = (far - near) / cells  # input pixels to a cell
    centres = near + (np.arange(cells) + 0.5) * step
    first, after = np.searchsorted(centres, (0, framing.side))
    if step <= 1:
        starts = np.floor(centres[first:after]).astype(np.intp)
        return _Cells(slice(first, after), starts, int(starts[-1]) + 1 if len(starts) else 0)
    pixels = np.arange(framing.side) + 0.5
    begin, end = np.searchsorted(pixels, _shown(framing, axis))
    cell_of = np.clip((pixels[begin:end] - near) / step, first, after - 1).astype(np.intp)
    starts = begin + np.searchsorted(cell_of, np.arange(first, after))
    return _Cells(slice(first, after), starts, int(end))


def _strongest(values: NDArray[np.float32], cells: _Cells, axis: int) -> NDArray[np.float32]:
    """Of the pixels of each cell, along one axis, the one with the largest magnitude."""
    values = values[: cells.end] if axis == 0 else values[:, : cells.end]
    high, low = (extreme.reduceat(values, cells.starts, axis=axis) for extreme in (np.maximum, np.minimum))
    return np.where(high >= -low, high, low)


def _shown(framing: Framing, axis: int) -> tuple[float, float]:
    """From where to where the input shows the picture, along one axis."""
    near, far = framing.to_input(0, 0)[axis], framing.to_input(*framing.picture)[axis]
    return max(near, 0.0), min(far, float(framing.side))


def _clamp(place: float, low: float, high: float) -> float:
    return min(max(place, low), high)
