"""Pictures of more than 8 bits: which values are shown as black and as white."""

import numpy as np
from numpy.typing import NDArray

from core.values import Window

_USUAL_BITS = (8, 10, 12, 14, 16)


def proposed(values: NDArray[np.generic], bits: int | None = None, ceiling: float | None = None) -> Window:
    """A window for values that no file has one for.

    Whole numbers from 0 on are of as many bits as the file says (bits, ceiling: the largest that a value may have), or
    of the least usual number of bits that holds them; other numbers are shown from the smallest to the largest.
    """
    finite = values[np.isfinite(values)] if values.dtype.kind == "f" else values
    if not finite.size:
        return Window(0, 1)
    least, most = float(finite.min()), float(finite.max())
    if values.dtype.kind in "iu" and least >= 0 and most < 2**16:
        for said in ((2.0**bits - 1) if bits else None, ceiling):
            if said and said >= most and said >= 1:
                return Window(0, said)
        return Window(0, 2.0 ** next(count for count in _USUAL_BITS if most < 2**count) - 1)
    return Window(least, most) if least < most else Window(least, least + 1)


def windowed(values: NDArray[np.generic], window: Window, *, inverted: bool = False) -> NDArray[np.uint8]:
    """(height, width) values -> (height, width, 3) uint8; what is no number is black. inverted: the lowest is white."""
    shares = (values.astype(np.float64) - window.low) / (window.high - window.low)
    shares = np.clip(np.nan_to_num(shares, nan=0.0, posinf=1.0, neginf=0.0), 0, 1)
    grey = np.rint(255 * (1 - shares if inverted else shares)).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)
