"""What is read out of DICOM files, which pydicom has written."""

import json

import numpy as np
import pytest
from pydicom.uid import JPEGLSLossless

from core.images.apart.ask import kind_of
from tests.images.apart.made_pictures import PATIENT, dicom

COLOURS = np.random.default_rng(0).integers(0, 256, (6, 8, 3), dtype=np.uint8)
DEEP = np.arange(48, dtype=np.uint16).reshape(6, 8) * 80


def test_values_are_rescaled_and_the_window_is_as_the_standard_has_it(read):
    data = dicom(DEEP, BitsStored=12, RescaleSlope=2, RescaleIntercept=-1024, WindowCenter=40, WindowWidth=400)
    answer, values = read(data, "dicom")
    assert np.array_equal(values, DEEP * 2.0 - 1024)
    assert answer["window"] == (39.5 - 199.5, 39.5 + 199.5)  # PS3.3, C.11.2.1.2.1
    assert "ceiling" not in answer


def test_of_several_windows_the_first_counts(read):
    data = dicom(DEEP, WindowCenter=[500, 9], WindowWidth=[100, 9], VOILUTFunction="LINEAR_EXACT")
    assert read(data, "dicom")[0]["window"] == (450, 550)


def test_without_a_window_the_stored_bits_are_told(read):
    answer, values = read(dicom(DEEP, BitsStored=12), "dicom")
    assert answer["ceiling"] == 4095
    assert "window" not in answer
    assert np.array_equal(values, DEEP)


@pytest.mark.parametrize(("photometric", "inverted"), [("MONOCHROME1", True), ("MONOCHROME2", False)])
def test_where_zero_is_white_it_is_told(photometric, inverted, read):
    answer, values = read(dicom(DEEP, photometric), "dicom")
    assert answer["inverted"] is inverted
    assert np.array_equal(values, DEEP)


def test_signed_values_stay_signed(read):
    assert np.array_equal(read(dicom(DEEP.astype(np.int16) - 999), "dicom")[1], DEEP.astype(np.int16) - 999)


def test_colours_come_through_unchanged(read):
    assert np.array_equal(read(dicom(COLOURS, "RGB"), "dicom")[1], COLOURS)


def test_colours_of_more_than_eight_bits_stay_numbers(read):
    values = COLOURS.astype(np.uint16) * 16
    answer, pixels = read(dicom(values, "RGB", BitsStored=12), "dicom")
    assert answer["ceiling"] == 4095
    assert np.array_equal(pixels, values)


@pytest.mark.parametrize("start", [128 + 4, None], ids=["with its group", "of data alone"])
@pytest.mark.parametrize("implicit", [False, True])
def test_a_file_without_a_preamble_says_the_same(implicit, start, read):
    data = dicom(DEEP, BitsStored=12, WindowCenter=40, WindowWidth=400, implicit=implicit)
    bare = data[data.index(b"\x08\x00\x16\x00") if start is None else start :]
    assert read(bare, "dicom")[0] == read(data, "dicom")[0]
    assert np.array_equal(read(bare, "dicom")[1], DEEP)
    assert kind_of(bare) == "dicom"


def test_of_several_frames_the_first_is_read(read):
    answer, values = read(dicom(np.stack([DEEP, DEEP + 1]), NumberOfFrames=2), "dicom")
    assert answer["frames"] == 2
    assert np.array_equal(values, DEEP)


def test_nothing_of_the_patient_leaves(read, tmp_path):
    answer, _ = read(dicom(DEEP, BurnedInAnnotation="YES", StudyDate="20200101"), "dicom")
    assert answer["burned"] is True
    left = json.dumps(answer).encode() + (tmp_path / "pixels").read_bytes()
    assert not any(secret in left for secret in (PATIENT.encode(), b"Zyxwv", b"4711", b"20200101"))


def test_a_report_is_no_picture(read):
    data = dicom(DEEP)
    at = data.index(b"\xe0\x7f\x10\x00")  # the tag of the pixels, which come last
    assert read(data[:at], "dicom")[0]["refused"] == "no picture"


def test_a_compression_that_nobody_here_reads_is_told(read):
    assert read(dicom(DEEP, syntax=JPEGLSLossless), "dicom")[0]["refused"] == "compression"
