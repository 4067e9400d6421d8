"""Placing: what was found on a network's input is drawn where it lies on the picture, or not at all."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.images.framing import FITS, Framing, frame
from core.images.placing import box_on_input, placed
from core.values import Picture, Recipe

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
SMALL = Recipe(40, 32, "bilinear", MEAN, STD)
RECIPES = [
    Recipe(resize, crop, interpolation, MEAN, STD)
    for resize, crop, interpolation in [
        (256, 224, "bilinear"), (232, 224, "bilinear"), (236, 224, "bilinear"), (256, 224, "bicubic"),
        (342, 299, "bilinear"), (384, 384, "bicubic"), (384, 380, "bicubic"),
    ]
]  # fmt: skip
LENGTHS = st.one_of(st.just(1), st.integers(2, 9), st.integers(10, 500))
SIZES = st.tuples(LENGTHS, LENGTHS).filter(lambda s: max(s) / min(s) <= 40)
CELLS = st.tuples(st.integers(1, 60), st.integers(1, 60))


def framed(width, height, recipe, fit):
    return frame(Picture(np.zeros((height, width, 3), np.uint8), "black"), recipe, fit)[1]


def brightness(image, channel=0):
    """What a network saw, in [0, 1]; the mean colour, brighter than black, where the input was padded."""
    return image[channel] * np.float32(STD[channel]) + np.float32(MEAN[channel])


def strongest(values):
    return max(values.flatten().tolist(), key=lambda value: (abs(value), value))


@pytest.mark.parametrize("factor", [1, 2, 3, 5])
def test_enlarged_by_a_whole_number_each_value_becomes_one_square(factor):
    values = np.random.default_rng(0).normal(size=(4, 4)).astype(np.float32)
    framing = Framing((4 * factor, 4 * factor), 4, (1 / factor, 1 / factor), (0, 0))
    squares = np.kron(values, np.ones((factor, factor), np.float32))
    np.testing.assert_array_equal(placed(values, framing, framing.picture), squares)
    np.testing.assert_array_equal(placed(values, framing, (4, 4)), values)


@pytest.mark.parametrize("factor", [2, 3, 4])
def test_reduced_by_a_whole_number_the_strongest_of_each_square_stays(factor):
    values = np.random.default_rng(0).normal(size=(12, 12)).astype(np.float32)
    side = 12 // factor
    squares = values.reshape(side, factor, side, factor).swapaxes(1, 2)
    expected = [[strongest(squares[row, column]) for column in range(side)] for row in range(side)]
    framing = Framing((side, side), 12, (factor, factor), (0, 0))
    np.testing.assert_array_equal(placed(values, framing, (side, side)), np.float32(expected))


def test_of_two_values_of_one_magnitude_the_positive_one_stays():
    values = np.float32([[-2, 1], [1, 2]])
    assert placed(values, Framing((1, 1), 2, (2, 2), (0, 0)), (1, 1)).tolist() == [[2]]


def test_what_was_cropped_off_is_nan_and_what_was_padded_is_left_out():
    values = np.float32([[1, 2], [3, 4]])
    cropped = placed(values, Framing((4, 2), 2, (1, 1), (1, 0)), (4, 2))  # the middle of a wide picture
    np.testing.assert_array_equal(cropped, np.float32([[np.nan, 1, 2, np.nan], [np.nan, 3, 4, np.nan]]))
    padded = placed(values, Framing((2, 1), 2, (1, 1), (0, -1)), (2, 1))  # a flat picture at the bottom
    np.testing.assert_array_equal(padded, [[3, 4]])


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (2, 3)])
def test_a_grid_too_coarse_for_what_was_seen_is_all_nan(size):
    framing = Framing((80, 8), 8, (1, 1), (10, 0))  # a tenth of a long picture, between the centres of the cells
    grid = placed(np.ones((8, 8), np.float32), framing, size)
    assert grid.shape == size[::-1]
    assert np.isnan(grid).all()


def by_definition(shown, length, offset, side, cells):
    """For each cell of one axis its input pixels, [] if it was not seen, None where exact arithmetic finds a tie."""
    step = Fraction(shown, cells)
    centres = [step * (2 * cell + 1) / 2 - offset for cell in range(cells)]
    found = [[math.floor(centre)] if 0 <= centre < side else [] for centre in centres]
    ties = {cell for cell in range(cells) if centres[cell].denominator == 1}
    if step > 1:
        seen = [cell for cell in range(cells) if found[cell]]
        found = [[] for _ in range(cells)]
        for pixel in range(max(0, -offset), min(side, shown - offset)):
            place = (Fraction(2 * pixel + 1, 2) + offset) / step
            cell = min(seen, key=lambda each: (abs(each - math.floor(place)), each), default=None)
            if cell is not None:
                found[cell].append(pixel)
            if place.denominator == 1:
                ties |= {int(place) - 1, int(place)}
    return [None if cell in ties else pixels for cell, pixels in enumerate(found)]


@settings(max_examples=60, deadline=None)
@given(size=SIZES, fit=st.sampled_from(FITS), cells=CELLS)
def test_every_cell_is_what_exact_arithmetic_says(size, fit, cells):
    framing = framed(*size, SMALL, fit)
    values = np.random.default_rng(0).normal(size=(32, 32)).astype(np.float32)
    columns, rows = (
        by_definition(round(framing.scale[axis] * size[axis]), size[axis], round(framing.offset[axis]), 32, cells[axis])
        for axis in (0, 1)
    )
    grid = placed(values, framing, cells)
    assert grid.shape == cells[::-1]
    assert grid.dtype == np.float32
    for row, y in enumerate(rows):
        for column, x in enumerate(columns):
            if x is not None and y is not None:
                expected = strongest(values[np.ix_(y, x)]) if x and y else np.nan
                np.testing.assert_equal(float(grid[row, column]), expected)


@settings(max_examples=40, deadline=None)
@given(size=SIZES, fit=st.sampled_from(FITS), cells=CELLS, data=st.data())
def test_one_marked_value_never_vanishes_and_stays_in_its_place(size, fit, cells, data):
    framing = framed(*size, SMALL, fit)
    assume(np.isfinite(placed(np.zeros((32, 32), np.float32), framing, cells)).any())
    left, top, right, bottom = (round(edge) for edge in box_on_input(framing, (0, 0, *size)))
    column, row = data.draw(st.integers(left, right - 1)), data.draw(st.integers(top, bottom - 1))
    values = np.zeros((32, 32), np.float32)
    values[row, column] = -1
    rows, columns = np.nonzero(placed(values, framing, cells) == -1)
    centre = framing.to_picture(column + 0.5, row + 0.5)
    assert len(rows) > 0
    for axis, places in enumerate((columns, rows)):
        cell = size[axis] / cells[axis]
        farthest = np.abs((places + 0.5) * cell - centre[axis]).max()
        assert (
            farthest <= max(cell, 0.5 / framing.scale[axis]) + 1e-9
        )  # cell: a value at the rim moves to its neighbour


@settings(max_examples=40, deadline=None)
@given(size=SIZES, fit=st.sampled_from(FITS), cells=CELLS)
def test_order_is_kept_from_left_to_right_and_from_top_to_bottom(size, fit, cells):
    framing = framed(*size, SMALL, fit)
    across = np.tile(np.arange(1, 33, dtype=np.float32), (32, 1))
    assert not (np.diff(placed(across, framing, cells), axis=1) < 0).any()
    assert not (np.diff(placed(across.T, framing, cells), axis=0) < 0).any()


@settings(max_examples=60, deadline=None)
@given(size=SIZES, recipe=st.sampled_from(RECIPES), fit=st.sampled_from(FITS), data=st.data())
def test_a_bright_dot_comes_back_at_its_own_place_or_was_not_seen(size, recipe, fit, data):
    framing = framed(*size, recipe, fit)
    dot = []  # from where to where on each axis: two pixels of the input wide, so that resampling leaves it bright
    for axis in (0, 1):
        wide = min(size[axis], math.ceil(2 / framing.scale[axis]))
        start = data.draw(st.integers(0, size[axis] - wide))
        dot.append((start, start + wide))
    pixels = np.zeros((*size[::-1], 3), np.uint8)
    pixels[slice(*dot[1]), slice(*dot[0])] = 255
    image, framing = frame(Picture(pixels, "dot"), recipe, fit)
    grid = placed(brightness(image), framing, size)

    centres = [np.arange(size[axis]) + 0.5 for axis in (0, 1)]
    low, high = framing.seen[:2], framing.seen[2:]
    visible = [(low[axis] < centres[axis] + 1e-6) & (centres[axis] < high[axis] - 1e-6) for axis in (0, 1)]
    np.testing.assert_array_equal(np.isfinite(grid), np.outer(visible[1], visible[0]))

    # One pixel of the input and one of the picture, which resampling blurs over, on each side of the dot.
    blur = [1 / framing.scale[axis] + 1 for axis in (0, 1)]
    near = [
        (dot[axis][0] - blur[axis] <= centres[axis]) & (centres[axis] <= dot[axis][1] + blur[axis]) for axis in (0, 1)
    ]
    bright = np.nan_to_num(grid) > 0.5
    assert not bright[~np.outer(near[1], near[0])].any()
    if all(low[axis] <= dot[axis][0] and dot[axis][1] <= high[axis] for axis in (0, 1)):
        assert bright.any()


@settings(max_examples=40, deadline=None)
@given(
    size=st.tuples(st.integers(6, 120), st.integers(6, 120)),
    recipe=st.sampled_from(RECIPES),
    fit=st.sampled_from(FITS),
)
def test_a_ramp_of_brightness_comes_back_without_a_shift(size, recipe, fit):
    ramps = [(np.arange(length) + 0.5) / length for length in size]
    pixels = np.zeros((*size[::-1], 3))
    pixels[..., 0], pixels[..., 1] = ramps[0][None, :], ramps[1][:, None]
    image, framing = frame(Picture(np.rint(pixels * 255).astype(np.uint8), "ramps"), recipe, fit)
    fine = [length * math.ceil(scale) for length, scale in zip(size, framing.scale, strict=True)]
    for axis in (0, 1):
        grid = placed(brightness(image, axis), framing, (fine[0], fine[1]))
        found = np.moveaxis(grid, 1 - axis, -1)
        found = found[np.isfinite(found).any(axis=1)][0] * size[axis]  # the place on the picture that was seen here
        true = (np.arange(fine[axis]) + 0.5) * size[axis] / fine[axis]
        inner = np.isfinite(found) & (true > 2) & (true < size[axis] - 2)  # resampling bends a ramp at its ends
        pixel = 1 / framing.scale[axis]
        if inner.sum() >= 8:
            assert abs((found - true)[inner].mean()) < 0.2 * pixel + 0.1
            assert abs((found - true)[inner]).max() < pixel + 0.6


def test_a_box_of_the_picture_is_found_on_the_input():
    framing = framed(80, 40, SMALL, "crop")  # resized to 80x40, of which the middle 32x32 is seen
    assert box_on_input(framing, (26, 8, 40, 36)) == (2, 4, 16, 32)
    assert box_on_input(framing, (0, 0, 80, 40)) == (0, 0, 32, 32)
    left, _, right, _ = box_on_input(framing, (0, 0, 20, 40))
    assert right - left == 0


def test_a_box_never_reaches_into_the_padding():
    framing = framed(64, 32, SMALL, "pad")  # 32x16, with 8 rows of padding above and below
    assert box_on_input(framing, (0, 0, 64, 32)) == (0, 8, 32, 24)
    assert box_on_input(framing, (16, -9, 32, 99)) == (8, 8, 16, 24)


@pytest.mark.parametrize("shape", [(4, 4, 1), (3, 4), (3, 3)])
def test_a_map_of_another_size_than_the_framings_is_a_programming_mistake(shape):
    with pytest.raises(ValueError, match=r"values must be \(4, 4\)"):
        placed(np.zeros(shape, np.float32), Framing((4, 4), 4, (1, 1), (0, 0)), (4, 4))


def test_a_grid_without_cells_is_a_programming_mistake():
    with pytest.raises(ValueError, match="at least one by one"):
        placed(np.zeros((4, 4), np.float32), Framing((4, 4), 4, (1, 1), (0, 0)), (0, 4))
