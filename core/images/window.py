"""Pictures of more than 8 bits: which values are shown as black and as white."""

import numpy as np
from numpy.typing import NDArray

from core.values import Depth, Window

_USUAL_BITS = (8, 10, 12, 14, 16)
_PIECE = 2**21  # values that are scaled at once, in 8 bytes each


def depth_of(values: NDArray[np.generic], window: Window | None, ceiling: float | None = None) -> Depth:
    """What is known of values, (height, width) or (height, width, 3), that a window is chosen for, or else proposed."""
    least, most = extent(values)
    return Depth(least, most, window or proposed(values, ceiling))


def extent(values: NDArray[np.generic]) -> tuple[float, float]:
    """The smallest and the largest finite value; 0 and 1 where there is none."""
    finite = values[np.isfinite(values)] if values.dtype.kind == "f" else values
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)


def proposed(values: NDArray[np.generic], ceiling: float | None = None) -> Window:
    """A window for values that no file has one for, the same for all colours, so that hues stay what they are.

    Whole numbers from 0 on are shown up to the ceiling, the largest that a file says there may be, or up to the least
    usual number of bits that holds them; other numbers are shown from the smallest to the largest.
    """
    least, most = extent(values)
    if values.dtype.kind in "iu" and least >= 0 and most < 2**16:
        if ceiling and max(most, 1) <= ceiling:
            return Window(0.0, float(ceiling))
        return Window(0.0, 2.0 ** next(count for count in _USUAL_BITS if most < 2**count) - 1)
    return Window(least, most) if least < most else Window(least, least + 1)


def windowed(values: NDArray[np.generic], window: Window, *, inverted: bool = False) -> NDArray[np.uint8]:
    """(height, width) or (height, width, 3) values -> (height, width, 3) uint8; what is no number is black.

    inverted: the lowest is white.
    """
    shown = np.empty(values.shape, np.uint8)
    rows = max(1, _PIECE // max(1, shown[:1].size))
    for top in range(0, len(values), rows):
        shares = (values[top : top + rows].astype(np.float64) - window.low) / (window.high - window.low)
        shares = np.clip(np.nan_to_num(shares, nan=0.0, posinf=1.0, neginf=0.0), 0, 1)
        shown[top : top + rows] = np.rint(255 * (1 - shares if inverted else shares))
    return shown if shown.ndim == 3 else np.repeat(shown[..., None], 3, axis=2)
