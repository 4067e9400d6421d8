"""Does a class follow a place? The same place of two pictures is exchanged, one of the class and one of another.

Covering takes something away, and a network can miss it for the hole alone; what is put in here comes from a picture.
And if others' pictures become more like the class with nothing of it but this place, then it is known by it. A bit of
the object can lie there, too: so the change has to be larger than that of places that mirror it, which have its size
and its distance from the middle.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from core.audit.findings.covering import DRAWS, LEVEL, OVERLAP, Probabilities, shared
from core.images.region import Region

_SURE = 1e-12  # probabilities nearer than that to 0 or 1 have no odds


@dataclass(frozen=True, slots=True)
class Exchange:
    """out: what the class's pictures lose of its probability on average, into: what the others' gain.

    odds: by which factor the odds of the class change, the geometric mean of both ways, over that of its mirror images;
    low, high: its interval of 95 %, by drawing the pictures anew (Efron 1979). pictures: how many pairs.
    """

    out: float
    into: float
    odds: float
    low: float
    high: float
    pictures: int


Pair = tuple[Probabilities, Probabilities]


def exchange(probabilities: Callable[[Region | None], Pair], place: Region, seed: int = 0) -> Exchange | None:
    """None where a place is too much in the middle to be mirrored.

    probabilities: of the class, in its own pictures and in the others', (N,) each, with a place exchanged or none.
    """
    if not (images := mirrored(place)):
        return None
    (own, others), (without, within) = before, after = probabilities(None), probabilities(place)
    beyond = _change(before, after) - np.mean([_change(before, probabilities(image)) for image in images], 0)
    drawn = beyond[np.random.default_rng(seed).integers(len(beyond), size=(DRAWS, len(beyond)))].mean(1)
    odds, low, high = np.exp([beyond.mean(), *np.quantile(drawn, ((1 - LEVEL) / 2, (1 + LEVEL) / 2))])
    out, into = float((own - without).mean()), float((within - others).mean())
    return Exchange(out, into, float(odds), float(low), float(high), len(beyond))


def mirrored(place: Region) -> Sequence[Region]:
    """Its images at the picture's two axes and its middle; those that share much with it are none."""
    left, right, top, bottom = 1 - place.right, 1 - place.left, 1 - place.bottom, 1 - place.top
    images = (
        Region(left, place.top, right, place.bottom),
        Region(place.left, top, place.right, bottom),
        Region(left, top, right, bottom),
    )
    area = (place.right - place.left) * (place.bottom - place.top)
    return [image for image in dict.fromkeys(images) if shared(image, place) < OVERLAP * area]


def _change(before: Pair, after: Pair) -> Probabilities:
    """Of each pair, by how much the log of the odds changes towards where the place now is."""
    (own, others), (without, within) = before, after
    return (_log_odds(own) - _log_odds(without) + _log_odds(within) - _log_odds(others)) / 2


def _log_odds(probabilities: Probabilities) -> Probabilities:
    sure = np.clip(probabilities, _SURE, 1 - _SURE)
    return np.log(sure) - np.log1p(-sure)
