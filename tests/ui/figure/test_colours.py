"""The colours of maps, and the bars that say what they are worth."""

import numpy as np
import plotly.graph_objects as go
import pytest

from core.ui.figure.colours import Colouring, colour_axis, colouring_of
from core.ui.figure.maps import Map
from core.ui.figure.scales import Scale
from core.view import View
from tests.ui.figure.drawing import (
    ON_PICTURE,
    PICTURE,
    RULES,
    captions,
    ceiling_of,
    colour_axes,
    draw,
    draw_two,
    heatmaps,
)
from tests.ui.made import column, gradient


@pytest.mark.parametrize(
    ("scale", "bars", "ceilings"),
    [("row", [2, 8], [2, 2, 8, 8]), ("all", [8], [8] * 4), ("panel", [], [1, 2, 4, 8])],
)
def test_panels_that_share_a_scale_have_the_same_ceiling_and_one_bar(scale, bars, ceilings):
    figure = draw_two(scale=scale)
    axes = colour_axes(figure)
    assert [(axis["cmin"], axis["cmax"]) for axis in axes.values()] == [(0, bar) for bar in bars]
    users = {trace.marker.coloraxis for trace in figure.data if trace.type == "scatter"}
    assert users == set(axes)  # a colour axis that nobody uses would have no bar
    assert [ceiling_of(trace) for trace in heatmaps(figure)] == pytest.approx(ceilings, rel=0.01)


@pytest.mark.parametrize("arrangement", ["columns", "rows"])
@pytest.mark.parametrize(("scale", "bars"), [("row", 2), ("all", 1), ("panel", 0)])
def test_a_shared_scale_has_one_bar_and_an_own_scale_none(arrangement, scale, bars):
    axes = colour_axes(draw_two(scale=scale, arrangement=arrangement))
    assert len(axes) == bars
    assert all("logit / σ" in axis["colorbar"]["title"]["text"] for axis in axes.values())
    assert not any(trace.showscale for trace in heatmaps(draw_two(scale=scale, arrangement=arrangement)))


def test_bars_of_two_gradients_do_not_overlap():
    for arrangement in ("columns", "rows"):
        axes = colour_axes(draw_two(arrangement=arrangement)).values()
        spans = sorted((axis["colorbar"]["y"], axis["colorbar"]["y"] + axis["colorbar"]["len"]) for axis in axes)
        assert 0 <= spans[0][0] < spans[0][1] <= spans[1][0] < spans[1][1] <= 1


def test_ticks_are_where_their_values_are():
    bar = colour_axes(draw_two())["coloraxis2"]["colorbar"]
    said = [float(text) for text in bar["ticktext"]]
    assert list(bar["tickvals"]) == pytest.approx(said, rel=0.01)
    assert said[-1] == 8


def test_where_bars_would_be_too_short_to_read_captions_say_where_scales_end():
    low = draw([column()], ON_PICTURE, (1000, 330), picture=PICTURE)
    assert colour_axes(low) == {}
    assert not any(trace.type == "scatter" and trace.marker.coloraxis for trace in low.data)
    assert ["scale to" in said for said in captions(low)[:3]] == [False, True, True]
    assert colour_axes(draw([column()], ON_PICTURE, (2400, 1100), picture=PICTURE))


@pytest.mark.parametrize("reduction", ["sum", "max"])
@pytest.mark.parametrize("clip", [95.0, 100.0])
def test_signed_values_diverge_from_zero(reduction, clip):
    axes = colour_axes(draw_two(reduction=reduction, clip=clip))
    for axis in axes.values():
        assert axis["cmin"] == -axis["cmax"] < 0
        assert len(axis["colorscale"]) % 2 == 1
        assert list(axis["colorscale"][len(axis["colorscale"]) // 2]) == [0.5, "rgb(247,247,247)"]
    assert axes["coloraxis"]["colorscale"][0][1] == "rgb(5,48,97)"  # blue below
    assert axes["coloraxis"]["colorscale"][-1][1] == "rgb(103,0,31)"  # red above


RAMP = np.linspace(-1, 1, 192, dtype=np.float32).reshape(3, 8, 8)


@pytest.mark.parametrize(("reduction", "lowest"), [("max_abs", "0"), ("sum", "≤ −")])
def test_what_lies_beyond_the_scale_is_said(reduction, lowest):
    maps = {"vanilla": RAMP, "guided": np.ones((3, 8, 8), np.float32)}
    figure = draw([column(maps=maps)], View(reduction=reduction, clip=95.0))
    clipped, whole = (axis["colorbar"]["ticktext"] for axis in colour_axes(figure).values())
    assert clipped[0].startswith(lowest)
    assert clipped[-1].startswith("≥ ")
    assert not any("≥" in text or "≤" in text for text in whole)


def test_an_overlay_is_clear_where_the_map_is_zero():
    figure = draw_two(show="overlay", opacity=0.6)
    for trace in heatmaps(figure):
        under = figure.data[[each is trace for each in figure.data].index(True) - 1]
        assert isinstance(under, go.Image)
        assert (under.xaxis, under.yaxis) == (trace.xaxis, trace.yaxis)
        assert trace.opacity == 0.6
    colours = colour_axes(figure)["coloraxis"]["colorscale"]
    assert colours[0][1].endswith(",0.000)")
    assert colours[-1][1].endswith(",1.000)")
    alphas = [float(colour.rstrip(")").split(",")[-1]) for _, colour in colours]
    assert alphas == sorted(alphas)


def test_a_signed_overlay_is_clear_in_the_middle():
    colours = colour_axes(draw_two(show="overlay", reduction="sum", opacity=1.0))["coloraxis"]["colorscale"]
    assert colours[len(colours) // 2][1].endswith(",0.000)")
    assert colours[0][1].endswith(",1.000)")
    assert colours[-1][1].endswith(",1.000)")


@pytest.mark.parametrize(
    ("scale", "names"),
    [
        ("all", ["coloraxis"] * 4),
        ("row", ["coloraxis", "coloraxis2"] * 2),
        ("panel", ["coloraxis", "coloraxis2", "coloraxis3", "coloraxis4"]),
    ],
)
def test_panels_have_one_colour_axis_where_they_share_a_scale(scale, names):
    panels = [(place, rule) for place in (0, 1) for rule in RULES]
    assert [colour_axis(panel, RULES, View(scale=scale)) for panel in panels] == names


@pytest.mark.parametrize(
    ("view", "colouring"),
    [
        (View(colours="hot"), Colouring("hot", False)),
        (View(colours="hot", opacity=0.5), Colouring("hot", False)),  # which is of overlays alone
        (View(colours="hot", show="overlay", opacity=0.5), Colouring("hot", False, fading=True)),
        (View(colours="hot", reduction="sum"), Colouring("RdBu_r", True)),
    ],
)
def test_chosen_colours_are_those_of_maps_without_a_sign(view, colouring):
    shown = Map(np.ones((2, 2), np.float32), Scale(1, view.is_signed, 0), has_sign=view.is_signed)
    assert colouring_of(shown, view) == colouring


def test_a_bar_of_methods_of_one_unit_does_not_name_the_values_of_one_of_them():
    rules = ("smoothsq:10", "vargrad:10")
    columns = [column(maps=dict.fromkeys(rules, gradient()))]
    titles = {
        scale: [
            axis["colorbar"]["title"]["text"]
            for axis in colour_axes(draw(columns, View(scale=scale), rules=rules)).values()
        ]
        for scale in ("row", "all")
    }
    assert len(titles["row"]) == 2
    assert all(text.count("<br>") == 2 and ", " in text for text in titles["row"])
    assert titles["all"] == ["all<br>(logit / σ)²<br>⠀"]
