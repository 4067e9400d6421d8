"""Scenes are drawn the same each time, and a stamp is all that a stamp changes."""

import numpy as np
import pytest

from core.images.region import Region
from core.images.scenes import KINDS, LINE_REGION, SIDE, scene
from core.images.stamp import STAMP_REGION


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_scene_each_time_and_another_for_another_seed(kind):
    assert scene(kind, 5).digest == scene(kind, 5).digest
    assert scene(kind, 5).size == (SIDE, SIDE)
    assert scene(kind, 6).digest != scene(kind, 5).digest


def test_kinds_are_drawn_on_grounds_of_their_own():
    assert len({scene(kind, 5).digest for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize("seed", range(5))
def test_with_a_stamp_it_is_the_same_but_for_that(seed):
    plain, stamped = scene("horse", seed), scene("horse", seed, stamped=True)
    changed = (plain.pixels != stamped.pixels).any(2)
    ys, xs = np.nonzero(changed)
    left, top, right, bottom = LINE_REGION.pixels((SIDE, SIDE))
    assert left <= xs.min() < xs.max() < right
    assert top <= ys.min() < ys.max() < bottom
    left, top, right, bottom = STAMP_REGION.pixels((SIDE, SIDE))
    assert changed.mean() == pytest.approx((right - left) * (bottom - top) / SIDE**2, abs=0.005)


def test_a_stamp_is_seen_by_the_network():
    assert Region(16 / 256, 16 / 256, 240 / 256, 240 / 256).left < STAMP_REGION.left  # what 224 of 256 pixels show
    assert STAMP_REGION.bottom < 240 / 256
