"""Codes: the single bytes that a map travels to the browser as, finest where values are small.

They are of the map alone, so that a map need not travel again when its colours or their scale become others.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.ui.figure.scales import percentile

_BEND = 99.5  # percentile of the magnitudes
_LOWEST = 1 / 50  # of the largest magnitude: the bend is not below, or all codes would be far apart


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
        codes = self.places(np.abs(values, dtype=np.float64))
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

    def places(self, magnitudes: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where magnitudes up to the largest, at least one, lie among the codes, or between two."""
        places = magnitudes / self.bend  # all else is in its place: memory anew takes longer than the arithmetic
        beyond = places > 1 if self.growth else np.zeros(places.shape, bool)
        logarithms = self.knee + np.log(places[beyond]) / (self.growth or 1)
        np.sqrt(places, out=places)
        places *= self.knee
        places[beyond] = logarithms
        return places

    def end(self, ceiling: float) -> float:
        """Where a scale ends among the codes: with the last one, if no value is as large as its ceiling."""
        return float(self.places(np.array([min(ceiling, self.largest)]))[0])


def quantiser_for(values: NDArray[np.float32], *, signed: bool) -> Quantiser:
    """The law for one map: all codes up to its largest value, on both sides of the bend equally close in proportion.

    Two that follow each other there are 2 / knee apart, by the squares, and `growth`, beyond.
    """
    levels, magnitudes = 127 if signed else 255, np.abs(values).ravel()
    largest = float(magnitudes.max()) or 1.0
    bend = max(percentile(magnitudes, _BEND), _LOWEST * largest)
    beyond = math.log(largest / bend)
    knee = round(levels * 2 / (2 + beyond))
    if knee == levels:  # nothing to speak of is beyond
        return Quantiser(largest, levels, 0.0, levels)
    return Quantiser(bend, knee, beyond / (levels - knee), levels)
