"""Maps lie where their network looked, on its input and on the picture."""

import numpy as np
import pytest

from core.images.framing import FITS, Framing, frame
from core.images.placing import placed
from core.images.region import Region
from core.ui.figure.space import Space, space_of
from core.values import Picture, Recipe
from core.view import View

SIZES = [(300, 200), (200, 300), (64, 64), (900, 60), (37, 501)]
INPUT = Space(None)


def picture_of(size):
    return Picture(np.zeros((size[1], size[0], 3), np.uint8), "0" * 64)


def framing_of(size, fit, side=48):
    recipe = Recipe(side * 8 // 7, side, "bilinear", (0.5,) * 3, (0.5,) * 3)
    return frame(picture_of(size), recipe, fit)[1]


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize("size", SIZES)
def test_a_map_on_the_picture_has_at_every_place_what_placing_has(size, fit):
    framing = framing_of(size, fit)
    values = np.arange(48 * 48, dtype=np.float32).reshape(48, 48)
    fine = (1009, 1013)  # finer than the input, and a centre lies between two of its pixels at most in the middle
    expected = placed(values, framing, fine)
    cells = Space(size).cells(framing)
    found = np.full(expected.shape, np.nan, np.float32)
    columns, rows = _hit(cells.x0, cells.dx, fine[0]), _hit(cells.y0, cells.dy, fine[1])
    drawn = values[cells.rows, cells.columns]
    across, down = (columns >= 0) & (columns < drawn.shape[1]), (rows >= 0) & (rows < drawn.shape[0])
    found[np.ix_(down, across)] = drawn[np.ix_(rows[down], columns[across])]
    keep = np.ix_(np.arange(fine[1]) != 506, np.arange(fine[0]) != 504)
    np.testing.assert_array_equal(found[keep], expected[keep])


def _hit(start, step, count):
    """The cells in which evenly spaced places lie, as Plotly finds them."""
    return np.floor(((np.arange(count) + 0.5) / count - start) / step + 0.5).astype(int)


def test_what_was_padded_is_not_drawn():
    cells = Space((300, 200)).cells(framing_of((300, 200), "pad"))
    assert cells.columns == slice(0, 48)
    assert (cells.rows.start, cells.rows.stop) == (8, 40)
    assert cells.x0 - cells.dx / 2 == pytest.approx(0)
    assert cells.y0 - cells.dy / 2 == pytest.approx(0)
    assert cells.y0 + 31.5 * cells.dy == pytest.approx(1)


@pytest.mark.parametrize("fit", FITS)
def test_on_its_own_input_a_map_fills_the_panel(fit):
    cells = INPUT.cells(framing_of((300, 200), fit))
    assert (cells.rows, cells.columns) == (slice(0, 48), slice(0, 48))
    assert (cells.x0, cells.dx) == (cells.y0, cells.dy) == (0.5 / 48, 1 / 48)


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize("size", SIZES)
def test_seen_and_unseen_are_all_of_the_picture(size, fit):
    framing = framing_of(size, fit)
    unseen = sum((right - left) * (bottom - top) for left, top, right, bottom in Space(size).unseen(framing))
    assert unseen + framing.seen_share == pytest.approx(1)
    assert INPUT.unseen(framing) == []


MIDDLE = Framing((200, 100), 100, (1.0, 1.0), (50.0, 0.0))  # saw the middle half


def test_a_box_drawn_on_the_input_is_a_region_of_the_picture():
    assert INPUT.region(MIDDLE, (0, 0), (1, 1)) == Region(0.25, 0, 0.75, 1)
    assert INPUT.region(MIDDLE, (0.8, 0.5), (0.2, 0.1)) == Region(0.35, 0.1, 0.65, 0.5)


def test_a_box_drawn_on_the_picture_is_the_region():
    assert Space((200, 100)).region(MIDDLE, (0.9, 0.8), (0.1, -0.2)) == Region(0.1, 0, 0.9, 0.8)
    assert Space((200, 100)).region(MIDDLE, (1.2, 0), (1.4, 1)) is None


def test_a_region_is_drawn_where_it_was_seen():
    assert INPUT.box(MIDDLE, Region(0.35, 0.1, 0.65, 0.5)) == pytest.approx((0.2, 0.1, 0.8, 0.5))
    assert INPUT.box(MIDDLE, Region(0, 0, 0.5, 1)) == pytest.approx((0, 0, 0.5, 1))  # the rest was not seen
    assert INPUT.box(MIDDLE, Region(0, 0, 0.2, 1)) is None
    assert Space((200, 100)).box(MIDDLE, Region(0, 0, 0.2, 1)) == (0, 0, 0.2, 1)


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize("ground", [INPUT, Space((300, 200))])
def test_a_region_comes_back_from_its_own_box(fit, ground):
    framing, region = framing_of((300, 200), fit), Region(0.4, 0.45, 0.6, 0.55)
    box = ground.box(framing, region)
    assert ground.region(framing, box[:2], box[2:]) == region


@pytest.mark.parametrize(
    ("size", "aspect"), [((300, 200), 1.5), ((200, 300), 2 / 3), ((900, 60), 2.5), ((60, 900), 0.4)]
)
def test_panels_have_the_shape_of_the_picture_within_limits(size, aspect):
    ground = Space(size)
    assert ground.aspect == pytest.approx(aspect)
    width, height = round(300 * aspect), 300
    (left, right), (bottom, top) = ground.ranges((width, height))
    across, down = width / (right - left), height / (bottom - top)  # px to the whole picture
    assert across / down == pytest.approx(size[0] / size[1])
    assert min(right - left, bottom - top) == pytest.approx(1)  # it fills the panel one way
    assert left + right == bottom + top == pytest.approx(1)
    assert ground.ratio == pytest.approx(down / across)


def test_inputs_are_square():
    assert (INPUT.aspect, INPUT.ratio) == (1, 1)
    assert INPUT.ranges((230, 230)) == ((0, 1), (1, 0))


def test_without_a_picture_maps_lie_on_the_input():
    chosen, picture = View(space="picture"), picture_of((300, 200))
    assert space_of(chosen, None) == space_of(View(), picture) == INPUT
    assert space_of(chosen, picture) == Space((300, 200))


def test_only_the_same_coordinates_have_the_same_name():
    assert len({INPUT.name, Space((300, 200)).name, Space((200, 300)).name}) == 3
    assert Space((300, 200)).name == Space((300, 200)).name
