"""Do crops of a region look alike? Those of a stamp, a frame or a logo do; those of an object seldom do.

Regions are larger than stamps, and what is around a stamp differs: so small windows are compared, and the one counts
that is most alike within the class beyond the others.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.images.region import Region

CORRELATES = 0.5  # of a pair of crops: they are called alike above it
SIDE = 28  # values a side of what is compared: of 224 pixels, so that a few pixels of shift do not matter
WINDOW = 7  # of them make the side of the input

_FLAT = 0.05  # is added to a crop's length: flat ones are like none

Small = NDArray[np.float32]  # (N, rows, columns, 3) in [0, 1]


@dataclass(frozen=True, slots=True)
class Likeness:
    """Of the window that is most alike: shares of pairs that are, within the class and among pictures of the others.

    window: where it is.
    """

    within: float
    others: float
    window: Region

    @property
    def beyond(self) -> float:
        """How much more often the class's own are alike: where all pictures have one layout, all are."""
        return self.within - self.others


def likeness(inside: Small, others: Small, region: Region) -> Likeness | None:
    """inside, others: pictures as `reduced` gives them. region: where windows are looked for.

    None where there are less than two pictures of either.
    """
    if min(len(inside), len(others)) < 2:
        return None
    rows, columns = inside.shape[1:3]
    height, width = max(1, rows // WINDOW), max(1, columns // WINDOW)
    left, top, right, bottom = region.pixels((columns, rows))
    found = [
        _at(inside, others, y, x, height, width)
        for y in range(min(top, rows - height), max(top, bottom - height) + 1)
        for x in range(min(left, columns - width), max(left, right - width) + 1)
        if y + height <= rows and x + width <= columns
    ]
    return max(found, key=lambda each: each.beyond)


def reduced(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(height, width, 3) -> (rows, columns, 3), means of squares of pixels, SIDE of them or so; a rim is left out."""
    side = max(1, min(pixels.shape[:2]) // SIDE)
    rows, columns = (length // side for length in pixels.shape[:2])
    whole = pixels[: rows * side, : columns * side].astype(np.float32) / 255
    return whole.reshape(rows, side, columns, side, 3).mean((1, 3))


def alike(crops: Small) -> float:
    """The share of pairs whose correlation over all colours, each about its own mean, is above CORRELATES."""
    flat = (crops - crops.mean((1, 2), keepdims=True)).reshape(len(crops), -1)
    flat = flat / (np.linalg.norm(flat, axis=1, keepdims=True) + _FLAT)
    return float(((flat @ flat.T)[np.triu_indices(len(flat), 1)] > CORRELATES).mean())


def _at(inside: Small, others: Small, y: int, x: int, height: int, width: int) -> Likeness:
    rows, columns = inside.shape[1:3]
    within, beside = (alike(each[:, y : y + height, x : x + width]) for each in (inside, others))
    return Likeness(within, beside, Region(x / columns, y / rows, (x + width) / columns, (y + height) / rows))
