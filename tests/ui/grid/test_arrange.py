"""Whether predictions stand beside the grid, or below."""

from functools import partial

import pytest

from core.ui.figure.layout import lay_out
from core.ui.grid.arrange import _BESIDE, arranged_beside

LAPTOP, WIDE, PHONE = (1030, 764), (1560, 944), (360, 700)


def arranged(count, available):
    return arranged_beside(partial(lay_out, count, ("vanilla", "guided"), "auto"), available)


@pytest.mark.parametrize(("count", "available"), [(2, LAPTOP), (2, WIDE), (4, WIDE)])
def test_predictions_stand_beside_a_grid_that_is_as_high_as_the_window(count, available):
    grid, beside = arranged(count, available)
    assert beside
    assert grid.width + _BESIDE < available[0]


@pytest.mark.parametrize(("available", "swiped"), [((896, 764), False), (LAPTOP, False), (PHONE, True)])
def test_a_grid_is_swiped_through_on_a_small_screen_alone_and_not_beside_predictions(available, swiped):
    grid, _ = arranged(2, available)
    assert grid.swiped == swiped


@pytest.mark.parametrize(("count", "available"), [(1, LAPTOP), (1, WIDE), (4, LAPTOP), (1, PHONE), (4, PHONE)])
def test_they_stand_below_a_grid_that_needs_the_width(count, available):
    grid, beside = arranged(count, available)
    assert not beside
    assert grid == lay_out(count, ("vanilla", "guided"), "auto", available)
