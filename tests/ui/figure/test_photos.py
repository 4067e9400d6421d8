"""Photos as data addresses: their size, their pixels, and that no two are taken for one."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from core.ui.figure.photos import (
    photo_of_colours,
    photo_of_gradients,
    photo_of_input,
    photo_of_middle,
    photo_of_picture,
)
from core.values import Picture

NOISE = np.random.default_rng(0).integers(0, 256, (6, 9, 3), np.uint8)


def opened(photo):
    kind, data = photo.source.removeprefix("data:image/").split(";base64,")
    image = Image.open(io.BytesIO(base64.b64decode(data)))
    assert image.format.lower() == kind
    assert image.size == photo.size
    return image


def picture(width, height, digest="photos"):
    return Picture(np.full((height, width, 3), 90, np.uint8), f"{digest} {width} {height}")


def test_colours_that_mean_values_come_back_exactly():
    assert np.array_equal(opened(photo_of_colours(NOISE)), NOISE)


def test_colours_of_gradients_are_near_enough_and_grey_where_there_is_nothing():
    heavy = np.random.default_rng(0).standard_t(3, (224, 224, 3)) * 20
    colours = np.rint(np.clip(128 + heavy, 0, 255)).astype(np.uint8)
    colours[:, 112:] = 128  # nothing there
    shown, exact = (np.asarray(opened(make(colours))) for make in (photo_of_gradients, photo_of_colours))
    assert np.sqrt(np.mean((shown[:, :112].astype(float) - exact[:, :112]) ** 2)) < 8  # of 256
    assert np.array_equal(shown[:, 112:], exact[:, 112:])
    assert len(photo_of_gradients(colours).source) < 0.45 * len(photo_of_colours(colours).source)


def test_few_colours_are_exact():
    assert photo_of_gradients(NOISE) == photo_of_colours(NOISE)


def test_what_a_network_saw_keeps_its_pixels_and_is_made_once():
    photo = photo_of_input(NOISE)
    assert opened(photo).size == (9, 6)
    assert photo_of_input(NOISE.copy()) is photo
    assert photo_of_input(255 - NOISE) != photo


@pytest.mark.parametrize(
    ("size", "most", "smaller"),
    [((40, 20), 200, (20, 10)), ((40, 20), 800, (40, 20)), ((4, 2), 800, (4, 2)), ((400, 1), 4, (40, 1))],
)
def test_a_picture_is_made_smaller_in_its_own_shape_and_never_larger(size, most, smaller):
    assert opened(photo_of_picture(picture(*size), most)).size == smaller


def test_a_thumbnail_is_the_middle():
    pixels = np.zeros((20, 60, 3), np.uint8)
    pixels[:, 20:40] = 255  # the square in the middle of a wide picture
    assert np.min(opened(photo_of_middle(Picture(pixels, "white in the middle"), 10))) > 250


def test_photos_of_one_picture_are_told_apart():
    one = picture(30, 10)
    sizes = [photo.size for photo in (photo_of_picture(one, 8), photo_of_middle(one, 8), photo_of_picture(one, 75))]
    assert sizes == [(5, 2), (8, 8), (15, 5)]
