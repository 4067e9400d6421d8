"""PNG of 16 bits to the last of them: files by hand, since Pillow does not write them."""

import struct
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from core.images.decode import decode_image
from core.images.deep_png import is_deep, read_deep
from core.images.window import proposed
from core.values import Window
from tests.images.test_decode import chunk, encoded, png

COLOUR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}  # of so many numbers a pixel
NOISE = np.random.default_rng(0).integers(0, 65536, (7, 5, 4), dtype=np.uint16)


def deep_png(values, *extra):
    """(height, width, count) numbers, each row with another filter, of which "none", "sub" and "up" are undone here."""
    height, width, count = values.shape
    stored = values.astype(">u2").view(np.uint8).reshape(height, -1).astype(np.int16)
    rows = []
    for place, row in enumerate(stored):
        kind = place % 3
        left = np.concatenate([np.zeros(2 * count, np.int16), row[: -2 * count]])
        above = stored[place - 1] if place else np.zeros_like(row)
        rows.append(bytes([kind]) + (row - (0, left, above)[kind]).astype(np.uint8).tobytes())
    return png(width, height, 16, COLOUR_TYPES[count], b"".join(rows), *extra)


def interlaced(values):
    """By Adam7: seven passes over every so many pixels."""
    height, width, count = values.shape
    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
    rows = b"".join(
        b"\0" + row.astype(">u2").tobytes()
        for top, left, down, across in passes
        for row in values[top::down, left::across]
        if row.size
    )
    data = png(width, height, 16, COLOUR_TYPES[count], rows)
    return data[:8] + chunk(b"IHDR", data[16:28] + b"\1") + data[33:]


def read(data):
    with Image.open(BytesIO(data)) as image:
        assert is_deep(image)
        return read_deep(image, data)


@pytest.mark.parametrize("count", COLOUR_TYPES)
@pytest.mark.parametrize("maker", [deep_png, interlaced])
@pytest.mark.parametrize("values", [NOISE, NOISE >> 4, NOISE & 255], ids=["16 bits", "12 bits", "lower bytes"])
def test_every_bit_is_read(values, maker, count):
    raw = read(maker(values[..., :count]))
    assert raw.pixels.dtype == np.uint16
    assert np.array_equal(raw.pixels.reshape(7, 5, -1), values[..., :count])
    assert raw.is_deep


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_others_are_not_deep(mode):
    with Image.open(BytesIO(encoded(Image.new(mode, (2, 2))))) as image:
        assert not is_deep(image)


def test_twelve_bits_of_colour_are_not_black_and_alpha_stays_what_it_is():
    values = np.array([[[4095, 0, 2000, 65535], [4095, 0, 2000, 0], [0, 0, 0, 32896]]], np.uint16)
    picture = decode_image(deep_png(values))
    assert picture.pixels[0].tolist() == [[255, 0, 125], [255, 255, 255], [127, 127, 127]]
    assert picture.depth.window == Window(0, 4095)
    assert "Its transparent parts are shown on white." in picture.notices


def test_one_colour_may_mean_transparent_in_sixteen_bits():
    values = np.array([[[300, 1, 2], [301, 1, 2]]], np.uint16)  # the same in the upper eight bits
    raw = read(deep_png(values, chunk(b"tRNS", struct.pack(">3H", 300, 1, 2))))
    assert raw.alpha.tolist() == [[0, 65535]]
    assert np.array_equal(raw.shown, values)


@pytest.mark.parametrize("count", COLOUR_TYPES)
@pytest.mark.parametrize(
    ("values", "bits", "high"),
    [
        ([0, 1001], 12, 4095),
        ([0, 1001], 10, 1023),
        ([0, 65535], 12, 65535),
        ([0, 160, 3200], 12, 65535),  # few of the upper 12 bits are set, as the specification has them
        ([0, 3201], 12, 4095),
        ([0, 1001], 16, 65535),
        ([0, 0], 12, 4095),
    ],
)
def test_significant_bits_are_believed_where_they_can_be(values, bits, high, count):
    numbers = np.repeat(np.array(values, np.uint16)[None, :, None], count, axis=2)
    raw = read(deep_png(numbers, chunk(b"sBIT", bytes([bits] * count))))
    assert proposed(raw.shown, raw.ceiling) == Window(0, high)
