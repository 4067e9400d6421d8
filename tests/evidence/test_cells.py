"""Cells: their means, their order, and copies that keep all of a map but its place."""

import numpy as np
import pytest

from core.evidence.cells import cells_of, first_cells, moved_copies, ranked

RANDOM = np.random.default_rng(3).standard_normal((14, 14))


def test_a_cell_is_the_mean_of_its_pixels():
    values = np.arange(96 * 112, dtype=np.float32).reshape(96, 112)
    expected = [[values[y : y + 16, x : x + 16].mean(dtype=float) for x in range(0, 112, 16)] for y in range(0, 96, 16)]
    np.testing.assert_allclose(cells_of(values), expected, rtol=1e-12)


@pytest.mark.parametrize(("side", "count"), [(224, 14), (240, 15), (260, 16), (299, 19), (32, 6), (5, 5)])
def test_cells_are_of_about_sixteen_pixels_and_none_is_left_out(side, count):
    values = np.random.default_rng(side).random((side, side))
    cells = cells_of(values)
    assert cells.shape == (count, count)
    covered = first_cells(np.arange(count * count), side, side, [step / 10 for step in range(1, 10)])
    sizes = [int(mask.sum()) for mask in covered]
    assert sizes == sorted(sizes)
    ones = cells_of(np.ones((side, side)))
    np.testing.assert_allclose(ones, 1, rtol=1e-12)


def test_cells_come_from_the_strongest_to_the_weakest():
    order = ranked(RANDOM)
    assert sorted(order) == list(range(196))
    assert (np.diff(RANDOM.ravel()[order]) <= 0).all()


def test_ties_come_at_random_and_not_row_by_row():
    flat = np.zeros((14, 14))
    order = ranked(flat)
    assert abs(np.corrcoef(order, np.arange(196))[0, 1]) < 0.2
    assert (order == ranked(flat)).all()
    assert (order != ranked(flat, seed=1)).any()


def test_the_first_cells_are_pixels():
    cells = np.zeros((6, 7))
    cells[1, 2], cells[0, 0] = 2, 1
    masks = first_cells(ranked(cells), 96, 112, [2 / 42, 4 / 42]).numpy()
    assert masks.shape == (2, 96, 112)
    expected = np.zeros((96, 112), bool)
    expected[16:32, 32:48] = expected[:16, :16] = True
    assert (masks[0] == expected).all()
    assert masks[1].sum() == 4 * 256


@pytest.mark.parametrize("side", [28, 32, 64, 96, 160, 224])
def test_tenths_are_tenths_of_small_pictures_too(side):
    cells = cells_of(np.random.default_rng(side).random((side, side)))
    tenths = [step / 10 for step in range(1, 10)]
    shares = first_cells(ranked(cells), side, side, tenths).double().mean((1, 2)).numpy()
    np.testing.assert_allclose(shares, tenths, atol=0.03)


def test_moved_copies_keep_all_values_and_none_is_in_its_place():
    copies = moved_copies(RANDOM, 19)
    assert len({copy.tobytes() for copy in [RANDOM, *copies]}) == 20
    for copy in copies:
        assert (np.sort(copy, None) == np.sort(RANDOM, None)).all()


def test_moved_copies_keep_neighbours():
    cells = np.zeros((14, 14))
    cells[3:5, 6:8] = 1  # a clump, round the edges too
    around = [sum(np.roll(copy, 1, axis)[copy > 0].sum() for axis in (0, 1)) for copy in moved_copies(cells, 19)]
    assert around == [4.0] * 19


def test_a_map_that_is_not_square_is_moved_too():
    copies = moved_copies(RANDOM[:10], 19)
    assert {copy.shape for copy in copies} == {(10, 14)}


def test_of_few_cells_no_copy_is_the_map_itself_or_another_one_again():
    cells = np.arange(4.0).reshape(2, 2)
    copies = moved_copies(cells, 19)
    assert len({copy.tobytes() for copy in [cells, *copies]}) == len(copies) + 1 == 8
    assert moved_copies(np.ones((1, 1)), 19) == []
