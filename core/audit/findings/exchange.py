"""Does a class follow a place? The same place of two pictures is exchanged, one of the class and one of another.

Covering takes something away, and a network can miss it for the hole alone; what is put in here comes from a picture.
And if others' pictures become more like the class with nothing of it but this place, then it is known by it.

A bit of the object can lie there too, and a bit of the others' objects is lost there. So the change has to be larger
than the one by the same place of those of the class's pictures that have not what is alike there. Where few are without
it, it may also be held against places that mirror it, of its size and distance from the middle: a weaker control, since
things stand on the ground, with a higher bar.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from core.audit.findings.bars import MIRRORED, USED
from core.audit.findings.covering import DRAWS, LEVEL, OVERLAP, Probabilities, shared
from core.images.region import Region

_SURE = 1e-12  # probabilities nearer than that to 0 or 1 have no odds


@dataclass(frozen=True, slots=True)
class Exchange:
    """out: what the class's pictures lose of its probability on average, into: what the others' gain.

    odds: by which factor the odds of the class change, the geometric mean of both ways, over that of the control; low,
    high: its interval of 95 %, by drawing the pictures anew (Efron 1979). pictures: how many of the class. mirrored:
    whether the control is by places that mirror it.
    """

    out: float
    into: float
    odds: float
    low: float
    high: float
    pictures: int
    mirrored: bool

    @property
    def is_used(self) -> bool:
        """Whether the class follows the place, beyond doubt."""
        return self.low > (MIRRORED if self.mirrored else USED)


Pair = tuple[Probabilities, Probabilities]
Exchanged = Callable[[Region | None], Pair]


def exchange(bearing: Exchanged, rest: Exchanged | None, place: Region, seed: int = 0) -> Exchange | None:
    """None where there is no control: no rest, and a place that is too much in the middle to be mirrored.

    bearing, rest: of pictures of the class that have what is alike there, and of those that have not: the probability
    of the class in them and in their partners, (N, partners) each, with a place exchanged or none.
    """
    rng = np.random.default_rng(seed)
    (own, others), (without, within) = before, after = bearing(None), bearing(place)
    changes = _change(before, after)
    if rest is not None:
        control = _change(rest(None), rest(place))
        beyond, drawn = changes.mean() - control.mean(), _drawn(changes, rng) - _drawn(control, rng)
    elif images := mirrored(place):
        paired = changes - np.mean([_change(before, bearing(image)) for image in images], 0)
        beyond, drawn = paired.mean(), _drawn(paired, rng)
    else:
        return None
    odds, low, high = np.exp([beyond, *np.quantile(drawn, ((1 - LEVEL) / 2, (1 + LEVEL) / 2))])
    out, into = float((own - without).mean()), float((within - others).mean())
    return Exchange(out, into, float(odds), float(low), float(high), len(changes), rest is None)


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
    """Of each picture, (N,), by how much the log of the odds changes towards where the place now is."""
    (own, others), (without, within) = before, after
    both = _log_odds(own) - _log_odds(without) + _log_odds(within) - _log_odds(others)
    return both.mean(1) / 2


def _drawn(values: Probabilities, rng: np.random.Generator) -> Probabilities:
    """Means of as many values drawn from them."""
    return values[rng.integers(len(values), size=(DRAWS, len(values)))].mean(1)


def _log_odds(probabilities: Probabilities) -> Probabilities:
    sure = np.clip(probabilities, _SURE, 1 - _SURE)
    return np.log(sure) - np.log1p(-sure)
