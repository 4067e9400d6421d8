"""The cat and the ladybug: each in its region, and in sight of every network."""

import numpy as np

from core.images.framing import frame
from core.images.ladybug import CAT_REGION, LADYBUG_REGION, SIDE, with_ladybug
from core.networks.catalogue import lookup, names
from core.values import Picture

Y, X = np.mgrid[:300, :451]
PLACES = Picture(np.stack([Y % 256, X % 256, Y // 256 + 2 * (X // 256)], axis=2).astype(np.uint8), "places")
GREY = Picture(np.full((512, 512, 3), 128, np.uint8), "grey")
PICTURE = with_ladybug(PLACES, GREY)
DRAWN = PICTURE.pixels.astype(int)
BOX = LADYBUG_REGION.pixels((SIDE, SIDE))
EDGE = CAT_REGION.pixels((SIDE, SIDE))[3]


def test_the_cat_is_a_part_of_its_photo_and_the_rest_is_lawn():
    assert DRAWN.shape == (SIDE, SIDE, 3)
    y, x, _ = DRAWN[0, 0]
    assert (DRAWN[:EDGE] == PLACES.pixels[y : y + EDGE, x : x + SIDE]).all()
    lawn = DRAWN[EDGE:, : BOX[0]]
    assert (lawn == lawn[0, 0]).all()
    assert lawn[0, 0].argmax() == 1  # green


def test_the_ladybug_is_red_and_black_and_throws_no_more_than_a_shadow_beyond_its_region():
    left, top, right, bottom = BOX
    drawn, lawn = DRAWN[top:bottom, left:right], DRAWN[-1, 0]
    assert ((drawn[..., 0] > 2 * drawn[..., 1]) & (drawn[..., 0] > 60)).mean() > 0.2
    assert (drawn.max(axis=2) < 40).mean() > 0.05
    outside = DRAWN.copy()
    outside[top:bottom, left:right] = lawn
    assert (outside[EDGE:] <= lawn).all()
    assert (outside[EDGE:] != lawn).any(axis=2).sum() < 50


def test_every_network_sees_the_whole_ladybug_in_its_own_crop():
    left, top, right, bottom = BOX
    for recipe in {lookup(name).recipe for name in names()}:
        seen = frame(PICTURE, recipe)[1].seen
        assert seen[0] <= left, recipe
        assert seen[1] <= top, recipe
        assert seen[2] >= right, recipe
        assert seen[3] >= bottom, recipe
