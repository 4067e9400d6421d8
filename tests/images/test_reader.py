"""What the program reads out of TIFF, HEIF and DICOM: in this process, without limits, of pictures that do no harm."""

import io
import json
import random
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image
from pydicom.uid import JPEGLSLossless

from core.images import decode, reader
from tests.images.made_pictures import PATIENT, dicom, heic, tiff

COLOURS = np.random.default_rng(0).integers(0, 256, (6, 8, 3), dtype=np.uint8)
GREY = COLOURS[..., 0]
DEEP = np.arange(48, dtype=np.uint16).reshape(6, 8) * 80

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


@pytest.fixture(autouse=True)
def unlimited(monkeypatch):
    monkeypatch.setattr(reader, "_limit", lambda seconds: None)


@pytest.fixture
def read(tmp_path):
    """What the program answers, and the array it writes, None if it refuses."""

    def read(data, kind):
        (tmp_path / "picture").write_bytes(data)
        answer = reader.answer(kind, str(tmp_path / "picture"), str(tmp_path / "pixels"), 9)
        return answer, None if "refused" in answer else np.load(tmp_path / "pixels", allow_pickle=False)

    return read


def test_its_bounds_are_those_of_all_pictures():
    assert (reader.MAX_PIXELS, reader.MAX_ASPECT) == (decode.MAX_PIXELS, decode.MAX_ASPECT)


class TestTiff:
    @pytest.mark.parametrize("compression", [None, "tiff_lzw", "tiff_deflate", "packbits", "zstd"])
    def test_colours_come_through_unchanged(self, compression, read):
        _, pixels = read(tiff(COLOURS, compression=compression), "tiff")
        assert np.array_equal(pixels, COLOURS)

    @pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "CMYK", "LAB", "YCbCr"])
    def test_every_mode_becomes_colours(self, mode, read):
        picture = Image.fromarray(COLOURS)
        picture = Image.new("LAB", (8, 6), (128, 128, 128)) if mode == "LAB" else picture.convert(mode)
        _, pixels = read(tiff(picture), "tiff")
        assert pixels.shape == (6, 8, 4 if mode == "RGBA" else 3)
        assert pixels.dtype == np.uint8
        if mode == "L":
            assert np.array_equal(pixels[..., 1], np.asarray(picture))

    @pytest.mark.parametrize("values", [DEEP, DEEP.astype(np.int32) - 999, DEEP.astype(np.float32) / 7])
    def test_numbers_of_more_than_eight_bits_stay_numbers(self, values, read):
        answer, pixels = read(tiff(values), "tiff")
        assert np.array_equal(pixels, values)
        assert answer["ceiling"] is None

    def test_the_largest_value_that_there_may_be_is_told(self, read):
        assert read(tiff(DEEP, tiffinfo={281: 16383}), "tiff")[0]["ceiling"] == 16383

    def test_where_zero_is_white_it_is_told(self, read):
        data = tiff(DEEP)
        assert not read(data, "tiff")[0]["inverted"]
        (place,) = [at for at in range(len(data)) if data[at : at + 8] == b"\x06\x01\x03\x00\x01\x00\x00\x00"]
        answer, pixels = read(data[: place + 8] + b"\x00" + data[place + 9 :], "tiff")
        assert answer["inverted"]
        assert np.array_equal(pixels, DEEP)

    @pytest.mark.parametrize("orientation", UPRIGHT)
    def test_it_is_upright(self, orientation, read):
        _, colours = read(tiff(COLOURS, tiffinfo={274: orientation}), "tiff")
        _, values = read(tiff(DEEP, tiffinfo={274: orientation}), "tiff")
        assert np.array_equal(colours[..., 0], UPRIGHT[orientation](GREY))
        assert np.array_equal(values, UPRIGHT[orientation](DEEP))

    def test_of_several_pages_the_first_is_read(self, read):
        others = [Image.fromarray(255 - COLOURS)] * 2
        answer, pixels = read(tiff(COLOURS, save_all=True, append_images=others), "tiff")
        assert answer["frames"] == 3
        assert np.array_equal(pixels, COLOURS)

    @pytest.mark.parametrize("order", ["<", ">"])
    @pytest.mark.parametrize("compression", [None, "zlib"])
    @pytest.mark.parametrize("kind", ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64"])
    def test_numbers_are_those_that_another_library_wrote_or_it_is_refused(self, kind, compression, order, read):
        values = (np.linspace(-99, 999, 600).reshape(20, 30) * (kind != "uint8") % 251).astype(kind)
        buffer = io.BytesIO()
        tifffile.imwrite(buffer, values, byteorder=order, compression=compression)
        answer, pixels = read(buffer.getvalue(), "tiff")
        if pixels is None:
            assert answer["refused"] == "kind"
            assert kind not in ("uint8", "uint16")
        else:
            assert np.array_equal(pixels if pixels.ndim == 2 else pixels[..., 0], values)

    @pytest.mark.parametrize("bits", ["uint8", "uint16"])
    @pytest.mark.parametrize("compression", [None, "zlib"])
    @pytest.mark.parametrize("planar", ["contig", "separate"])
    def test_colours_side_by_side_or_apart_are_those_that_were_written(self, planar, compression, bits, read):
        values = COLOURS.astype(bits) * (257 if bits == "uint16" else 1)
        buffer = io.BytesIO()
        tifffile.imwrite(buffer, values if planar == "contig" else np.moveaxis(values, 2, 0), photometric="rgb",
                         planarconfig=planar, compression=compression)  # fmt: skip
        answer, pixels = read(buffer.getvalue(), "tiff")
        if pixels is None:
            assert (answer["refused"], planar, bits) == ("kind", "separate", "uint16")
        else:
            assert np.array_equal(pixels, COLOURS)


class TestHeif:
    def test_colours_come_close(self, read):
        _, pixels = read(heic(np.full((64, 64, 3), (200, 100, 50), np.uint8)), "heif")
        assert np.abs(pixels.astype(int) - (200, 100, 50)).max() <= 4

    def test_transparency_is_kept_for_who_lays_it_on_white(self, read):
        _, pixels = read(heic(np.full((64, 64, 4), (200, 100, 50, 0), np.uint8)), "heif")
        assert pixels.shape[2] == 4
        assert pixels[..., 3].max() == 0


class TestDicom:
    def test_values_are_rescaled_and_the_window_is_as_the_standard_has_it(self, read):
        data = dicom(DEEP, BitsStored=12, RescaleSlope=2, RescaleIntercept=-1024, WindowCenter=40, WindowWidth=400)
        answer, values = read(data, "dicom")
        assert np.array_equal(values, DEEP * 2.0 - 1024)
        assert answer["window"] == (39.5 - 199.5, 39.5 + 199.5)  # PS3.3, C.11.2.1.2.1
        assert answer["ceiling"] is None

    def test_of_several_windows_the_first_counts(self, read):
        data = dicom(DEEP, WindowCenter=[500, 9], WindowWidth=[100, 9], VOILUTFunction="LINEAR_EXACT")
        assert read(data, "dicom")[0]["window"] == (450, 550)

    def test_without_a_window_the_stored_bits_are_told(self, read):
        answer, values = read(dicom(DEEP, BitsStored=12), "dicom")
        assert answer["ceiling"] == 4095
        assert "window" not in answer
        assert np.array_equal(values, DEEP)

    @pytest.mark.parametrize(("photometric", "inverted"), [("MONOCHROME1", True), ("MONOCHROME2", False)])
    def test_where_zero_is_white_it_is_told(self, photometric, inverted, read):
        answer, values = read(dicom(DEEP, photometric), "dicom")
        assert answer["inverted"] is inverted
        assert np.array_equal(values, DEEP)

    def test_signed_values_stay_signed(self, read):
        assert np.array_equal(read(dicom(DEEP.astype(np.int16) - 999), "dicom")[1], DEEP.astype(np.int16) - 999)

    def test_colours_come_through_unchanged(self, read):
        assert np.array_equal(read(dicom(COLOURS, "RGB"), "dicom")[1], COLOURS)

    def test_of_several_frames_the_first_is_read(self, read):
        answer, values = read(dicom(np.stack([DEEP, DEEP + 1]), NumberOfFrames=2), "dicom")
        assert answer["frames"] == 2
        assert np.array_equal(values, DEEP)

    def test_nothing_of_the_patient_leaves(self, read, tmp_path):
        answer, _ = read(dicom(DEEP, BurnedInAnnotation="YES", StudyDate="20200101"), "dicom")
        assert answer["burned"] is True
        left = json.dumps(answer).encode() + (tmp_path / "pixels").read_bytes()
        assert not any(secret in left for secret in (PATIENT.encode(), b"Zyxwv", b"4711", b"20200101"))

    def test_a_report_is_no_picture(self, read):
        data = dicom(DEEP)
        at = data.index(b"\xe0\x7f\x10\x00")  # the tag of the pixels, which come last
        assert read(data[:at], "dicom")[0]["refused"] == "no picture"

    def test_a_compression_that_nobody_here_reads_is_told(self, read):
        assert read(dicom(DEEP, syntax=JPEGLSLossless), "dicom")[0]["refused"] == "compression"


@pytest.mark.parametrize(
    ("size", "reason"), [((60_001, 1_000), "pixels"), ((4_100, 100), "thin"), ((8_000, 7_501), "pixels")]
)
def test_what_is_too_large_is_refused_before_it_is_decoded(size, reason, read, monkeypatch):
    monkeypatch.setattr(Image.Image, "load", None)
    with pytest.raises(reader.Refused) as caught:
        reader.check_shape(*size)
    assert (caught.value.reason, caught.value.about) == (reason, f"{size[0]} by {size[1]}")


REASONS = ("damaged", "kind", "pixels", "thin", "no picture", "compression", "memory")
MAKERS = {
    "tiff": lambda: tiff(COLOURS, compression="tiff_lzw"),
    "heif": lambda: heic(np.full((64, 64, 3), 90, np.uint8)),
    "dicom": lambda: dicom(DEEP, WindowCenter=40, WindowWidth=400),
}


@pytest.mark.parametrize("kind", MAKERS)
def test_damage_of_any_kind_is_an_answer(kind, read):
    whole, chance = MAKERS[kind](), random.Random(0)
    for _ in range(30):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        answer, pixels = read(bytes(data[: chance.choice([len(data), chance.randrange(len(data))])]), kind)
        assert answer.get("refused") in (
            "damaged",
            "kind",
            "pixels",
            "thin",
            "no picture",
            "compression",
            "memory",
        ) or (pixels is not None)


def test_a_file_that_is_not_there_is_an_answer(tmp_path: Path):
    assert reader.answer("heif", str(tmp_path / "no"), str(tmp_path / "copy"), 9)["refused"] == "damaged"
