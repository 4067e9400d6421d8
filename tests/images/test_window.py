"""Which values are black and which white, by arithmetic."""

import numpy as np
import pytest

from core.images import window
from core.images.window import proposed, windowed
from core.values import Window


@pytest.mark.parametrize(
    ("values", "said", "window"),
    [
        ([0, 200], {}, (0, 255)),
        ([0, 300], {}, (0, 1023)),
        ([5, 4095], {}, (0, 4095)),
        ([0, 4096], {}, (0, 16383)),
        ([0, 65535], {}, (0, 65535)),
        ([0, 300], {"ceiling": 2000.0}, (0, 2000)),
        ([0, 5000], {"ceiling": 4095.0}, (0, 16383)),  # it has more than it says
        ([0, 0], {}, (0, 255)),
    ],
)
def test_whole_numbers_are_of_a_usual_number_of_bits(values, said, window):
    assert proposed(np.array(values, np.uint16), **said) == Window(*window)


@pytest.mark.parametrize(
    ("values", "window"),
    [
        (np.array([-5, 9], np.int16), (-5, 9)),
        (np.array([0, 70000], np.int32), (0, 70000)),
        (np.array([0.25, 0.75], np.float32), (0.25, 0.75)),
        (np.array([np.nan, 1.0, np.inf, 3.0]), (1, 3)),
        (np.array([2.0, 2.0]), (2, 3)),
        (np.array([np.nan]), (0, 1)),
    ],
)
def test_other_numbers_are_shown_from_the_smallest_to_the_largest(values, window):
    assert proposed(values) == Window(*window)


def test_values_are_scaled_and_what_is_beyond_is_black_or_white():
    values = np.array([[90, 100, 150, 200, 300]])
    assert windowed(values, Window(100, 200))[0, :, 0].tolist() == [0, 0, 128, 255, 255]
    assert windowed(values, Window(100, 200), inverted=True)[0, :, 2].tolist() == [255, 255, 128, 0, 0]


def test_colours_have_one_window_so_that_hues_stay_what_they_are():
    values = np.array([[[0, 1000, 4095], [4095, 100, 7]]], np.uint16)
    assert proposed(values) == Window(0, 4095)
    assert windowed(values, Window(0, 2000)).tolist() == [[[0, 128, 255], [255, 13, 1]]]


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.uint16, np.int64, np.float32])
def test_large_pictures_are_scaled_as_small_ones(kind, monkeypatch):
    values = np.random.default_rng(0).integers(0, 120, (50, 9, 3)).astype(kind)
    whole = windowed(values, Window(3, 99))
    monkeypatch.setattr(window, "_PIECE", 60)
    assert np.array_equal(windowed(values, Window(3, 99)), whole)


def test_what_is_no_number_is_black():
    values = np.array([[np.nan, np.inf, -np.inf]])
    assert windowed(values, Window(0, 1))[0, :, 0].tolist() == [0, 255, 0]


@pytest.mark.parametrize("text", ["0,4095", "-160.5,239", "0.25,0.75"])
def test_a_window_survives_an_address(text):
    assert str(Window.parse(text)) == text


@pytest.mark.parametrize("text", ["", "1", "2,1", "1,1", "nan,1", "0,inf", "a,b", "1,2,3"])
def test_nonsense_is_no_window(text):
    assert Window.parse(text) is None
