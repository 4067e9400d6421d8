"""Codes: the single bytes that a map travels to the browser as, finest where values are small."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.ui.figure.scales import Scale

_SHARE = 0.8  # of the codes are for the values that the scale tells apart, the others for those beyond its end


@dataclass(frozen=True, slots=True)
class Quantiser:
    """A law between values and whole numbers from 0 (or -levels, where values have a sign) to levels.

    Up to `bend`, a value, |value| = bend * (|code| / knee)²: small values, of which a gradient has most, keep their
    digits. From there on each code is exp(growth) times the one before, up to the largest value of the map.
    """

    bend: float
    knee: int
    growth: float
    levels: int

    @property
    def largest(self) -> float:
        """The value of the last code."""
        return self.bend * math.exp(self.growth * (self.levels - self.knee))

    def encode(self, values: NDArray[np.float32]) -> NDArray[Any]:
        """The nearest codes: int8 where levels are 127, uint8 where they are 255."""
        codes = np.abs(values, dtype=np.float64)  # and all else in its place: memory anew takes longer than arithmetic
        codes /= self.bend
        beyond = codes > 1 if self.growth else np.zeros(0, bool)
        large = self.knee + np.log(codes[beyond]) / self.growth if beyond.any() else None
        np.sqrt(codes, out=codes)
        codes *= self.knee
        if large is not None:
            codes[beyond] = large
        np.minimum(codes, self.levels, out=codes)
        np.rint(codes, out=codes)
        return np.copysign(codes, values, out=codes).astype(np.int8) if self.levels == 127 else codes.astype(np.uint8)

    def decode(self, codes: NDArray[Any]) -> NDArray[np.float64]:
        """The values that codes stand for."""
        steps = np.abs(codes.astype(np.float64))
        magnitudes = self.bend * np.where(
            steps <= self.knee, (steps / self.knee) ** 2, np.exp(self.growth * (steps - self.knee))
        )
        return np.copysign(magnitudes, codes)

    def place(self, value: float) -> float:
        """Where a value that is not below the bend lies among the codes, were their squares to go on for ever."""
        return self.knee * math.sqrt(value / self.bend)


def quantiser_for(values: NDArray[np.float32], scale: Scale) -> Quantiser:
    """The law for one map: all codes up to its largest value, most of them for what the scale tells apart."""
    levels = 127 if scale.signed else 255
    largest = float(np.abs(values).max()) or scale.ceiling
    if largest <= scale.ceiling:
        return Quantiser(largest, levels, 0.0, levels)
    knee = round(_SHARE * levels)
    return Quantiser(scale.ceiling, knee, math.log(largest / scale.ceiling) / (levels - knee), levels)
