"""What made pictures have in common."""

import hashlib
import struct

import numpy as np
import pytest
from PIL import Image

from core.images.made import made, square
from core.values import Picture

COLOURS = np.random.default_rng(0).integers(0, 256, (3, 8, 3), dtype=np.uint8)


def columns(width, height):
    """A picture of which each pixel says its place: (column, row, 0)."""
    y, x = np.mgrid[:height, :width]
    return Picture(np.stack([x, y, 0 * x], axis=2).astype(np.uint8), "columns")


def test_a_made_picture_has_the_very_pixels_that_were_drawn():
    np.testing.assert_array_equal(made(Image.fromarray(COLOURS)).pixels, COLOURS)


def test_the_digest_is_that_of_the_pixels_as_an_uncompressed_bmp():
    body = COLOURS[::-1, :, ::-1].tobytes()  # rows of 24 bytes need no padding
    header = struct.pack("<2sIHHI", b"BM", 54 + len(body), 0, 0, 54)
    header += struct.pack("<IiiHHIIiiII", 40, 8, 3, 1, 24, 0, len(body), 3780, 3780, 0, 0)
    assert made(Image.fromarray(COLOURS)).digest == hashlib.sha256(header + body).hexdigest()


@pytest.mark.parametrize(
    ("width", "height", "first", "last"),
    [
        (6, 4, (1, 0), (4, 3)),
        (4, 6, (0, 1), (3, 4)),
        (5, 2, (1, 0), (2, 1)),
        (3, 3, (0, 0), (2, 2)),
        (9, 1, (4, 0), (4, 0)),
    ],
)
def test_the_square_is_in_the_middle_and_as_large_as_it_can_be(width, height, first, last):
    photo = square(columns(width, height))
    assert photo.getpixel((0, 0)) == (*first, 0)
    assert photo.getpixel((photo.width - 1, photo.height - 1)) == (*last, 0)
