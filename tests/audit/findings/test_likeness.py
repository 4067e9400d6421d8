"""How alike crops are."""

import math

import numpy as np
import pytest

from core.audit.findings.likeness import alike, crops, likeness, reduced
from core.images.region import Region

BOX = Region(0, 0.5, 0.5, 1)


def noise(count, seed):
    return np.random.default_rng(seed).random((count, 16, 16)).astype(np.float32)


def test_the_same_crops_are_all_alike_and_noise_is_not():
    assert alike(np.repeat(noise(1, 0), 10, 0)) == 1
    assert alike(noise(30, 1)) < 0.01


def test_half_a_class_stamped_makes_a_quarter_of_the_pairs():
    pictures = noise(40, 2)
    pictures[:20, 8:16, 0:8] = noise(1, 3)[0, :8, :8]
    found = likeness(pictures, noise(40, 4), BOX)
    assert found.within == pytest.approx(20 * 19 / (40 * 39), abs=0.01)
    assert found.others < 0.01
    assert found.beyond == found.within - found.others


def test_where_all_pictures_have_one_layout_nothing_is_beyond():
    layout = noise(1, 5)[0]
    pictures = layout + 0.1 * noise(60, 6)
    found = likeness(pictures[:30], pictures[30:], BOX)
    assert found.within > 0.9
    assert found.beyond == pytest.approx(0, abs=0.1)


def test_flat_crops_are_like_none_and_one_is_no_pair():
    assert alike(np.zeros((10, 4, 4), np.float32)) == 0
    assert math.isnan(alike(noise(1, 7)))


def test_a_crop_is_the_region_and_small_is_the_mean():
    pictures = noise(3, 8)
    np.testing.assert_array_equal(crops(pictures, BOX), pictures[:, 8:16, 0:8])
    pixels = np.zeros((9, 8, 3), np.uint8)
    pixels[:4, :4] = 255
    np.testing.assert_allclose(reduced(pixels), [[1, 0], [0, 0]], atol=1e-6)
