"""How much of a map lies in a region of the picture, against how much would lie there by chance.

Also known as relevance mass accuracy (Arras et al. 2022, arXiv:2003.07258), here beside the region's share of the area.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.images.framing import Framing
from core.images.placing import box_on_input
from core.images.region import Box, Region


@dataclass(frozen=True, slots=True)
class RegionShare:
    """What a region holds of what the network saw of the picture, in shares from 0 to 1.

    saliency: of the map's total magnitude; None for a map that is zero everywhere. area: of the area seen.
    """

    saliency: float | None
    area: float

    @property
    def ratio(self) -> float | None:
        """How many times the region's fair share: 1 is chance. None if the region was not seen or the map is zero."""
        return None if self.saliency is None or self.area == 0 else self.saliency / self.area


def share_inside(values: NDArray[np.float32], framing: Framing, region: Region) -> RegionShare:
    """The share of a map, (side, side) signed or not, that lies inside a region of the picture.

    Counts magnitudes. What was padded around the picture counts on neither side, nor does what was not seen of the
    region; a pixel on the region's border counts by the part of it that lies inside. Shares of regions that divide
    the picture add up to 1.
    """
    if values.shape != (framing.side, framing.side):
        raise ValueError(f"values must be ({framing.side}, {framing.side}) as the framing is, not {values.shape}")
    magnitude = np.abs(values, dtype=np.float64)
    box = box_on_input(framing, region.box(framing.picture))
    total = _held(magnitude, box_on_input(framing, (0, 0, *framing.picture)))
    return RegionShare(_held(magnitude, box) / total if total > 0 else None, area_inside(framing, region))


def area_inside(framing: Framing, region: Region) -> float:
    """The share of what was seen of the picture that lies in a region; 0 where the network saw nothing of it."""
    box = box_on_input(framing, region.box(framing.picture))
    return _area(box) / _area(box_on_input(framing, (0, 0, *framing.picture)))


def _held(magnitude: NDArray[np.float64], box: Box) -> float:
    left, top, right, bottom = box
    height, width = magnitude.shape
    return float(_covered(top, bottom, height) @ magnitude @ _covered(left, right, width))


def _covered(low: float, high: float, pixels: int) -> NDArray[np.float64]:
    """The part of each pixel along one axis, from 0 to 1, that lies between two places."""
    edges = np.arange(pixels)
    return np.clip(np.minimum(edges + 1, high) - np.maximum(edges, low), 0, None)


def _area(box: Box) -> float:
    left, top, right, bottom = box
    return (right - left) * (bottom - top)
