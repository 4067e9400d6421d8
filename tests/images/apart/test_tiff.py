"""What is read out of TIFF files, by what Pillow or tifffile has written, which read nothing here."""

import io
import struct

import numpy as np
import pytest
import tifffile
from PIL import Image

from core.images.decode import decode_image
from core.images.window import windowed
from core.values import Window
from tests.images.apart.made_pictures import made_by_tifffile, tiff

COLOURS = np.random.default_rng(0).integers(0, 256, (6, 8, 3), dtype=np.uint8)
GREY = COLOURS[..., 0]
DEEP = np.arange(48, dtype=np.uint16).reshape(6, 8) * 80
NOISE = np.random.default_rng(0).integers(0, 65536, (20, 30, 3), dtype=np.uint16)

UPRIGHT = {  # TIFF 6.0, page 36
    1: lambda array: array,
    2: np.fliplr,
    3: lambda array: np.rot90(array, 2),
    4: np.flipud,
    5: np.transpose,
    6: lambda array: np.rot90(array, -1),
    7: lambda array: np.rot90(array.T, 2),
    8: np.rot90,
}


@pytest.mark.parametrize("compression", [None, "tiff_lzw", "tiff_deflate", "packbits", "zstd"])
def test_colours_come_through_unchanged(compression, read):
    _, pixels = read(tiff(COLOURS, compression=compression), "tiff")
    assert np.array_equal(pixels, COLOURS)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "CMYK", "LAB", "YCbCr"])
def test_every_mode_becomes_colours(mode, read):
    picture = Image.fromarray(COLOURS)
    picture = Image.new("LAB", (8, 6), (128, 128, 128)) if mode == "LAB" else picture.convert(mode)
    _, pixels = read(tiff(picture), "tiff")
    assert pixels.shape == (6, 8, 4 if mode == "RGBA" else 3)
    assert pixels.dtype == np.uint8
    if mode == "L":
        assert np.array_equal(pixels[..., 1], np.asarray(picture))


@pytest.mark.parametrize("values", [DEEP, DEEP.astype(np.int32) - 999, DEEP.astype(np.float32) / 7])
def test_numbers_of_more_than_eight_bits_stay_numbers(values, read):
    answer, pixels = read(tiff(values), "tiff")
    assert np.array_equal(pixels, values)
    assert answer["ceiling"] is None


def test_the_largest_value_that_there_may_be_is_told(read):
    assert read(tiff(DEEP, tiffinfo={281: 16383}), "tiff")[0]["ceiling"] == 16383


def test_where_zero_is_white_it_is_told(read):
    data = tiff(DEEP)
    assert not read(data, "tiff")[0]["inverted"]
    (place,) = [at for at in range(len(data)) if data[at : at + 8] == b"\x06\x01\x03\x00\x01\x00\x00\x00"]
    answer, pixels = read(data[: place + 8] + b"\x00" + data[place + 9 :], "tiff")
    assert answer["inverted"]
    assert np.array_equal(pixels, DEEP)


@pytest.mark.parametrize("orientation", UPRIGHT)
def test_it_is_upright(orientation, read):
    _, colours = read(tiff(COLOURS, tiffinfo={274: orientation}), "tiff")
    assert np.array_equal(colours[..., 0], UPRIGHT[orientation](GREY))
    values = decode_image(tiff(DEEP, tiffinfo={274: orientation})).pixels[..., 0]
    assert np.array_equal(values, UPRIGHT[orientation](windowed(DEEP, Window(0, 4095))[..., 0]))


def test_of_several_pages_the_first_is_read(read):
    others = [Image.fromarray(255 - COLOURS)] * 2
    answer, pixels = read(tiff(COLOURS, save_all=True, append_images=others), "tiff")
    assert answer["frames"] == 3
    assert np.array_equal(pixels, COLOURS)


@pytest.mark.parametrize("planar", ["contig", "separate"])
@pytest.mark.parametrize("compression", [None, "zlib"])
def test_eight_bit_colours_side_by_side_or_apart_are_those_that_were_written(planar, compression, read):
    _, pixels = read(made_by_tifffile(COLOURS, planarconfig=planar, compression=compression), "tiff")
    assert np.array_equal(pixels, COLOURS)


def test_alpha_comes_last_and_other_bands_are_left_out(read):
    four = np.dstack([NOISE, NOISE[..., 0]])
    assert np.array_equal(read(made_by_tifffile(four, extrasamples=["unassalpha"]), "tiff")[1], four)
    assert np.array_equal(read(made_by_tifffile(four, extrasamples=["unspecified"]), "tiff")[1], NOISE)
    grey = four[..., 2:]
    data = made_by_tifffile(grey, photometric="minisblack", planarconfig="contig", extrasamples=["unassalpha"])
    assert np.array_equal(read(data, "tiff")[1], grey)


@pytest.mark.parametrize(("kind", "most"), [("uint16", 65535), ("float32", 1)])
def test_colours_that_were_multiplied_with_their_alpha_are_divided_by_it(kind, most, read):
    stored = (np.array([[[0.25, 0.125, 0, 0.5], [0, 0, 0, 0], [1, 0.5, 0, 1]]]) * most).astype(kind)
    _, pixels = read(made_by_tifffile(stored, extrasamples=["assocalpha"]), "tiff")
    expected = np.array([[[0.5, 0.25, 0, 0.5], [0, 0, 0, 0], [1, 0.5, 0, 1]]]) * most
    assert np.abs(pixels - expected).max() <= most * 2 / 65535
    assert pixels.dtype == kind


@pytest.mark.parametrize(
    "data",
    [
        made_by_tifffile(np.zeros((20, 30, 5), np.uint16), photometric="minisblack", planarconfig="contig"),
        made_by_tifffile(np.zeros((20, 30), np.complex64)),
        made_by_tifffile(DEEP, bigtiff=True, byteorder=">"),
    ],
    ids=["five bands", "complex", "big-endian BigTIFF"],
)
def test_what_is_not_read_is_refused(data, read):
    assert read(data, "tiff")[0]["refused"] == "kind"


@pytest.mark.parametrize("mark", [{"subfiletype": 1}, {"extratags": [(50706, 1, 4, b"\1\4\0\0", True)]}])
def test_the_preview_of_a_raw_photo_is_not_passed_off_as_the_photo(mark, read):
    assert read(made_by_tifffile(COLOURS, **mark), "tiff")[0]["refused"] == "raw"


@pytest.mark.parametrize("options", [{}, {"bigtiff": True}, {"byteorder": ">"}])
def test_pages_of_any_kind_of_file_are_counted(options, read):
    buffer = io.BytesIO()
    with tifffile.TiffWriter(buffer, **options) as file:
        for _ in range(3):
            file.write(DEEP, contiguous=False)
    answer, pixels = read(buffer.getvalue(), "tiff")
    assert answer["frames"] == 3
    assert np.array_equal(pixels, DEEP)


def test_twelve_bits_that_are_packed_are_twelve_bits(read):
    values = [0, 1000, 2048, 4095]
    packed = int("".join(f"{value:012b}" for value in values), 2).to_bytes(6, "big")
    tags = {256: 4, 257: 1, 258: 12, 259: 1, 262: 1, 273: 8, 277: 1, 278: 1, 279: 6}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    data = struct.pack("<2sHI", b"II", 42, 14) + packed + struct.pack("<H", len(tags)) + entries + bytes(4)
    answer, pixels = read(data, "tiff")
    assert pixels.tolist() == [values]
    assert answer["ceiling"] == 4095


@pytest.mark.parametrize("planar", ["contig", "separate"])
def test_of_inks_in_sixteen_bits_the_upper_eight_are_shown_and_it_is_told(planar, read):
    inks = np.dstack([NOISE, NOISE[..., 0]])
    answer, pixels = read(made_by_tifffile(inks, photometric="separated", planarconfig=planar), "tiff")
    if planar == "separate":
        assert answer["refused"] == "kind"
    else:
        assert answer["deep_colours"] is True
        assert np.array_equal(pixels, Image.frombytes("CMYK", (30, 20), (inks >> 8).astype(np.uint8)).convert("RGB"))
