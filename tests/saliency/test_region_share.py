"""How much of a map lies in a region: by identities that hold for any map."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.images.framing import FITS, Framing, frame
from core.images.region import Region
from core.saliency.region_share import RegionShare, share_inside
from core.values import Picture, Recipe

RECIPE = Recipe(40, 32, "bilinear", (0.5, 0.5, 0.5), (0.2, 0.2, 0.2))
SIZES = st.tuples(st.integers(1, 90), st.integers(1, 90)).filter(lambda s: max(s) / min(s) <= 40)
FRAMINGS = st.builds(
    lambda size, fit: frame(Picture(np.zeros((*size[::-1], 3), np.uint8), ""), RECIPE, fit)[1],
    SIZES, st.sampled_from(FITS),
)  # fmt: skip
CUTS = st.floats(0.05, 0.95)
MAP = np.random.default_rng(0).normal(size=(32, 32)).astype(np.float32)
WHOLE = Region(0, 0, 1, 1)
EXACT = Framing((4, 4), 4, (1, 1), (0, 0))


@settings(deadline=None)
@given(FRAMINGS)
def test_the_whole_picture_holds_everything(framing):
    assert share_inside(MAP, framing, WHOLE) == RegionShare(1, 1)


@settings(deadline=None)
@given(FRAMINGS, CUTS, CUTS)
def test_the_parts_of_a_picture_add_up_to_one(framing, x, y):
    parts = [Region(0, 0, x, y), Region(x, 0, 1, y), Region(0, y, x, 1), Region(x, y, 1, 1)]
    shares = [share_inside(MAP, framing, part) for part in parts]
    assert sum(share.saliency for share in shares) == pytest.approx(1)
    assert sum(share.area for share in shares) == pytest.approx(1)


@settings(deadline=None)
@given(FRAMINGS, CUTS, CUTS)
def test_an_even_map_gives_every_region_its_fair_share(framing, x, y):
    share = share_inside(np.full((32, 32), -0.25, np.float32), framing, Region(x / 2, y / 2, (x + 1) / 2, (y + 1) / 2))
    assert share.saliency == pytest.approx(share.area)
    if share.area > 1e-6:
        assert share.ratio == pytest.approx(1)


def test_shares_by_hand_with_pixels_cut_by_the_border():
    values = np.zeros((4, 4), np.float32)
    values[0] = [1, -2, 3, 0]  # 6 in all
    values[3, 3] = 6
    # from the middle of column 1 to the middle of column 2, rows 0 and 1: half of 2 and half of 3
    share = share_inside(values, EXACT, Region(0.375, 0, 0.625, 0.5))
    assert share.saliency == pytest.approx(2.5 / 12)
    assert share.area == pytest.approx(1 / 8)
    assert share.ratio == pytest.approx(2.5 / 12 * 8)


def test_padding_counts_for_nothing():
    values = np.full((4, 4), 100, np.float32)
    values[1:3] = 1  # the picture, two rows of four, between padding that the network also looked at
    share = share_inside(values, Framing((4, 2), 4, (1, 1), (0, -1)), Region(0, 0, 0.5, 1))
    assert (share.saliency, share.area) == (0.5, 0.5)


def test_what_was_not_seen_of_a_region_counts_for_nothing():
    framing = Framing((8, 4), 4, (1, 1), (2, 0))  # the middle of a wide picture
    share = share_inside(np.ones((4, 4), np.float32), framing, Region(0, 0, 0.5, 1))  # half seen, half cropped off
    assert (share.saliency, share.area, share.ratio) == (0.5, 0.5, 1)


def test_a_region_that_was_not_seen_has_no_ratio():
    share = share_inside(np.ones((4, 4), np.float32), Framing((8, 4), 4, (1, 1), (2, 0)), Region(0, 0, 0.25, 1))
    assert (share.saliency, share.area, share.ratio) == (0, 0, None)


def test_a_map_of_zeros_has_no_share_and_no_ratio():
    share = share_inside(np.zeros((4, 4), np.float32), EXACT, Region(0, 0, 0.5, 1))
    assert (share.saliency, share.area, share.ratio) == (None, 0.5, None)


def test_a_map_of_another_size_than_the_framings_is_a_programming_mistake():
    with pytest.raises(ValueError, match=r"values must be \(4, 4\) as the framing is, not \(3, 32, 32\)"):
        share_inside(np.zeros((3, 32, 32), np.float32), EXACT, WHOLE)
