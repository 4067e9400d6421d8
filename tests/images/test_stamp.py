"""The stamp: drawn where STAMP_REGION says, nowhere else, and in sight of every network."""

import numpy as np
import pytest
from PIL import Image

from core.images.framing import frame
from core.images.made import made
from core.images.samples import load_sample
from core.images.stamp import STAMP_REGION, stamped
from core.networks.catalogue import lookup, names
from core.values import Picture

SQUARE = Picture(load_sample("astronaut").pixels.copy(), "square")


def test_only_the_region_of_the_stamp_is_drawn_on():
    left, top, right, bottom = STAMP_REGION.pixels(SQUARE.size)
    changed = (stamped(SQUARE).pixels != SQUARE.pixels).any(axis=2)
    assert changed[top:bottom, left:right].mean() > 0.95
    changed[top:bottom, left:right] = False
    assert not changed.any()


def test_the_banner_is_light_half_transparent_and_has_dark_letters_within():
    left, top, right, bottom = STAMP_REGION.pixels((400, 400))
    black = stamped(Picture(np.zeros((400, 400, 3), np.uint8), "black")).pixels[top:bottom, left:right, 0].astype(int)
    banner = black[0, 0]
    assert 150 < banner < 220  # light, though the photo below is black
    letters = black < banner - 40
    assert 0.05 < letters.mean() < 0.4
    rim = np.ones_like(letters)
    rim[2:-2, 2:-2] = False
    assert not letters[rim].any()
    assert letters.any(axis=0).mean() > 0.5  # the line fills the banner


@pytest.mark.parametrize(("width", "height"), [(451, 300), (300, 451), (300, 300)])
def test_the_middle_square_of_the_photo_is_kept(width, height):
    pixels = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
    left, top = (width - 300) // 2, (height - 300) // 2
    found = stamped(Picture(pixels.copy(), "photo")).pixels
    assert found.shape == (300, 300, 3)
    np.testing.assert_array_equal(found[:200], pixels[top : top + 200, left : left + 300])


def test_every_network_sees_the_whole_stamp_in_its_own_crop():
    picture = stamped(SQUARE)
    left, top, right, bottom = STAMP_REGION.box(picture.size)
    for recipe in {lookup(name).recipe for name in names()}:
        seen = frame(picture, recipe)[1].seen
        assert seen[0] <= left, recipe
        assert seen[1] <= top, recipe
        assert seen[2] >= right, recipe
        assert seen[3] >= bottom, recipe


def test_the_digest_is_that_of_a_made_picture_every_time():
    picture = stamped(SQUARE)
    assert picture.digest == made(Image.fromarray(picture.pixels)).digest
    assert stamped(SQUARE).digest == picture.digest
