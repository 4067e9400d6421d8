"""Numbers of TIFF, bit for bit: as tifffile and Pillow's libtiff have written them, and by hand."""

import struct

import numpy as np
import pytest
from PIL import Image

from core.images.apart.limits import Refused
from core.images.apart.segments import numbers_in
from core.images.apart.tiff import _directories
from tests.images.apart.made_pictures import made_by_tifffile, tiff

NOISE = np.random.default_rng(0).integers(0, 65536, (37, 53, 3), dtype=np.uint16)
KINDS = ["int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float16", "float32", "float64"]


def numbers(data):
    return numbers_in(data, _directories(data)[0])


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("options", [{}, {"compression": "zlib"}, {"tile": (16, 32)}], ids=["plain", "zlib", "tiles"])
@pytest.mark.parametrize("planar", ["contig", "separate"])
@pytest.mark.parametrize("kind", KINDS)
def test_any_numbers_come_back(kind, planar, options, order):
    size = 37 * 53 * 3 * np.dtype(kind).itemsize
    values = np.frombuffer(np.random.default_rng(0).bytes(size), kind).reshape(37, 53, 3)
    data = made_by_tifffile(values, planarconfig=planar, byteorder=order, **options)
    read = numbers(data)
    assert read.dtype == np.dtype(kind)
    assert np.array_equal(read, values, equal_nan=kind.startswith("float"))


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", ["uint16", "int16", "int32"])
def test_differences_are_summed(kind, order):
    values = (NOISE[..., 0].astype(np.int64) - 20000).astype(kind)
    data = made_by_tifffile(values, compression="zlib", predictor=True, byteorder=order, rowsperstrip=9)
    assert np.array_equal(numbers(data)[..., 0], values)


@pytest.mark.parametrize("predictor", [1, 2])
@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_deflate", "packbits", "zstd", "lzma"])
def test_every_compression_of_libtiff_is_undone(compression, predictor):
    grey = NOISE[..., 0] // 16
    options = {"tiffinfo": {317: predictor}} if compression not in ("packbits",) else {}
    data = tiff(Image.fromarray(grey), compression=compression, **options)
    assert np.array_equal(numbers(data)[..., 0], grey)


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_deflate"])
def test_differences_of_the_bytes_of_floats_are_summed(compression):
    values = np.random.default_rng(1).normal(size=(37, 53)).astype(np.float32)
    data = tiff(Image.fromarray(values), compression=compression, tiffinfo={317: 3})
    assert np.array_equal(numbers(data)[..., 0], values)


def by_hand(body, order="<", kind=3, **tags):
    """Two by two pixels of RGB in 16 bits, in strips of one row."""
    given = {256: 2, 257: 2, 258: 16, 259: 1, 262: 2, 277: 3, 278: 1, 284: 1} | {
        int(key[1:]): value for key, value in tags.items()
    }
    rows = len(body) // 12
    at = 8 + len(body)
    lists = struct.pack(f"{order}{rows}I", *range(8, at, 12)) + struct.pack(f"{order}{rows}I", *[12] * rows)
    entries = {key: (4, 1, value) for key, value in given.items()} | {273: (4, rows, at), 279: (4, rows, at + 4 * rows)}
    directory = b"".join(struct.pack(f"{order}HHII", key, *entry) for key, entry in sorted(entries.items()))
    mark = b"II" if order == "<" else b"MM"
    head = mark + struct.pack(f"{order}HI", 42, at + len(lists))
    return head + body + lists + struct.pack(f"{order}H", len(entries)) + directory + bytes(4)


def test_a_picture_by_hand_says_the_same():
    values = np.arange(12).reshape(2, 2, 3) * 300
    assert np.array_equal(numbers(by_hand(values.astype("<u2").tobytes())), values)
    assert np.array_equal(numbers(by_hand(values.astype(">u2").tobytes(), ">")), values)
    assert np.array_equal(numbers(by_hand(values.astype(">i2").tobytes(), ">", t339=2)), values)


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ({"t259": 7}, "kind"),  # JPEG of numbers
        ({"t258": 14}, "kind"),
        ({"t266": 2}, "kind"),  # bits from the right
        ({"t339": 6}, "kind"),
        ({"t259": 5}, "damaged"),
        ({"t278": 2}, "damaged"),  # one strip, where two are
        ({"t257": 0}, "damaged"),
        ({"t257": 3}, "damaged"),
        ({"t322": 0, "t323": 16}, "damaged"),
        ({"t322": 2**30, "t323": 2**30}, "memory"),
        ({"t256": 2**20, "t257": 2**20}, "memory"),
    ],
)
def test_what_cannot_be_is_refused(tags, reason):
    with pytest.raises((Refused, OSError)) as caught:
        numbers(by_hand(bytes(24), **tags))
    assert getattr(caught.value, "reason", "damaged") == reason


@pytest.mark.parametrize("options", [{}, {"compression": "zlib"}])
def test_a_file_that_breaks_off_is_no_picture(options):
    data = tiff(Image.fromarray(NOISE[..., 0]), **({"compression": "tiff_lzw"} if options else {}))
    tags = _directories(data)[0]
    with pytest.raises((Refused, OSError)):
        numbers_in(data[: tags[273][-1] + 100], tags)
