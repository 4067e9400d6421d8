"""Do the crops of a region look alike? Those of a stamp, a frame or a logo do; those of an object seldom do."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.images.region import Region

CORRELATES = 0.5  # of a pair of crops: they are called alike above it
REDUCED = 4  # pixels of the input that one value stands for, so that a few pixels of shift do not matter

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)

Grey = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Likeness:
    """Shares of pairs of crops that look alike: within the class, and at the same place of pictures of the others."""

    within: float
    others: float

    @property
    def beyond(self) -> float:
        """How much more often the class's own look alike: where all pictures have one layout, all do."""
        return self.within - self.others


def likeness(inside: Grey, others: Grey, region: Region) -> Likeness:
    """inside, others: pictures as `reduced` gives them, (N, rows, columns)."""
    return Likeness(alike(crops(inside, region)), alike(crops(others, region)))


def reduced(pixels: NDArray[np.uint8]) -> Grey:
    """(height, width, 3) -> grey in [0, 1], the mean of squares of REDUCED pixels; an odd rim is left out."""
    rows, columns = (length // REDUCED for length in pixels.shape[:2])
    whole = pixels[: rows * REDUCED, : columns * REDUCED].astype(np.float32) @ _LUMA
    return (whole / 255).reshape(rows, REDUCED, columns, REDUCED).mean((1, 3))


def crops(pictures: Grey, region: Region) -> Grey:
    """The region of each picture."""
    left, top, right, bottom = region.pixels((pictures.shape[2], pictures.shape[1]))
    return pictures[:, top:bottom, left:right]


def alike(cut: Grey) -> float:
    """The share of pairs whose correlation is above CORRELATES; flat crops are like none. NaN for less than two."""
    if len(cut) < 2:
        return float("nan")
    flat = (cut - cut.mean((1, 2), keepdims=True)).reshape(len(cut), -1)
    flat = flat / (np.linalg.norm(flat, axis=1, keepdims=True) + 1e-3)
    return float(((flat @ flat.T)[np.triu_indices(len(flat), 1)] > CORRELATES).mean())
