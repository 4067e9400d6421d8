"""Explanations made by hand: small, exact, without a network."""

from types import MappingProxyType

import numpy as np

from core.explanation import Explanation
from core.images.framing import Framing
from core.networks.coverage import Coverage
from core.ui.figure.columns import Column
from core.values import Prediction

RECTIFIERS = Coverage(33, 33, (("ReLU6", 33),))
TABBY = Prediction(281, "tabby", 9.0, 0.38)
OTHERS = tuple(Prediction(index, f"class {index}", 9.0 - index, 0.1 / (index + 1)) for index in range(4))


def gradient(largest=1.0, side=8):
    """(3, side, side): zero but for a few values; the largest magnitude is `largest`, and it is negative."""
    values = np.zeros((3, side, side), np.float32)
    values[0, 1, 2], values[1, 3, 4], values[2, 5, 5] = -largest, largest / 2, largest / 7
    return values


def explained(name="alexnet", *, title=None, target=TABBY, top=None, maps=None, refused=None, **other):
    """An explanation of two rules; maps: (3, side, side) by rule, all of one size."""
    maps = {"vanilla": gradient(1.0), "guided": gradient(4.0)} if maps is None else maps
    side = next(iter(maps.values())).shape[-1]
    given = {
        "network": name,
        "title": name.title() if title is None else title,
        "target": target,
        "top": (target, *OTHERS) if top is None else top,
        "seen": np.full((side, side, 3), 200, np.uint8),
        "framing": Framing((2 * side, side), side, (1.0, 1.0), (side / 2, 0.0)),  # the middle half
        "coverage": RECTIFIERS,
        "attributions": MappingProxyType(maps),
        "refused": MappingProxyType(refused or {}),
        "device": "cpu",
        "seconds": 0.25,
    }
    return Explanation(**(given | other))


def column(name="alexnet", **given):
    """A column that is answered."""
    explanation = explained(name, **given)
    return Column(name, explanation.title, explanation=explanation)
