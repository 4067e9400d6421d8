"""The plainest values, which every layer may use: numpy and Python alone. Others stand with what makes them.

Arrays inside are read-only, so that one value may be shared by every session.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]  # (height, width, 3), RGB


@dataclass(frozen=True, slots=True)
class Window:
    """Values from low (black) to high (white); those beyond are black or white too. low < high, both finite."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise ValueError(f"a window has to be two finite numbers, the lower one first, not {self.low}, {self.high}")

    @classmethod
    def parse(cls, text: str) -> "Window | None":
        """Of an address: "0,4095"; None for anything else."""
        try:
            low, high = map(float, text.split(","))
            return cls(low, high)
        except ValueError:
            return None

    def __str__(self) -> str:
        return ",".join(repr(float(end)).removesuffix(".0") for end in (self.low, self.high))


@dataclass(frozen=True, slots=True)
class Depth:
    """What is known of a picture's values before they were shown in 8 bits.

    least, most: of its own values. window: how they are shown.
    """

    least: float
    most: float
    window: Window


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A decoded picture, upright, without metadata.

    pixels: (height, width, 3) uint8 RGB. digest: sha256 of the *encoded* bytes, in hexadecimal, and of a window that
    was chosen for them; it is the key of every cache. notices: sentences about what decoding had to decide ("first
    frame of an animation"). depth: of a picture of more than 8 bits. digest_of: what the digest is of, in words, for
    whoever would compare it with that of their file.
    """

    pixels: Pixels
    digest: str
    notices: tuple[str, ...] = ()
    depth: Depth | None = None
    digest_of: str = "the file"

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
