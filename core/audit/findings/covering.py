"""Does a class need a region? What covering it costs, against covering other places of the same size."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.images.region import Region

ELSEWHERE = 6  # other places
OVERLAP = 0.25  # of a region's area, what another place may share with it
DRAWS = 2_000  # of the bootstrap
LEVEL = 0.95

Probabilities = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Covering:
    """drop: what covering the region takes off the probability of the class, on average.

    beyond: how much more that is than for other places of that size; low, high: its interval of 95 %, by drawing the
    pictures anew (Efron 1979). pictures: how many.
    """

    drop: float
    beyond: float
    low: float
    high: float
    pictures: int


def covering(probability: Callable[[Region | None], Probabilities], region: Region, seed: int = 0) -> Covering | None:
    """Cover the region and other places; None where there is no other place for a region of its size.

    probability: of each picture's class, (N,), with a region covered or none.
    """
    rng = np.random.default_rng(seed)
    places = elsewhere(region, rng)
    if not places:
        return None
    covered = probability(region)
    beyond = np.mean([probability(place) for place in places], 0) - covered
    drawn = beyond[rng.integers(len(beyond), size=(DRAWS, len(beyond)))].mean(1)
    low, high = np.quantile(drawn, ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    drop = float((probability(None) - covered).mean())
    return Covering(drop, float(beyond.mean()), float(low), float(high), len(beyond))


def elsewhere(region: Region, rng: np.random.Generator) -> Sequence[Region]:
    """Other places of a region's size, drawn by lot; fewer, or none, where it leaves no room for them."""
    width, height = region.right - region.left, region.bottom - region.top
    found: list[Region] = []
    for _ in range(200):
        left, top = rng.uniform(0, 1 - width), rng.uniform(0, 1 - height)
        place = Region(left, top, min(left + width, 1), min(top + height, 1))
        if shared(place, region) < OVERLAP * width * height:
            found.append(place)
        if len(found) == ELSEWHERE:
            break
    return found


def shared(one: Region, other: Region) -> float:
    """The area that two regions have in common."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(0.0, width) * max(0.0, height)
