"""Pictures that are read in another process: what becomes of them, and of a process that misbehaves."""

import hashlib

import numpy as np
import pytest
from PIL import Image

from core.errors import ImageError
from core.images import load_sample
from core.images.apart import ask
from core.images.apart.ask import anonymous, kind_of, read_apart
from core.images.decode import decode_image
from core.values import Window
from tests.images.apart.made_pictures import PATIENT, deep_heic, dicom, heic, made_by_tifffile, tiff

COLOURS = load_sample("chelsea").pixels[:60, :80]
DEEP = np.arange(48, dtype=np.uint16).reshape(6, 8) * 80


def test_a_tiff_is_a_picture_like_any_other():
    data = tiff(COLOURS, compression="tiff_lzw")
    picture = decode_image(data)
    assert np.array_equal(picture.pixels, COLOURS)
    assert (picture.digest, picture.notices, picture.depth) == (hashlib.sha256(data).hexdigest(), (), None)


def test_a_heic_photo_is_close_to_the_original():
    picture = decode_image(heic(COLOURS))
    assert np.abs(picture.pixels.astype(int) - COLOURS).mean() < 4


def test_a_radiograph_has_its_own_window_and_may_be_given_another():
    data = dicom(DEEP, "MONOCHROME1", BitsStored=12, WindowCenter=1000.5, WindowWidth=1001, PatientAge="044Y")
    picture = decode_image(data)
    assert picture.depth.window == Window(500, 1500)
    assert (picture.depth.least, picture.depth.most) == (0, 3760)
    assert picture.pixels[0, 0, 0] == 255  # the lowest is white
    assert (
        "values from 500 (white) to 1500 (black) are shown, to networks too, as the file proposes."
        in picture.notices[-1]
    )
    wider = decode_image(data, Window(0, 3760))
    assert "as chosen" in wider.notices[-1]
    assert np.array_equal(wider.pixels[..., 0], np.rint(255 * (1 - DEEP / 3760)))
    assert wider.digest != picture.digest
    assert PATIENT not in repr(wider)


@pytest.mark.parametrize("planar", ["contig", "separate"])
def test_twelve_bits_of_colour_are_shown_through_one_window_that_is_said(planar):
    values = COLOURS.astype(np.uint16) * 16
    data = made_by_tifffile(values, planarconfig=planar)
    picture = decode_image(data)
    assert picture.depth.window == Window(0, 4095)
    assert np.array_equal(picture.pixels, np.rint(values * (255 / 4095)))
    assert picture.notices == (
        "More than 8 bits: values from 0 (black) to 4095 (white) are shown, to networks too, as its values propose.",
    )
    assert np.array_equal(decode_image(data, Window(0, 16 * 255)).pixels, COLOURS)


def test_a_photo_of_ten_bits_is_shown_by_its_ten_bits():
    values = np.full((64, 64, 4), (1000, 500, 100, 1023), np.uint16)
    values[:, 32:, 3] = 0
    picture = decode_image(deep_heic(values))
    assert picture.depth.window == Window(0, 1023)
    assert np.abs(picture.pixels[32, 8].astype(int) - (249, 125, 25)).max() <= 2
    assert picture.pixels[32, 56].tolist() == [255, 255, 255]


def test_a_window_is_nothing_to_a_picture_of_eight_bits():
    data = tiff(COLOURS)
    assert decode_image(data, Window(0, 9)).digest == hashlib.sha256(data).hexdigest()


def test_pages_are_counted_in_a_notice():
    data = tiff(COLOURS, save_all=True, append_images=[Image.fromarray(COLOURS)])
    assert decode_image(data).notices == ("This file has 2 pages: the first one is used.",)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"II*\0", "tiff"),
        (b"MM\0*", "tiff"),
        (b"II+\0", "tiff"),
        (b"\0\0\0\x18ftypheic", "heif"),
        (b"\0\0\0\x18ftypmif1", "heif"),
        (b"\0\0\0\x18ftyphevs", "heif"),
        (bytes(128) + b"DICM", "dicom"),
        (bytes.fromhex("02000000 554c0400") + bytes(99), "dicom"),  # of these, no preamble
        (bytes.fromhex("08000500 43530a00") + bytes(99), "dicom"),
        (bytes.fromhex("08001600 1a000000") + bytes(99), "dicom"),
        (bytes.fromhex("00080016 5549001a") + bytes(99), "dicom"),
        (bytes.fromhex("08000500 ffff0a00") + bytes(99), None),
        (bytes(140), None),
        (b"\0\0\0\x18ftypavif", None),
        (b"\x89PNG", None),
        (b"", None),
    ],
)
def test_the_kind_is_told_by_the_first_bytes(data, kind):
    assert kind_of(data) == kind


@pytest.mark.parametrize(
    "script",
    [
        "import os; os.abort()",
        "print('no JSON')",
        "print('[]')",
        "print('{}')",
        "import sys; open(sys.argv[3], 'w').write('no'); print('{}')",
        "import sys, numpy; numpy.save(open(sys.argv[3], 'wb'), numpy.zeros((2, 2, 9))); print('{}')",
        "import sys, numpy; numpy.save(open(sys.argv[3], 'wb'), -numpy.ones((2, 2, 4), int)); print('{}')",
        "import sys, numpy; numpy.save(open(sys.argv[3], 'wb'), numpy.array([None])); print('{}')",
        "import sys, numpy; numpy.save(open(sys.argv[3], 'wb'), numpy.zeros((2, 2))); print('{\"window\": [1]}')",
    ],
)
def test_a_process_that_breaks_off_or_babbles_is_a_damaged_picture(script, monkeypatch):
    monkeypatch.setattr(ask, "_START", script)
    with pytest.raises(ImageError, match="damaged or incomplete"):
        read_apart(b"II*\0", "tiff")


def test_a_process_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(ask, "_START", "import time; time.sleep(60)")
    monkeypatch.setattr(ask, "STARTING_SECONDS", 0.3)
    monkeypatch.setattr(ask, "READING_SECONDS", 0.1)
    with pytest.raises(ImageError, match="took too long"):
        read_apart(b"II*\0", "tiff")


def test_what_is_told_of_a_refusal_is_bounded(monkeypatch):
    monkeypatch.setattr(ask, "_START", """print('{"refused": "pixels", "about": "<b>9 by 9</b>' + 'x' * 500 + '"}')""")
    with pytest.raises(ImageError, match=r"^The picture has b9 by 9bx{32} pixels and at most 60 million"):
        read_apart(b"II*\0", "tiff")


def test_of_a_patients_file_the_picture_alone_is_kept():
    given = dicom(
        DEEP, "MONOCHROME1", BitsStored=12, WindowCenter=1000.5, WindowWidth=1001, RescaleSlope=2, RescaleIntercept=-9,
        StudyDate="20200102", WindowCenterWidthExplanation="Zyxwv's lung", BurnedInAnnotation="YES",
    )  # fmt: skip
    kept = anonymous(b"Zyxwv was here".ljust(128) + given[128:])
    assert not any(secret in kept for secret in (b"Zyxwv", b"4711", b"20200102"))
    assert np.array_equal(decode_image(kept).pixels, decode_image(given).pixels)
    assert decode_image(kept).notices == decode_image(given).notices
    assert anonymous(kept) == kept
    assert anonymous(given[132:]) == kept


def test_a_picture_says_what_its_digest_is_of():
    given, window = dicom(DEEP, BitsStored=12), Window(0, 9)
    kept = anonymous(given)
    colours = dicom(COLOURS, "RGB")
    pictures = [decode_image(given), decode_image(kept), decode_image(kept, window), decode_image(anonymous(colours))]
    assert [picture.digest_of for picture in pictures] == [
        "the file", "the picture without patient data", "the picture without patient data and its window",
        "the picture without patient data",
    ]  # fmt: skip
    assert decode_image(tiff(DEEP), window).digest_of == "the file and its window"


def test_a_stripped_file_is_the_same_by_every_version_of_its_library():
    assert b"PYDICOM" not in anonymous(dicom(DEEP))


def test_other_pictures_stay_as_they_are_and_damaged_ones_are_told():
    data = tiff(COLOURS)
    assert anonymous(data) is data
    with pytest.raises(ImageError, match="damaged or incomplete"):
        anonymous(bytes(128) + b"DICM" + bytes(40))
