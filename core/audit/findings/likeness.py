"""Do crops of a region look alike? Those of a stamp, a frame or a logo do; those of an object seldom do.

Regions are larger than stamps, and what is around a stamp differs: so small windows are compared, and the one counts
that is most alike within the class beyond the others.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import label
from threadpoolctl import threadpool_limits

from core.images.region import Region

CORRELATES = 0.5  # of a pair of crops: they are called alike above it
SIDE = 28  # values a side of what is compared: of 224 pixels, so that a few pixels of shift do not matter
WINDOW = 7  # of them make the side of the input

_MOST = 100  # pictures, whose pairs are compared
_AS_MUCH = 0.7  # of the most alike window: its neighbours show the same thing
_OFTEN = 0.5  # as often alike to others as the picture that is most often: it bears what is alike
_MOST_OTHERS = 0.75  # of the others' pictures are less like what is alike than a chance likeness is
_FLAT = 0.05  # is added to a crop's length: flat ones are like none

Small = NDArray[np.float32]  # (N, rows, columns, 3) in [0, 1]


@dataclass(frozen=True, slots=True)
class Likeness:
    """Of the window that is most alike: shares of pairs that are, within the class and among pictures of the others.

    window: where it is. place: the box of what is alike there, that window and its neighbours.
    """

    within: float
    others: float
    window: Region
    place: Region

    @property
    def beyond(self) -> float:
        """How much more often the class's own are alike: where all pictures have one layout, all are."""
        return self.within - self.others


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Shares of alike pairs at every window of a class's pictures, within it and among the others: by row and column.

    grid: (rows, columns) of the pictures that were compared; size: of a window.
    """

    within: NDArray[np.float64]
    others: NDArray[np.float64]
    grid: tuple[int, int]
    size: tuple[int, int]

    @classmethod
    @threadpool_limits.wrap(limits=1)  # so little work at once that threads would only wait for each other
    def of(cls, inside: Small, others: Small) -> "Windows | None":
        """inside, others: pictures as `reduced` gives them; None where there are less than two of either."""
        if min(len(inside), len(others)) < 2:
            return None
        rows, columns = inside.shape[1:3]
        height, width = max(1, rows // WINDOW), max(1, columns // WINDOW)
        shares = np.array(
            [
                [
                    [alike(each[:_MOST, y : y + height, x : x + width]) for x in range(columns - width + 1)]
                    for y in range(rows - height + 1)
                ]
                for each in (inside, others)
            ]
        )
        return cls(shares[0], shares[1], (rows, columns), (height, width))

    def best(self, region: Region | None = None) -> Likeness:
        """The window that is most alike beyond the others, in a region, or anywhere."""
        (rows, columns), (height, width) = self.grid, self.size
        left, top, right, bottom = region.pixels((columns, rows)) if region else (0, 0, columns, rows)
        first = min(top, rows - height), min(left, columns - width)
        last = max(first[0], bottom - height), max(first[1], right - width)
        beyond = self.within - self.others
        part = beyond[first[0] : last[0] + 1, first[1] : last[1] + 1]
        y, x = np.add(first, np.unravel_index(part.argmax(), part.shape)).tolist()
        named, _ = label(beyond >= _AS_MUCH * beyond[y, x])
        ys, xs = np.nonzero(named == named[y, x]) if beyond[y, x] > 0 else (np.array([y]), np.array([x]))
        return Likeness(
            float(self.within[y, x]),
            float(self.others[y, x]),
            self._box(y, x, y, x),
            self._box(int(ys.min()), int(xs.min()), int(ys.max()), int(xs.max())),
        )

    def _box(self, top: int, left: int, bottom: int, right: int) -> Region:
        """Of the windows that begin from one place to another."""
        (rows, columns), (height, width) = self.grid, self.size
        return Region(left / columns, top / rows, (right + width) / columns, (bottom + height) / rows)


def reduced(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(height, width, 3) -> (rows, columns, 3), means of squares of pixels or nearly, SIDE of them or so."""
    side = max(1, min(pixels.shape[:2]) // SIDE)
    rows, columns = (_edges(length, length // side) for length in pixels.shape[:2])
    sums = np.add.reduceat(np.add.reduceat(pixels, rows[:-1], 0, np.float64), columns[:-1], 1)
    areas = np.outer(np.diff(rows), np.diff(columns))[..., None]
    return (sums / areas / 255).astype(np.float32)


def _edges(length: int, count: int) -> NDArray[np.intp]:
    """Where so many parts of a length begin, and its end."""
    return np.rint(np.linspace(0, length, count + 1)).astype(np.intp)


def alike(crops: Small) -> float:
    """The share of pairs whose correlation over all colours, each about its own mean, is above CORRELATES."""
    return float(_pairs(crops)[np.triu_indices(len(crops), 1)].mean())


def bearers(pictures: Small, window: Region) -> NDArray[np.bool_]:
    """(N,): which of the pictures have at a window what makes pairs of them alike there."""
    left, top, right, bottom = window.pixels((pictures.shape[2], pictures.shape[1]))
    often = _pairs(pictures[:, top:bottom, left:right]).sum(1) - 1  # each is like itself
    return often >= max(1, _OFTEN * often.max())


def without(pictures: Small, bears: NDArray[np.bool_], others: Small, window: Region) -> NDArray[np.bool_]:
    """(N,): which of the pictures have nothing of what those that bear it have at a window.

    A pair of crops shares little more than the stamp, and the mean of many has hardly anything else: a picture is
    without it that is no more like that mean than three fourths of the others' pictures, which are without it too.
    """
    left, top, right, bottom = window.pixels((pictures.shape[2], pictures.shape[1]))
    own, theirs = (_directions(each[:, top:bottom, left:right]) for each in (pictures, others))
    borne = own[bears].mean(0) - theirs.mean(0)
    return ~bears & (own @ borne <= np.quantile(theirs @ borne, _MOST_OTHERS))


def _pairs(crops: Small) -> NDArray[np.bool_]:
    flat = _directions(crops)
    return flat @ flat.T > CORRELATES


def _directions(crops: Small) -> Small:
    """(N, values), each about its own mean and of length 1."""
    flat = (crops - crops.mean((1, 2), keepdims=True)).reshape(len(crops), -1)
    return flat / (np.linalg.norm(flat, axis=1, keepdims=True) + _FLAT)
