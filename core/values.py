"""The plainest values, which every layer may use: numpy and Python alone. Others stand with what makes them.

Arrays inside are read-only, so that one value may be shared by every session.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]  # (height, width, 3), RGB


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A decoded picture, upright, without metadata.

    pixels: (height, width, 3) uint8 RGB. digest: sha256 of the *encoded* bytes, in hexadecimal; it is the key
    of every cache. notices: sentences about what decoding had to decide ("first frame of an animation").
    """

    pixels: Pixels
    digest: str
    notices: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.pixels.dtype != np.uint8 or self.pixels.ndim != 3 or self.pixels.shape[2] != 3:
            raise ValueError(f"pixels must be (height, width, 3) uint8, not {self.pixels.shape} {self.pixels.dtype}")
        self.pixels.flags.writeable = False

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return self.pixels.shape[1], self.pixels.shape[0]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a network wants its input: the shorter side resized, the centre cropped, each channel normalised.

    resize and crop are in pixels; interpolation is "bilinear" or "bicubic"; mean and std are of RGB in [0, 1], or of
    grey alone, whose networks see one channel. squash: the whole picture is resized to the square instead.
    """

    resize: int
    crop: int
    interpolation: str
    mean: tuple[float, ...]
    std: tuple[float, ...]
    squash: bool = False

    @property
    def channels(self) -> int:
        """Of a network's input: 3, or 1 for grey."""
        return len(self.mean)


@dataclass(frozen=True, slots=True)
class Prediction:
    """One class and what a network says of it: its logit, and the probability that is made of it, in [0, 1].

    outputs: how, a key of core.outputs.OUTPUTS.
    """

    index: int
    name: str
    logit: float
    probability: float
    outputs: str = "softmax"
