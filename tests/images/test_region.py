"""Region: a box in shares of the picture, drawn by hand, read from an address, rounded to pixels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.images.region import Region

SHARES = st.floats(0, 1, allow_nan=False)
SIZES = st.tuples(st.integers(1, 5000), st.integers(1, 5000))


@given(SHARES, SHARES, SHARES, SHARES, SIZES)
def test_a_region_survives_its_own_text_and_has_at_least_one_pixel(x0, y0, x1, y1, size):
    region = Region.between((x0, y0), (x1, y1))
    if region is None:
        assert min(abs(x1 - x0), abs(y1 - y0)) <= 1e-4
        return
    assert Region.parse(str(region)) == region
    left, top, right, bottom = region.pixels(size)
    assert 0 <= left < right <= size[0]
    assert 0 <= top < bottom <= size[1]


def test_the_text_is_short():
    assert str(Region(0.12, 0.3, 0.5, 0.62)) == "0.12,0.3,0.5,0.62"
    assert str(Region(0, 0, 1 / 3, 1)) == "0,0,0.3333,1"


@pytest.mark.parametrize(
    "text",
    ["", "0.1", "0.1,0.2,0.3", "0,0,1,1,1", "0.5,0,0.5,1", "0.6,0,0.5,1", "0,0,1,1.01", "-0.1,0,1,1", "nan,0,1,1",
     "0,0,inf,1", "a,b,c,d", "0,0,1e400,1", "0,0,0.00001,1", "0,0,1,1;0,0,1,1", "0," * 10_000],
)  # fmt: skip
def test_nonsense_in_an_address_is_no_region(text):
    assert Region.parse(text) is None


@pytest.mark.parametrize("box", [(0, 0, 0, 1), (0.5, 0, 0.4, 1), (0, 0.2, 1, 0.2), (-0.1, 0, 1, 1), (0, 0, 1, 1.1)])
def test_a_box_that_is_empty_or_outside_is_a_programming_mistake(box):
    with pytest.raises(ValueError, match="a region must lie in the picture and not be empty"):
        Region(*box)


def test_a_box_drawn_from_any_corner_beyond_the_edge_is_what_lies_in_the_picture():
    assert Region.between((0.5, 1.4), (-0.2, 0.25)) == Region(0, 0.25, 0.5, 1)
    assert Region.between((1.2, 0.1), (1.4, 0.5)) is None


def test_edges_are_rounded_to_whole_pixels():
    assert Region(0.26, 0.24, 0.76, 1).pixels((10, 10)) == (3, 2, 8, 10)
    assert Region(0.96, 0.41, 0.99, 0.43).pixels((10, 10)) == (9, 4, 10, 5)  # less than a pixel is one pixel
    assert Region(0.25, 0, 0.75, 1).box((10, 6)) == (2.5, 0, 7.5, 6)
