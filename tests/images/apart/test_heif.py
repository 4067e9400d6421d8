"""What is read out of HEIF files."""

import numpy as np
import pytest

from tests.images.apart.made_pictures import deep_heic, heic


def test_colours_come_close(read):
    _, pixels = read(heic(np.full((64, 64, 3), (200, 100, 50), np.uint8)), "heif")
    assert np.abs(pixels.astype(int) - (200, 100, 50)).max() <= 4


def test_transparency_is_kept_for_who_lays_it_on_white(read):
    _, pixels = read(heic(np.full((64, 64, 4), (200, 100, 50, 0), np.uint8)), "heif")
    assert pixels.shape[2] == 4
    assert pixels[..., 3].max() == 0


@pytest.mark.parametrize("colour", [341, (100, 341, 1000)], ids=["grey", "colours"])
def test_ten_bits_stay_ten_bits(colour, read):
    values = np.full((64, 64) if isinstance(colour, int) else (64, 64, 3), colour, np.uint16)
    answer, pixels = read(deep_heic(values), "heif")
    assert answer["ceiling"] == 1023
    assert np.abs((pixels.astype(int) if pixels.ndim == 3 else pixels[..., None].astype(int)) - colour).max() <= 4


def test_alpha_of_ten_bits_fills_sixteen(read):
    values = np.full((64, 64, 4), (900, 500, 100, 1023), np.uint16)
    values[32:, :, 3] = 512
    _, pixels = read(deep_heic(values), "heif")
    assert pixels[0, 0, 3] == 65535
    assert abs(int(pixels[63, 0, 3]) - 512 / 1023 * 65535) < 130
