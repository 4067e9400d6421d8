"""The program that reads TIFF, HEIF and DICOM: its bounds, and its answers to damaged files."""

import ast
import random
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.images import apart, decode
from core.images.apart import limits, program
from tests.images.apart.made_pictures import deep_heic, dicom, heic, made_by_tifffile, tiff

COLOURS = np.random.default_rng(0).integers(0, 256, (6, 8, 3), dtype=np.uint8)
DEEP = np.arange(48, dtype=np.uint16).reshape(6, 8) * 80


def test_its_bounds_are_those_of_all_pictures():
    assert (limits.MAX_PIXELS, limits.MAX_ASPECT) == (decode.MAX_PIXELS, decode.MAX_ASPECT)


def test_it_imports_nothing_of_limelight():
    for module in set(Path(apart.__file__).parent.glob("*.py")) - {Path(apart.__file__).with_name("ask.py")}:
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.ImportFrom):
                assert node.level == 1 or node.module.split(".")[0] not in ("core", "apart")
            elif isinstance(node, ast.Import):
                assert not any(name.name.split(".")[0] in ("core", "apart") for name in node.names)


@pytest.mark.parametrize(
    ("size", "reason"), [((60_001, 1_000), "pixels"), ((4_100, 100), "thin"), ((8_000, 7_501), "pixels")]
)
def test_what_is_too_large_is_refused_before_it_is_decoded(size, reason, read, monkeypatch):
    monkeypatch.setattr(Image.Image, "load", None)
    with pytest.raises(limits.Refused) as caught:
        limits.check_shape(*size)
    assert (caught.value.reason, caught.value.about) == (reason, f"{size[0]} by {size[1]}")


REASONS = {"damaged", "kind", "pixels", "thin", "no picture", "compression", "memory", "raw"}
NOISE = np.random.default_rng(0).integers(0, 4096, (40, 40, 3), dtype=np.uint16)
MAKERS = {
    "tiff": lambda: tiff(COLOURS, compression="tiff_lzw"),
    "tiff, deep strips": lambda: made_by_tifffile(NOISE, compression="zlib", predictor=True, rowsperstrip=9),
    "tiff, deep tiles": lambda: made_by_tifffile(NOISE, tile=(16, 32), byteorder=">"),
    "heif": lambda: heic(np.full((64, 64, 3), 90, np.uint8)),
    "heif, deep": lambda: deep_heic(np.full((64, 64, 3), 700, np.uint16)),
    "dicom": lambda: dicom(DEEP, WindowCenter=40, WindowWidth=400),
    "dicom, bare": lambda: dicom(DEEP, WindowCenter=40, WindowWidth=400)[132:],
}


@pytest.mark.parametrize("maker", MAKERS)
def test_damage_of_any_kind_is_an_answer(maker, read):
    whole, chance = MAKERS[maker](), random.Random(0)
    for _ in range(30):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        kind = maker.partition(",")[0]
        answer, pixels = read(bytes(data[: chance.choice([len(data), chance.randrange(len(data))])]), kind)
        assert pixels is not None or answer["refused"] in REASONS


def test_a_file_that_is_not_there_is_an_answer(tmp_path: Path):
    assert program.answer("heif", str(tmp_path / "no"), str(tmp_path / "copy"), 9)["refused"] == "damaged"
