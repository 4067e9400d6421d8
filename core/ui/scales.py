"""Colour scales: which panels share one, where it ends, and the whole numbers it is sent to the browser as."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_LEVELS = 32767  # of a 16-bit integer, signed or not
_FINE = 1000  # multiples of the unit that a panel's maximum needs, for three digits of it


@dataclass(frozen=True, slots=True)
class Scale:
    """One colour scale, from floor to ceiling, in logits per unit of normalised input.

    signed scales are symmetric about 0. unit: a power of ten; values go to the browser as multiples of it.
    clipped: the share of the values that lie beyond its ends.
    """

    ceiling: float
    signed: bool
    exponent: int
    clipped: float

    @property
    def floor(self) -> float:
        """The low end: 0, or minus the ceiling."""
        return -self.ceiling if self.signed else 0.0

    @property
    def unit(self) -> float:
        """10 ** exponent."""
        return 10.0**self.exponent

    def quantise(self, values: NDArray[np.float32]) -> NDArray[Any]:
        """Values as multiples of the unit: whole ones, which take half the bytes of float32.

        Not so the values of a panel much smaller than others that share its scale: whole multiples would lose them.
        """
        multiples = values / self.unit
        if np.abs(multiples).max() < _FINE:
            return multiples.astype(np.float32)
        return np.rint(multiples).astype(np.int16 if self.signed else np.uint16)


def scale_of(maps: Sequence[NDArray[np.float32]], *, clip: float, signed: bool) -> Scale:
    """One scale for all these maps: it ends at the `clip`-th percentile of |value| over all of them."""
    magnitudes = np.concatenate([np.abs(values).ravel() for values in maps])
    largest = float(magnitudes.max())
    ceiling = float(np.percentile(magnitudes, clip)) or largest or 1.0
    exponent = math.ceil(math.log10(max(largest, 1e-30) / _LEVELS))
    return Scale(ceiling, signed, exponent, float((magnitudes > ceiling).mean()))


def shared_scales(
    maps: Mapping[tuple[str, str], NDArray[np.float32]], sharing: str, *, clip: float, signed: bool
) -> dict[tuple[str, str], Scale]:
    """The scale of every panel (network, rule). sharing: "row" (one for each rule), "all", or "panel"."""

    def group(panel: tuple[str, str]) -> object:
        return {"row": panel[1], "all": None, "panel": panel}[sharing]

    members: dict[object, list[NDArray[np.float32]]] = {}
    for panel, values in maps.items():
        members.setdefault(group(panel), []).append(values)
    scales = {name: scale_of(values, clip=clip, signed=signed) for name, values in members.items()}
    return {panel: scales[group(panel)] for panel in maps}
