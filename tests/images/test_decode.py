"""Bytes to Picture: what every kind of file becomes, and that no bytes do harm."""

import hashlib
import struct
import zlib
from contextlib import suppress
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from core.errors import FetchError, ImageError
from core.images import decode
from core.images.decode import decode_image, looks_like_web_page
from core.values import Depth, Window

RED, GREEN, BLUE, WHITE, BLACK = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0)
LOSSLESS = {"PNG": {}, "BMP": {}, "WEBP": {"lossless": True}}


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int, height: int, depth: int, colour: int, rows: bytes, *extra: bytes) -> bytes:
    """A PNG by hand, for the kinds Pillow does not write."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    rest = chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + rest


def first_pixel(data: bytes) -> tuple[int, ...]:
    return tuple(decode_image(data).pixels[0, 0].tolist())


SMALL = Image.fromarray(np.arange(6 * 8 * 3, dtype=np.uint8).reshape(6, 8, 3))
FILES = {kind: encoded(SMALL, kind) for kind in ("JPEG", "PNG", "WEBP", "GIF", "BMP", "AVIF")}


# what comes through unchanged


@given(arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(3))))
def test_any_colours_survive_a_png_bit_for_bit(pixels: np.ndarray) -> None:
    data = encoded(Image.fromarray(pixels))
    picture = decode_image(data)
    assert np.array_equal(picture.pixels, pixels)
    assert picture.digest == hashlib.sha256(data).hexdigest()
    assert picture.notices == ()


@pytest.mark.parametrize("kind", LOSSLESS)
def test_lossless_formats_keep_every_pixel(kind: str) -> None:
    assert np.array_equal(decode_image(encoded(SMALL, kind, **LOSSLESS[kind])).pixels, np.asarray(SMALL))


@pytest.mark.parametrize("kind", FILES)
def test_every_accepted_format_gives_the_same_size(kind: str) -> None:
    picture = decode_image(FILES[kind])
    assert (picture.size, picture.notices) == ((8, 6), ())


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_any_bytes_type_will_do(kind: type) -> None:
    assert decode_image(kind(FILES["PNG"])).size == (8, 6)


def test_pixels_are_contiguous_bytes_and_read_only() -> None:
    pixels = decode_image(encoded(SMALL.transpose(Image.Transpose.ROTATE_90))).pixels
    assert pixels.dtype == np.uint8
    assert pixels.flags.c_contiguous
    assert not pixels.flags.writeable


# what has to be decided


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_comes_out_upright_whatever_its_exif_says(kind: str, orientation: int) -> None:
    upright = Image.new("RGB", (32, 16), BLUE)
    upright.paste(RED, (0, 0, 16, 8))
    upright.paste(GREEN, (16, 0, 32, 8))
    undo = decode._UPRIGHT.get(orientation)
    quarter, three_quarters = Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270
    back = {quarter: three_quarters, three_quarters: quarter}  # all others undo themselves
    stored = upright if undo is None else upright.transpose(back.get(undo, undo))
    exif = Image.Exif()
    exif[0x0112] = orientation
    pixels = decode_image(encoded(stored, kind, exif=exif, quality=95)).pixels.astype(int)
    assert pixels.shape == (16, 32, 3)
    for (y, x), colour in {(4, 8): RED, (4, 24): GREEN, (12, 16): BLUE}.items():
        assert np.abs(pixels[y, x] - colour).max() < 20


def test_orientation_6_means_that_the_right_column_is_stored_as_the_first_row() -> None:
    # "0th row is the right-hand side": an independent statement of the standard, for the table above.
    stored = Image.new("RGB", (3, 2))
    for x, colour in enumerate((RED, GREEN, BLUE)):
        stored.putpixel((x, 0), colour)
    exif = Image.Exif()
    exif[0x0112] = 6
    pixels = decode_image(encoded(stored, exif=exif)).pixels
    assert pixels[:, -1].tolist() == [list(RED), list(GREEN), list(BLUE)]


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_damaged_exif_costs_only_the_orientation() -> None:
    assert decode_image(encoded(SMALL, "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")).size == (8, 6)


def test_sixteen_bit_grey_is_scaled_by_257_and_not_clipped() -> None:
    values = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    pixels = decode_image(encoded(Image.fromarray(values))).pixels
    assert np.array_equal(pixels[..., 0], np.round(values / 257))
    assert np.array_equal(pixels[..., 0], pixels[..., 2])


def test_a_transparent_value_in_sixteen_bits_is_compared_in_sixteen_bits() -> None:
    rows = b"\0" + struct.pack(">3H", 300, 301, 65535)  # 300 and 301 are the same in eight bits
    picture = decode_image(png(3, 1, 16, 0, rows, chunk(b"tRNS", struct.pack(">H", 300))))
    assert picture.pixels[0, :, 0].tolist() == [255, 1, 255]


@pytest.mark.parametrize(("significant", "white"), [(None, 4095), (12, 4095), (10, 4095), (14, 16383), (16, 65535)])
def test_twelve_bits_in_sixteen_are_not_black(significant: int | None, white: int) -> None:
    rows = b"\0" + struct.pack(">3H", 0, 2000, 4095)
    extra = [chunk(b"sBIT", bytes([significant]))] if significant else []
    picture = decode_image(png(3, 1, 16, 0, rows, *extra))
    assert picture.depth is not None
    assert picture.depth.window == Window(0, white)
    assert picture.pixels[0, :, 0].tolist() == [0, round(255 * 2000 / white), round(255 * 4095 / white)]
    said = f"values from 0 (black) to {white} (white) are shown, to networks too, as its values propose"
    assert (said in " ".join(picture.notices)) == (white != 65535)


def test_a_chosen_window_makes_another_picture_and_is_said() -> None:
    data = png(3, 1, 16, 0, b"\0" + struct.pack(">3H", 0, 1000, 4095))
    picture = decode_image(data, Window(500, 1500))
    assert picture.pixels[0, :, 0].tolist() == [0, 128, 255]
    assert picture.notices == (
        "More than 8 bits: values from 500 (black) to 1500 (white) are shown, to networks too, as chosen.",
    )
    assert len({picture.digest, decode_image(data).digest, decode_image(data, Window(500, 1501)).digest}) == 3


def test_sixteen_bit_colours_are_shown_through_one_window() -> None:
    full = decode_image(png(1, 1, 16, 2, b"\0" + struct.pack(">3H", 65535, 0, 257 * 100)))
    assert full.pixels[0, 0].tolist() == [255, 0, 100]
    assert full.notices == ()
    data = png(1, 1, 16, 2, b"\0" + struct.pack(">3H", 4095, 0, 1000))
    picture = decode_image(data)
    assert picture.pixels[0, 0].tolist() == [255, 0, 62]
    assert picture.depth == Depth(0, 4095, Window(0, 4095))
    assert (
        "values from 0 (black) to 4095 (white) are shown, to networks too, as its values propose" in picture.notices[0]
    )
    chosen = decode_image(data, Window(500, 1500))
    assert chosen.pixels[0, 0].tolist() == [255, 0, 128]
    assert chosen.digest != picture.digest


@pytest.mark.parametrize("orientation", [1, 6])
def test_sixteen_bits_come_out_upright(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    values = np.arange(12, dtype=np.uint16).reshape(3, 4) * 5000
    pixels = decode_image(encoded(Image.fromarray(values), exif=exif)).pixels[..., 0]
    assert np.array_equal(pixels, np.rint((np.rot90(values, -1) if orientation == 6 else values) / 257))


@pytest.mark.parametrize(("mode", "colour", "expected"), [("1", 1, WHITE), ("1", 0, BLACK), ("L", 77, (77, 77, 77))])
def test_grey_and_black_and_white_become_rgb(
    mode: str, colour: int | tuple[int, ...], expected: tuple[int, ...]
) -> None:
    assert first_pixel(encoded(Image.new(mode, (2, 2), colour))) == expected


@pytest.mark.parametrize(
    ("mode", "colour", "expected"),
    [
        ("RGBA", (*RED, 0), WHITE),
        ("RGBA", (*RED, 255), RED),
        ("RGBA", (*BLACK, 128), (127, 127, 127)),
        ("LA", (0, 0), WHITE),
        ("LA", (9, 255), (9, 9, 9)),
    ],
)
def test_transparent_parts_are_composited_over_white(
    mode: str, colour: int | tuple[int, ...], expected: tuple[int, ...]
) -> None:
    assert first_pixel(encoded(Image.new(mode, (2, 2), colour))) == expected


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_a_palette_may_have_a_transparent_entry(kind: str) -> None:
    image = Image.new("P", (2, 1))
    image.putpalette([*RED, *GREEN])
    image.putpixel((1, 0), 1)
    picture = decode_image(encoded(image, kind, transparency=0))
    assert picture.pixels.tolist() == [[list(WHITE), list(GREEN)]]
    assert picture.notices == ("Its transparent parts are shown on white.",)


def test_a_palette_may_fade() -> None:
    image = Image.new("P", (1, 1))
    image.putpalette(BLACK)
    assert first_pixel(encoded(image, transparency=bytes([128]))) == (127, 127, 127)


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_one_colour_may_mean_transparent(mode: str) -> None:
    clear = 7 if mode == "L" else (7, 7, 7)
    assert first_pixel(encoded(Image.new(mode, (1, 1), clear), transparency=clear)) == WHITE


def test_an_opaque_alpha_channel_is_no_news() -> None:
    assert decode_image(encoded(SMALL.convert("RGBA"))).notices == ()


def test_cmyk_as_adobe_stores_it_inverted_has_its_true_colours() -> None:
    ink = Image.new("CMYK", (16, 16), (0, 255, 255, 0))  # magenta and yellow: red
    assert first_pixel(encoded(ink, "JPEG", quality=100)) == RED


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "AVIF"])
def test_an_animation_gives_its_first_frame_and_says_so(kind: str) -> None:
    frames = [Image.new("RGB", (16, 16), colour) for colour in (RED, BLUE)]
    options = {"lossless": True} if kind == "WEBP" else {}
    picture = decode_image(encoded(frames[0], kind, save_all=True, append_images=frames[1:], **options))
    assert np.abs(picture.pixels[0, 0].astype(int) - RED).max() < 20
    assert picture.notices == ("This is an animation: its first frame is used.",)


def test_a_photo_with_a_preview_behind_it_is_not_an_animation() -> None:
    picture = decode_image(encoded(SMALL, "MPO", save_all=True, append_images=[SMALL.resize((4, 3))]))
    assert (picture.size, picture.notices) == ((8, 6), ())


def test_a_large_picture_is_reduced_and_says_so() -> None:
    picture = decode_image(encoded(Image.new("L", (5000, 2500), 9)))
    assert picture.size == (4096, 2048)
    assert picture.notices == ("This picture is large: it was reduced to 4096 pixels on its longer side.",)


def test_a_picture_of_just_the_largest_side_is_left_alone() -> None:
    assert decode_image(encoded(Image.new("L", (4096, 200)))).notices == ()


def test_metadata_does_not_survive() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    picture = decode_image(encoded(SMALL, "JPEG", exif=exif))
    assert set(picture.__slots__) == {"pixels", "digest", "notices", "depth", "digest_of"}


# limits, all of them before decoding


def test_fifty_megapixels_are_welcome() -> None:
    decode._check_shape(8160, 6144)


def test_too_many_pixels_are_refused_without_decoding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode, "_pixels", None)  # would fail if it came that far
    with pytest.raises(ImageError, match=r"9000 by 7000 pixels and at most 60 million .* make it smaller"):
        decode_image(encoded(Image.new("1", (9000, 7000))))


@pytest.mark.parametrize("side", [10_000, 14_000])  # Pillow warns of the first and refuses the second
def test_decompression_bombs_are_refused_whatever_the_warnings_filter(side: int) -> None:
    head = png(side, side, 1, 0, b"")
    with pytest.raises(ImageError, match=r"at most 60 million are accepted: make it smaller\.$"):
        decode_image(head)


@pytest.mark.filterwarnings("default:.*decompression bomb")
def test_decompression_bombs_are_refused_when_warnings_are_only_warnings() -> None:
    with pytest.warns(Image.DecompressionBombWarning), pytest.raises(ImageError, match="at most 60 million"):
        decode_image(png(10_000, 10_000, 1, 0, b""))


def test_too_many_bytes_are_refused_before_anything_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode, "_open", None)
    with pytest.raises(ImageError, match=r"The file has 15\.5 MB and at most 15 MB are accepted"):
        decode_image(bytes(15_500_000))


@pytest.mark.parametrize("size", [(401, 10), (10, 401)])
def test_a_very_thin_picture_should_be_cropped(size: tuple[int, int]) -> None:
    with pytest.raises(ImageError, match=r"too long and thin .*: crop it"):
        decode_image(encoded(Image.new("L", size)))


def test_a_ratio_of_forty_is_just_allowed() -> None:
    assert decode_image(encoded(Image.new("L", (400, 10)))).size == (400, 10)


def test_a_jpeg_of_endless_scans_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = encoded(SMALL, "JPEG", progressive=True)
    scan = data[data.rfind(b"\xff\xda") : -2]
    monkeypatch.setattr(decode, "MAX_SCANNED", 48 * 100)
    assert decode_image(data).size == (8, 6)
    with pytest.raises(ImageError, match="too long to decode"):
        decode_image(data[:-2] + scan * 100 + data[-2:])


# what is not a picture


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty"),
        (b"hello, this is only text", "This is text, not a picture"),
        (bytes(range(256)), "not a picture that can be read here: choose a JPEG, PNG"),
        (b"<!DOCTYPE html><html><svg></svg>", "This is a web page"),
        (b"\xef\xbb\xbf\n <!-- hello --><HTML>", "This is a web page"),
        (
            b'<?xml version="1.0"?><!-- x --><svg xmlns="http://www.w3.org/2000/svg"/>',
            "SVG drawing.* PNG or JPEG",
        ),
        (b"%PDF-1.7 ...", "PDF document.* PNG or JPEG"),
        (b"\xff\x0a" + bytes(40), "JPEG XL"),
        (b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(40), "JPEG XL"),
        (b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(40), "JPEG 2000"),
        (b"8BPS\0\1" + bytes(40), "Photoshop"),
        (b"GIF89a", "damaged or incomplete"),
        (b"<!---->" * 150, "This is text"),
    ],
)
def test_what_is_not_a_picture_is_called_by_its_name(data: bytes, sentence: str) -> None:
    with pytest.raises(ImageError, match=sentence) as caught:
        decode_image(data)
    assert not isinstance(caught.value, FetchError)
    assert str(caught.value).endswith((".", "one."))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
@pytest.mark.parametrize("part", [0.3, 0.75])
def test_half_a_file_is_damaged(kind: str, part: float) -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8))
    data = encoded(noise, kind)
    with pytest.raises(ImageError, match="damaged or incomplete"):
        decode_image(data[: int(len(data) * part)])


def test_a_web_page_is_told_from_a_drawing() -> None:
    assert looks_like_web_page(b"  <html><body>")
    assert not looks_like_web_page(b"<svg></svg>")
    assert not looks_like_web_page(FILES["PNG"])


# any bytes at all


def decodes_or_says_why(data: bytes) -> None:
    with suppress(ImageError):
        assert decode_image(data).pixels.ndim == 3


@given(st.binary(max_size=200))
def test_random_bytes_do_no_harm(data: bytes) -> None:
    decodes_or_says_why(data)


DEEP = [png(4, 3, 16, colour, bytes(3 * (1 + 8 * count))) for colour, count in ((2, 3), (4, 2), (6, 4))]
MODES = [encoded(SMALL.convert(mode)) for mode in ("1", "L", "LA", "P", "RGBA", "I;16")] + [
    encoded(SMALL.convert("P"), transparency=bytes(range(256))),
    encoded(SMALL.convert("CMYK"), "JPEG"),
    encoded(SMALL, "GIF", save_all=True, append_images=[SMALL.rotate(90)]),
    encoded(SMALL, "PNG", save_all=True, append_images=[SMALL.rotate(90)]),
]


@settings(max_examples=400, deadline=None)
@given(
    data=st.sampled_from([*FILES.values(), *MODES, *DEEP]),
    changes=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=8),
    end=st.integers(0, 2000) | st.none(),
)
def test_broken_files_do_no_harm(data: bytes, changes: list[tuple[int, int]], end: int | None) -> None:
    broken = bytearray(data)
    for place, value in changes:
        broken[place % len(broken)] = value
    decodes_or_says_why(bytes(broken[:end]))
