"""The maps of a grid: their values, their extremes in words, and which scale each has."""

from dataclasses import replace

import numpy as np
import pytest

from core.images.framing import Framing
from core.ui.figure.columns import Column
from core.ui.figure.maps import Map, maps_of, references_of
from core.ui.figure.scales import scale_of
from core.view import View
from tests.ui.made import column, gradient

WAITING = Column("vgg19", "VGG-19", message="Waiting…")


def only(view, *colours):
    """The map of a gradient that is the same at every pixel, of these three colours."""
    even = np.stack([np.full((4, 4), value, np.float32) for value in colours])
    (shown,) = maps_of([column(maps={"vanilla": even})], ("vanilla",), view).values()
    return shown


@pytest.mark.parametrize(("has_sign", "said"), [(True, "−0.25 to 3"), (False, "max 3")])
def test_extremes_are_both_where_values_have_a_sign(has_sign, said):
    values = np.float32([[-0.25, 0], [3, 1]])
    assert Map(values, scale_of([values], clip=100, signed=True), has_sign).extremes == said


def test_only_what_was_answered_and_asked_for_has_a_map():
    refused = column("alexnet", maps={"vanilla": gradient()}, refused={"guided": "No rectifiers here."})
    found = maps_of([WAITING, refused, column("resnet18")], ("vanilla", "guided"), View())
    assert list(found) == [(1, "vanilla"), (2, "vanilla"), (2, "guided")]
    assert maps_of([WAITING], ("vanilla",), View()) == {}


def test_as_colours_the_scale_is_of_the_three_gradients_and_the_values_are_reduced():
    opposed = np.stack([np.full((4, 4), value, np.float32) for value in (-5, 3, 2)])
    (shown,) = maps_of(
        [column(maps={"vanilla": opposed})], ("vanilla",), View(show="channels", reduction="l2")
    ).values()
    assert (shown.scale.floor, shown.scale.ceiling) == (-5, 5)
    assert shown.values == pytest.approx(np.sqrt(38))
    assert not shown.has_sign


def test_a_sum_of_nothing_is_zero_and_not_faint():
    shown = only(View(reduction="sum"), -1, 1, 0)
    assert shown.extremes == "0 to 0"
    assert not shown.is_faint


def test_references_have_each_its_own_scale_whatever_the_others_share():
    view = View(scale="all", clip=100.0, reduction="sum", references=("random",))
    found = references_of([column("alexnet"), WAITING, column("vgg19")], view)
    assert list(found) == [(0, "random"), (2, "random")]
    for shown in found.values():
        assert (shown.scale.floor, shown.scale.ceiling) == (0, shown.values.max())


def coarse(view):
    """A grid of 2 x 2 places of a network whose input has 8 pixels a side."""
    grid = np.float32([[[0, 1], [2, 4]]])
    maps = {"vanilla": gradient(1.0, side=8), "gradcam": grid}
    (shown,) = maps_of([column(maps=maps)], ("gradcam",), view).values()
    return shown


def test_a_map_of_a_few_places_is_enlarged_and_says_how_many_they_were():
    smooth, cells = coarse(View()), coarse(View(coarse="cells"))
    assert smooth.grid == cells.grid == (2, 2)
    assert smooth.values.shape == cells.values.shape == (8, 8)
    assert cells.values[:4, :4].tolist() == [[0] * 4] * 4
    assert cells.values[4:, 4:].tolist() == [[4] * 4] * 4
    assert smooth.values[0].tolist() == [0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1]  # by hand: middles at 1.5 and 5.5
    assert (smooth.unit, smooth.has_sign) == ("logit", False)


def test_the_reduction_of_a_method_is_the_one_that_means_something():
    even = np.stack([np.full((4, 4), value, np.float32) for value in (-3.0, 1.0, 1.0)])
    maps = {"vanilla": even, "ig": even}
    plain, integrated = maps_of([column(maps=maps)], ("vanilla", "ig"), View()).values()
    assert (plain.values[0, 0], plain.has_sign, plain.symbol) == (3, False, "max |g|")
    assert (integrated.values[0, 0], integrated.has_sign, integrated.symbol) == (-1, True, "Σ IG")
    assert integrated.scale.signed
    assert not plain.scale.signed


def test_on_the_picture_extremes_and_scales_are_of_what_is_drawn_and_not_of_what_was_padded():
    values = np.zeros((3, 8, 8), np.float32)
    values[0, 0, 0], values[0, 3, 3], values[0, 5, 5] = -9, 2, -1  # the first in the padding above
    padded = column(maps={"vanilla": values}, framing=Framing((8, 4), 8, (1.0, 1.0), (0.0, -2.0)))
    view = View(reduction="sum", clip=100, references=("edges",))
    (whole,) = maps_of([padded], ("vanilla",), view).values()
    assert (whole.extremes, whole.scale.ceiling) == ("−9 to 2", 9)
    (drawn,) = maps_of([padded], ("vanilla",), replace(view, space="picture")).values()
    assert (drawn.extremes, drawn.scale.ceiling) == ("−1 to 2", 2)
    assert drawn.values.shape == (8, 8)
    for shown in references_of([padded], replace(view, space="picture")).values():
        assert shown.values[shown.drawn].shape == (4, 8)
