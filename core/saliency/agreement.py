"""Agreement of two maps of one picture, whatever the networks' input sizes and framings."""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.images.framing import Framing
from core.images.placing import placed

TOP_SHARE = 0.05  # of the pixels, compared by `overlap`, which is this by chance
SAME_FOR_ANOTHER_CLASS = (
    "These maps explain different classes and are nearly identical: they cannot say why the network prefers one of "
    "them. Guided backpropagation and deconvnet are known for this (Nie et al. 2018, arXiv:1805.07039)."
)

_WINDOW = 11  # pixels on a side, of SSIM's Gaussian window
_FULL = 99.5  # percentile at which a map is scaled to 1
_ALIKE, _APART = 0.95, 0.25  # see `identical`

Magnitudes = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class FramedMap:
    """A map of a network's input, (side, side), signed or not, and where it lies on the picture."""

    values: NDArray[np.float32]
    framing: Framing

    @property
    def fingerprint(self) -> str:
        """The same for the same map at the same place, and for no other: a key for what is made from it."""
        return hashlib.sha256(self.values.tobytes()).hexdigest() + repr(self.framing)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two maps agree on the part of the picture that both networks saw; 1 is the most of each.

    spearman: rank correlation of the magnitudes, from -1 to 1, 0 for unrelated maps; it does not ask how large values
    are. overlap: the share of the strongest 5 % of the pixels that both maps have in common, 0.05 by chance; zeros are
    never among the strongest, and ties at the limit count by part. ssim: structural similarity (Wang et al. 2004) of
    the magnitudes, each map scaled to its own 99.5th percentile, with a Gaussian window of sigma 1.5, which asks for
    the same values at the same places. common: the share of the picture's area that both saw.

    The first three are None if a map is the same everywhere; ssim also if less than 11 pixels on a side are common.
    """

    spearman: float | None
    overlap: float | None
    ssim: float | None
    common: float


def agreement(first: FramedMap, second: FramedMap) -> Agreement:
    """Compare two maps of the same picture; the order makes no difference.

    The grid is as fine as the finer map on each axis, so maps of the same framing are compared pixel by pixel and no
    value is merged. Raises ValueError for maps of pictures of different size.
    """
    one, other = _both(first, second)
    common = _common(first.framing, second.framing)
    if _flat(one) or _flat(other):
        return Agreement(None, None, None, common)
    return Agreement(spearman(one, other), _overlap(one, other), _ssim(one, other), common)


def identical(first: FramedMap, second: FramedMap) -> bool:
    """Whether two maps that should differ are nearly the same: an alarm, not a measure.

    Their rank correlation is at least 0.95, and drawn each on its own scale they differ, on average over the pixels,
    by at most a quarter of the mean value. EfficientNet-Lite0's guided maps of different classes reach 0.98 to 1.00
    and differ by at most 0.16, its vanilla maps at most 0.68 and at least 0.42 (three photos, six classes each).
    Maps that are the same everywhere raise no alarm.
    """
    one, other = _both(first, second)
    if _flat(one) or _flat(other) or spearman(one, other) < _ALIKE:
        return False
    one, other = _scaled(one), _scaled(other)
    return bool(np.abs(one - other).mean() <= _APART * (one.mean() + other.mean()) / 2)


def _both(first: FramedMap, second: FramedMap) -> tuple[Magnitudes, Magnitudes]:
    """The magnitudes of both maps, on one grid over the rectangle that both networks saw."""
    framings = first.framing, second.framing
    if framings[0].picture != framings[1].picture:
        raise ValueError(f"both maps must be of one picture, not of {framings[0].picture} and {framings[1].picture}")
    width, height = (round(max(f.scale[axis] for f in framings) * framings[0].picture[axis]) for axis in (0, 1))
    one, other = (placed(each.values, each.framing, (width, height)) for each in (first, second))
    seen = np.isfinite(one) & np.isfinite(other)
    rectangle = np.ix_(seen.any(axis=1), seen.any(axis=0))
    return np.abs(one[rectangle], dtype=np.float64), np.abs(other[rectangle], dtype=np.float64)


def _common(first: Framing, second: Framing) -> float:
    left, top = (max(first.seen[side], second.seen[side]) for side in (0, 1))
    right, bottom = (min(first.seen[side], second.seen[side]) for side in (2, 3))
    return max(right - left, 0.0) * max(bottom - top, 0.0) / (first.picture[0] * first.picture[1])


def _flat(magnitudes: Magnitudes) -> bool:
    return magnitudes.size == 0 or bool(magnitudes.min() == magnitudes.max())


def spearman(one: Magnitudes, other: Magnitudes) -> float:
    """Rank correlation of two arrays of one shape, from -1 to 1; equal values share their ranks."""
    return float(np.corrcoef(_ranks(one), _ranks(other))[0, 1])


def _ranks(values: Magnitudes) -> Magnitudes:
    """1 for the smallest; equal values share the mean of their ranks."""
    # Not scipy.stats, which costs two seconds and 37 MB to import.
    _, place, counts = np.unique(values.ravel(), return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[place]


def _overlap(one: Magnitudes, other: Magnitudes) -> float:
    top, other_top = _strongest(one), _strongest(other)
    return float(np.minimum(top, other_top).sum() / max(top.sum(), other_top.sum()))


def _strongest(magnitudes: Magnitudes) -> Magnitudes:
    """1 where a pixel is among the strongest, 0 where not; what ties at the limit shares the places that are left."""
    places = max(1, round(TOP_SHARE * magnitudes.size))
    limit = np.partition(magnitudes, -places, axis=None)[-places]
    if limit == 0:
        return (magnitudes > 0).astype(np.float64)
    above, tied = magnitudes > limit, magnitudes == limit
    return above + tied * ((places - above.sum()) / tied.sum())


def _ssim(one: Magnitudes, other: Magnitudes) -> float | None:
    if min(one.shape) < _WINDOW:
        return None
    from skimage.metrics import structural_similarity  # a third of a second, with scipy

    settings = {"data_range": 1, "gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
    return float(structural_similarity(_scaled(one), _scaled(other), **settings))


def _scaled(magnitudes: Magnitudes) -> Magnitudes:
    """In [0, 1], as drawn: full at the 99.5th percentile, or at the maximum if nearly all is zero."""
    return np.clip(magnitudes / (np.percentile(magnitudes, _FULL) or magnitudes.max()), 0, 1)
