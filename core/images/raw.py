"""A picture as it was read: before its values are shown in 8 bits, turned and made smaller."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.values import Window


@dataclass(frozen=True, slots=True, eq=False)
class Raw:
    """What was read.

    pixels: colours in 8 bits, (height, width, 3 or 4) uint8; or values of any kind of number, (height, width) of grey
    or (height, width, 3) of colours, with one more of alpha, (height, width, 2 or 4): it fills its kind of number, and
    as a fraction 0 to 1. window: that the file proposes. ceiling: the largest value that it says there may be.
    inverted: the lowest value is white. orientation: as in EXIF. notices: sentences. is_stripped: whether it was read
    from a copy of a DICOM file without what is the patient's.
    """

    pixels: NDArray[np.generic]
    window: Window | None = None
    ceiling: float | None = None
    inverted: bool = False
    orientation: int = 1
    notices: tuple[str, ...] = ()
    is_stripped: bool = False

    @property
    def is_deep(self) -> bool:
        """Whether a window decides how it is shown."""
        return self.pixels.ndim == 2 or self.pixels.shape[2] == 2 or self.pixels.dtype != np.uint8

    @property
    def shown(self) -> NDArray[np.generic]:
        """Of deep pixels, grey or colours: (height, width) or (height, width, 3)."""
        if self.pixels.ndim == 2:
            return self.pixels
        return self.pixels[..., 0] if self.pixels.shape[2] == 2 else self.pixels[..., :3]

    @property
    def alpha(self) -> NDArray[np.generic] | None:
        """Of deep pixels, (height, width) fractions or whole numbers; None where nothing is transparent."""
        return self.pixels[..., -1] if self.pixels.ndim == 3 and self.pixels.shape[2] != 3 else None
