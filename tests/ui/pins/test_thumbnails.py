"""Thumbnails: the first maps, in the colours of the grid."""

import io

import numpy as np
import pytest
from PIL import Image

from core.ui.figure.columns import Column
from core.ui.pins.thumbnails import SIDE, thumbnail
from core.view import View
from tests.ui.made import column, gradient

CHOSEN = View(clip=100.0)


def tiles(columns, view, rules=("vanilla", "guided")):
    """(3, side, side, 4): the three panels of a thumbnail."""
    strip = np.array(Image.open(io.BytesIO(thumbnail(columns, rules, view))).convert("RGBA"))
    side = strip.shape[0]
    assert side == 2 * SIDE
    return [strip[:, start : start + side] for start in (0, side + 4, 2 * (side + 4))]


def at(tile, row, column, cells=8):
    """The colour in the middle of a cell of the map."""
    step = tile.shape[0] / cells
    return tuple(int(channel) for channel in tile[int((row + 0.5) * step), int((column + 0.5) * step), :3])


def test_what_was_seen_comes_first_and_then_the_maps_in_the_colours_chosen():
    seen, vanilla, guided = tiles([column()], CHOSEN)
    assert at(seen, 0, 0) == (200, 200, 200)
    assert at(vanilla, 7, 7) == at(guided, 7, 7) == (0, 34, 78)  # the low end of Cividis
    high = np.array(at(vanilla, 1, 2)).astype(int)
    assert np.abs(high - (254, 232, 56)).max() < 30  # its high end, blurred a little by the enlarging


def test_signed_values_are_white_at_nothing_and_blue_below():
    _, vanilla, _ = tiles([column()], View(reduction="sum", clip=100.0))
    assert min(at(vanilla, 7, 7)) > 240
    red, _, blue = at(vanilla, 1, 2)
    assert blue > red


def test_an_overlay_leaves_the_photo_where_the_map_is_nothing():
    _, vanilla, _ = tiles([column()], View(show="overlay", clip=100.0))
    assert at(vanilla, 7, 7) == (200, 200, 200)
    assert at(vanilla, 1, 2) != (200, 200, 200)


def test_rgb_gradients_are_grey_at_nothing():
    _, vanilla, _ = tiles([column()], View(show="channels", clip=100.0))
    assert at(vanilla, 7, 7) == (128, 128, 128)
    red, green, blue = at(vanilla, 1, 2)  # negative in red
    assert red < 30
    assert green == blue == 128


@pytest.mark.parametrize("columns", [[], [Column("alexnet", "AlexNet", message="Waiting…")]])
def test_what_is_not_there_is_grey(columns):
    assert [at(tile, 4, 4) for tile in tiles(columns, CHOSEN)] == [(138, 138, 132)] * 3


def test_networks_of_other_sizes_and_maps_of_zeros_are_drawn():
    small = column("alexnet", maps={"vanilla": np.zeros((3, 4, 4), np.float32)})
    large = column("vgg19", maps={"vanilla": gradient(side=16)})
    _, first, second = tiles([small, large], CHOSEN, ("vanilla",))
    assert at(first, 4, 4) == (0, 34, 78)
    assert at(second, 1, 2, cells=16) != (0, 34, 78)
