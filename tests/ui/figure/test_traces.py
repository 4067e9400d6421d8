"""What is drawn in one cell: raw values that can be read, and colours that mean them."""

import numpy as np
import pytest

from core.ui.figure.photos import Photo
from core.ui.figure.scales import Scale
from core.ui.figure.traces import hatched, outlined, photo, rgb_of
from core.ui.palette import DARK, LIME
from core.view import View
from tests.ui.figure.drawing import VIEW, ceiling_of, colour_axes, decoded, draw, draw_two, heatmaps, photos, pixels
from tests.ui.made import column, explained, gradient


@pytest.mark.parametrize("reduction", ["max_abs", "l2", "sum", "max"])
def test_hover_gives_the_raw_value_back(reduction):
    explanation = explained()
    chosen = View(reduction=reduction)
    coded, exact = (heatmaps(draw([column()], chosen, exact=exact)) for exact in (False, True))
    for rule, trace, whole in zip(("vanilla", "guided"), coded, exact, strict=True):
        attribution = explanation.attributions[rule].astype(np.float64)
        by_hand = {
            "max_abs": np.abs(attribution).max(0), "l2": np.sqrt((attribution**2).sum(0)),
            "sum": attribution.sum(0), "max": attribution.max(0),
        }[reduction]  # fmt: skip
        assert trace.z.dtype == (np.int8 if reduction in ("sum", "max") else np.uint8)
        np.testing.assert_allclose(decoded(trace), by_hand, rtol=0.02)
        np.testing.assert_allclose(whole.z, by_hand, rtol=1e-6)


def test_without_the_script_hover_says_what_a_level_is():
    for trace, largest in zip(heatmaps(draw_two()), (1, 2, 4, 8), strict=True):
        assert trace.hovertemplate == f"max |g|: level %{{z}}; level 255 is {largest}<extra></extra>"
        assert trace.z.max() == 255


def test_a_file_without_the_script_has_exact_values_and_the_same_colours():
    coded, exact = (heatmaps(draw_two(clip=100.0, reduction="l2", exact=exact)) for exact in (False, True))
    for one, other in zip(coded, exact, strict=True):
        assert other.z.dtype == np.float32
        assert other.meta is None
        assert (other.zmin, other.zmax) == (0, pytest.approx(ceiling_of(one), rel=0.01))
        assert "%{z:" in other.hovertemplate


def test_a_panel_much_smaller_than_its_neighbour_keeps_its_raw_values():
    # both share one scale: with codes for all of it the smaller would be 0 nearly everywhere
    small, large = gradient(0.001), gradient(30.0)
    figure = draw([column("alexnet", maps={"vanilla": small}), column("vgg19", maps={"vanilla": large})], VIEW)
    np.testing.assert_allclose(decoded(heatmaps(figure)[0]), np.abs(small).max(0), rtol=0.01)


def test_as_colours_no_gradient_is_exactly_grey():
    figure = draw([column()], View(show="channels", clip=100.0))
    _, vanilla, _ = (pixels(image) for image in photos(figure))
    attribution = gradient().transpose(1, 2, 0)
    assert set(vanilla[attribution == 0].tolist()) in ({127}, {128})
    assert vanilla[1, 2, 0] == 0  # minus the ceiling
    assert 128 < vanilla[3, 4, 1] < 255
    assert colour_axes(figure) == {}


def test_as_colours_the_full_scale_is_a_full_colour():
    view = View(show="channels", scale="all", clip=100.0)
    figure = draw([column(maps={"vanilla": -gradient(), "guided": gradient()})], view)
    _, up, down = (pixels(image) for image in photos(figure))
    assert (up[1, 2, 0], down[1, 2, 0]) == (255, 0)


AXES = {"xaxis": "x2", "yaxis": "y3"}


def test_a_photo_fills_the_panel_from_edge_to_edge():
    drawn = photo(Photo("data:", (4, 2)), AXES)
    assert (drawn["x0"] - drawn["dx"] / 2, drawn["x0"] + 3.5 * drawn["dx"]) == (0, 1)
    assert (drawn["y0"] - drawn["dy"] / 2, drawn["y0"] + 1.5 * drawn["dy"]) == (0, 1)


def test_gradients_beyond_the_scale_are_full_colours_and_do_not_wrap():
    beyond = np.float32([-9, 0, 9]).reshape(3, 1, 1)
    assert rgb_of(beyond, Scale(3.0, signed=True, clipped=0.5)).tolist() == [[[0, 128, 255]]]


def test_hatched_boxes_are_closed_and_apart():
    drawn = hatched([(0, 0, 0.25, 1), (0.75, 0, 1, 1)], AXES, over_photo=False)
    assert drawn["x"] == [0, 0.25, 0.25, 0, 0, None, 0.75, 1, 1, 0.75, 0.75, None]
    assert drawn["y"] == [0, 0, 1, 1, 0, None] * 2


def test_hatching_dims_a_photo_more_than_nothing():
    grounds = [hatched([], AXES, over_photo=over)["fillpattern"]["bgcolor"] for over in (False, True)]
    bare, dimmed = (float(ground.rstrip(")").split(",")[-1]) for ground in grounds)
    assert bare < dimmed < 1


def test_an_outline_is_lime_over_a_wider_dark_one():
    under, over = outlined((0.1, 0.2, 0.3, 0.4), AXES)
    assert (under["line"]["color"], over["line"]["color"]) == (DARK, LIME)
    assert under["line"]["width"] > over["line"]["width"]
    for shape in (under, over):
        assert [shape[key] for key in ("x0", "y0", "x1", "y1", "xref", "yref")] == [0.1, 0.2, 0.3, 0.4, "x2", "y3"]
