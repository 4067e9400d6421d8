"""Cover: one region is hidden, everything else stays as it was."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from core.images.occlusion import FILLS, occlude
from core.images.region import Region
from core.values import Picture

REGION = Region(0.25, 0.2, 0.75, 0.7)  # columns 20 to 60, rows 12 to 42 of the picture


@pytest.fixture(scope="module")
def picture():
    pixels = np.random.default_rng(0).integers(0, 256, (60, 80, 3)) * (0.9, 0.6, 0.3)
    return Picture(pixels.astype(np.uint8), "a photo's digest", ("First frame.",))


def inside(picture):
    return picture.pixels[12:42, 20:60]


@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize("region", [REGION, Region(0, 0, 0.1, 1), Region(0.99, 0.99, 1, 1), Region(0.333, 0.5, 1, 0.6)])
def test_no_pixel_outside_the_region_is_touched_and_the_inside_is_replaced(picture, region, fill):
    before = picture.pixels.copy()
    covered = occlude(picture, region, fill)
    left, top, right, bottom = region.pixels(picture.size)
    changed = (covered.pixels != before).any(axis=2)
    assert changed[top:bottom, left:right].mean() > 0.9
    changed[top:bottom, left:right] = False
    assert not changed.any()
    np.testing.assert_array_equal(picture.pixels, before)
    assert covered.notices == picture.notices


def test_mean_is_the_mean_colour_of_the_picture(picture):
    expected = np.rint(picture.pixels.reshape(-1, 3).mean(axis=0))
    assert (inside(occlude(picture, REGION, "mean")) == expected).all()


def test_noise_has_the_mean_and_the_deviation_of_the_pictures_colours(picture):
    found = inside(occlude(picture, REGION, "noise")).reshape(-1, 3).astype(float)
    whole = picture.pixels.reshape(-1, 3).astype(float)
    assert np.abs(found.mean(axis=0) - whole.mean(axis=0)).max() < 8
    assert np.abs(found.std(axis=0) / whole.std(axis=0) - 1).max() < 0.1
    assert abs(np.corrcoef(found[:, 0], found[:, 1])[0, 1]) < 0.1


def test_blur_is_a_gaussian_of_half_the_regions_longer_side(picture):
    exact = gaussian_filter(picture.pixels.astype(float), (20, 20, 0), mode="nearest")[12:42, 20:60]
    found = inside(occlude(picture, REGION, "blur")).astype(float)
    assert np.abs(found - exact).max() < 4  # Pillow's Gaussian is three box filters
    assert found.std(axis=(0, 1)).max() < 0.1 * picture.pixels.std()


def test_blur_of_a_small_region_of_a_large_picture_equals_that_of_its_neighbourhood():
    pixels = np.random.default_rng(1).integers(0, 256, (200, 300, 3), dtype=np.uint8)
    found = occlude(Picture(pixels, "large"), Region(0.5, 0.5, 0.52, 0.53), "blur").pixels[100:106, 150:156]
    exact = gaussian_filter(pixels.astype(float), (3, 3, 0), mode="nearest")[100:106, 150:156]
    assert np.abs(found - exact).max() < 4


@pytest.mark.parametrize("fill", FILLS)
def test_a_flat_picture_stays_as_it_is(fill):
    flat = Picture(np.full((20, 30, 3), (200, 100, 0), np.uint8), "flat")
    np.testing.assert_array_equal(occlude(flat, REGION, fill).pixels, flat.pixels)


def test_the_same_cover_has_the_same_pixels_and_digest(picture):
    again = Picture(picture.pixels.copy(), picture.digest)
    for fill in FILLS:
        first, second = occlude(picture, REGION, fill), occlude(again, REGION, fill)
        assert first.digest == second.digest
        np.testing.assert_array_equal(first.pixels, second.pixels)


def test_every_difference_in_what_is_covered_changes_the_digest(picture):
    other = Picture(picture.pixels.copy(), "another digest")
    covered = [occlude(picture, REGION, fill) for fill in FILLS]
    covered += [occlude(other, REGION, "mean"), occlude(picture, Region(0.25, 0.2, 0.75, 0.75), "mean"), picture]
    covered.append(occlude(occlude(picture, REGION, "mean"), Region(0, 0, 0.1, 0.1), "mean"))
    assert len({each.digest for each in covered}) == len(covered)
    assert all(len(each.digest) == 64 for each in covered if each is not picture)


def test_regions_of_the_same_pixels_are_the_same_cover(picture):
    assert occlude(picture, Region(0.2501, 0.2, 0.75, 0.7), "noise").digest == occlude(picture, REGION, "noise").digest


def test_an_unknown_cover_names_the_known_ones(picture):
    with pytest.raises(ValueError, match="fill must be one of blur, mean, noise, not 'paint'"):
        occlude(picture, REGION, "paint")
