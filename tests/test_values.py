"""The plainest values: what cannot be a picture is not made one."""

import numpy as np
import pytest

from core.values import Picture, Window


def test_a_size_is_width_before_height():
    assert Picture(np.zeros((2, 5, 3), np.uint8), "").size == (5, 2)


@pytest.mark.parametrize(
    ("shape", "kind"), [((4, 4, 3), np.float32), ((4, 4), np.uint8), ((4, 4, 4), np.uint8), ((3, 4, 4), np.uint8)]
)
def test_other_arrays_than_rgb_bytes_are_a_programming_mistake(shape, kind):
    with pytest.raises(ValueError, match=r"pixels must be \(height, width, 3\) uint8, not \(.*\) \w+"):
        Picture(np.zeros(shape, kind), "")


def test_nobody_paints_over_a_picture_that_sessions_share():
    picture = Picture(np.zeros((2, 2, 3), np.uint8), "")
    with pytest.raises(ValueError, match="read-only"):
        picture.pixels[0, 0] = 255
    assert not picture.pixels.any()


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (0, 4095, "0,4095"),
        (10_000_005, 10_000_045, "10000005,10000045"),
        (1013.2123, 1013.2198, "1013.2123,1013.2198"),
    ],
)
def test_a_window_is_said_to_the_last_digit(low, high, text):
    window = Window(low, high)
    assert str(window) == text
    assert Window.parse(text) == window
