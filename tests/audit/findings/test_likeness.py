"""How alike crops are."""

import numpy as np
import pytest

from core.audit.findings.likeness import Windows, alike, bearers, reduced, without
from core.images.region import Region

BOX = Region(0, 0.5, 0.5, 1)


def noise(count, seed):
    return np.random.default_rng(seed).random((count, 28, 28, 3)).astype(np.float32)


def stamped(count, of, seed):
    """Noise; the first `of` have the same 5 x 5 values at (20, 3), inside the box."""
    pictures = noise(count, seed)
    pictures[:of, 20:25, 3:8] = noise(1, 99)[0, :5, :5]
    return pictures


def likeness(inside, others, region=None):
    return Windows.of(inside, others).best(region)


def test_the_same_crops_are_all_alike_and_noise_is_not():
    assert alike(np.repeat(noise(1, 0), 10, 0)) == 1
    assert alike(noise(30, 1)) == 0


def test_a_stamp_that_is_smaller_than_the_region_is_found_in_it():
    found = likeness(stamped(30, 30, 2), noise(30, 3), BOX)
    assert found.within > 0.99
    assert found.others < 0.02
    window = found.window
    assert (window.left * 28, window.top * 28) == (pytest.approx(3, abs=1.01), pytest.approx(20, abs=1.01))


def test_the_place_is_all_that_is_alike_there_and_can_be_looked_for_anywhere():
    pictures = noise(30, 20)
    pictures[:, 18:26, 2:16] = noise(1, 21)[0, :8, :14]
    found = likeness(pictures, noise(30, 22))
    place = found.place
    assert (place.left * 28, place.right * 28) == (pytest.approx(2, abs=2.01), pytest.approx(16, abs=2.01))
    assert (place.top * 28, place.bottom * 28) == (pytest.approx(18, abs=2.01), pytest.approx(26, abs=2.01))
    assert likeness(pictures, noise(30, 22), Region(0.1, 0.7, 0.3, 0.9)).place == place  # also where a part is asked


def test_who_bears_it_is_known():
    pictures = stamped(40, 15, 23)
    found = likeness(pictures, noise(40, 24), BOX)
    np.testing.assert_array_equal(bearers(pictures, found.window), np.arange(40) < 15)
    assert not bearers(noise(40, 25), found.window).any()


def test_those_in_which_it_is_hardly_seen_are_not_without_it():
    pictures, others = stamped(60, 40, 26), noise(60, 27)
    pictures[20:40] = 0.35 * pictures[20:40] + 0.65 * noise(20, 28)  # of these, hardly a pair is alike
    bears = bearers(pictures, (window := likeness(pictures, others).window))
    assert bears[:20].all()
    assert bears[20:].sum() <= 4
    found = without(pictures, bears, others, window)
    assert not found[:20].any()
    assert found[20:40].mean() <= 0.1
    assert found[40:].mean() >= 0.6


def test_half_a_class_stamped_makes_a_quarter_of_the_pairs():
    found = likeness(stamped(40, 20, 4), noise(40, 5), BOX)
    assert found.within == pytest.approx(20 * 19 / (40 * 39), abs=0.02)
    assert found.beyond == found.within - found.others


def test_a_stamp_outside_the_region_is_not_of_it():
    assert likeness(stamped(30, 30, 6), noise(30, 7), Region(0.5, 0, 1, 0.5)).beyond < 0.05


def test_where_all_pictures_have_one_layout_nothing_is_beyond():
    pictures = noise(1, 8)[0] + 0.1 * noise(60, 9)
    found = likeness(pictures[:30], pictures[30:], BOX)
    assert found.within > 0.9
    assert found.beyond == pytest.approx(0, abs=0.1)


def test_a_region_smaller_than_a_window_is_looked_at_with_what_is_beside_it():
    found = likeness(stamped(30, 30, 10), noise(30, 11), Region(4 / 28, 21 / 28, 5 / 28, 22 / 28))
    assert found.within > 0.9


@pytest.mark.parametrize("region", [Region(0, 0, 1, 1), Region(0.99, 0.99, 1, 1), Region(0, 0, 0.01, 0.01)], ids=str)
def test_windows_lie_inside_the_picture(region):
    window = likeness(noise(5, 12), noise(5, 13), region).window
    assert 0 <= window.left < window.right <= 1
    assert 0 <= window.top < window.bottom <= 1


def test_flat_crops_are_like_none_and_one_is_no_pair():
    assert alike(np.full((10, 4, 4, 3), 0.3, np.float32)) == 0
    assert Windows.of(noise(1, 15), noise(9, 16)) is None
    assert Windows.of(noise(9, 15), noise(0, 16)) is None


def test_colours_count_where_the_grey_is_the_same():
    pictures = np.full((20, 4, 4, 3), 0.5, np.float32)
    pictures[:, :2, :, 0] += 0.3
    pictures[:, :2, :, 1] -= 0.3
    assert alike(pictures) == 1


def test_small_is_the_mean_of_squares_and_about_as_many_for_every_network():
    pixels = np.zeros((224, 224, 3), np.uint8)
    pixels[:8, :8] = (255, 0, 51)
    np.testing.assert_allclose(reduced(pixels)[0, :2], [[1, 0, 0.2], [0, 0, 0]], atol=1e-6)
    pixels = np.zeros((299, 299, 3), np.uint8)
    pixels[:, -9:] = 255  # no rim is left out
    np.testing.assert_allclose(reduced(pixels)[5, -2:, 0], [0, 9 / 10], atol=0.02)
    assert reduced(pixels).mean() == pytest.approx(9 / 299, rel=0.05)
    for side, values in ((224, 28), (240, 30), (260, 28), (64, 32), (20, 20)):
        assert reduced(np.zeros((side, side, 3), np.uint8)).shape == (values, values, 3)
