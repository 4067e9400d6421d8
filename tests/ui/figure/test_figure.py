"""The figure says what the maps say: axes, scales, values, captions."""

import base64
import html
import io
import itertools
import json
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest
from PIL import Image

from core.images.region import Region
from core.networks.graph.network import Coverage
from core.ui.figure.columns import Column
from core.ui.figure.figure import comparison_figure
from core.ui.figure.layout import GAP, lay_out
from core.ui.figure.photos import PIXELS
from core.ui.figure.quantise import Quantiser
from core.ui.figure.space import space_of
from core.values import Picture, Prediction
from core.view import View
from tests.ui.made import column, explained, gradient

ROOM = (1500, 944)
RULES = ("vanilla", "guided")
VIEW = View(clip=100.0)


def two():
    return [column("alexnet"), column("vgg19", maps={"vanilla": gradient(2.0, 16), "guided": gradient(8.0, 16)})]


def draw(columns, view, available=ROOM, picture=None, *, rules=RULES, present=False, **more):
    aspect = space_of(view, picture).aspect
    grid = lay_out(
        len(columns), rules, view.arrangement, available, references=view.references, aspect=aspect, presented=present
    )
    figure = comparison_figure(columns, view, grid, picture, **more)
    go.Figure(figure)  # validates, which the application has no time for
    return figure


def draw_two(available=ROOM, *, exact=False, present=False, drawn_on=False, **view):
    return draw(two(), replace(VIEW, **view), available, exact=exact, present=present, drawn_on=drawn_on)


def heatmaps(figure):
    return [trace for trace in figure.data if isinstance(trace, go.Heatmap)]


def decoded(heatmap):
    """The raw values of a map, as the page's script reads them."""
    law = json.loads(heatmap.meta)
    levels = 127 if heatmap.z.dtype == np.int8 else 255
    del law["label"]
    return Quantiser(**law, levels=levels).decode(heatmap.z)


def photos(figure):
    return [trace for trace in figure.data if isinstance(trace, go.Image)]


def colour_axes(figure):
    layout = figure.layout.to_plotly_json()
    return {name: axis for name, axis in layout.items() if name.startswith("coloraxis")}


def texts(figure):
    return [annotation.text for annotation in figure.layout.annotations]


def captions(figure):
    return [a.text for a in figure.layout.annotations if a.xanchor == "left" and a.yanchor == "top"]


def pixels(image):
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(image.source.split(",")[1]))))


def test_all_axes_move_together():
    layout = draw_two().layout.to_plotly_json()
    x = {name: axis for name, axis in layout.items() if name.startswith("xaxis")}
    y = {name: axis for name, axis in layout.items() if name.startswith("yaxis")}
    assert len(x) == 2
    assert len(y) == 3
    assert [axis.get("matches") for axis in x.values()] == [None, "x"]
    assert [axis.get("matches") for axis in y.values()] == [None, "y", "y"]
    assert all(axis["range"] == [0, 1] for axis in x.values())
    assert all(axis["range"] == [1, 0] for axis in y.values())  # row 0 is at the top


def test_maps_of_every_size_fill_the_same_square():
    figure = draw_two()
    assert {trace.z.shape for trace in heatmaps(figure)} == {(8, 8), (16, 16)}
    for trace in (trace for trace in figure.data if trace.type != "scatter"):
        side = trace.z.shape[0] if isinstance(trace, go.Heatmap) else len(pixels(trace))
        assert trace.x0 - trace.dx / 2 == pytest.approx(0)
        assert trace.x0 + (side - 0.5) * trace.dx == pytest.approx(1)
        assert (trace.y0, trace.dy) == (trace.x0, trace.dx)


def test_every_panel_stands_in_its_cell():
    shown = [trace for trace in draw_two().data if trace.type != "scatter"]  # which are for the colour bars
    places = [(trace.xaxis, trace.yaxis) for trace in shown]
    assert places == [(x, y) for y in ("y", "y2", "y3") for x in ("x", "x2")]


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
    assert [ceiling_of(trace) for trace in heatmaps(figure)] == pytest.approx(ceilings)


def ceiling_of(heatmap):
    """The raw value at which a panel's colours end; on the way to it codes go on as squares."""
    law = json.loads(heatmap.meta)
    return law["bend"] * (heatmap.zmax / law["knee"]) ** 2


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
        assert (other.zmin, other.zmax) == (0, pytest.approx(ceiling_of(one)))
        assert "%{z:" in other.hovertemplate


@pytest.mark.parametrize("show", ["map", "overlay", "channels"])
def test_hover_is_there_in_every_view(show):
    maps = heatmaps(draw_two(show=show))
    assert [decoded(trace).max() for trace in maps] == pytest.approx([1, 2, 4, 8])


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


@pytest.mark.parametrize(("reduction", "lowest"), [("max_abs", "0"), ("sum", "≤ -")])
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
    colours = colour_axes(figure)["coloraxis"]["colorscale"]
    assert colours[0][1].endswith(",0.000)")
    assert colours[-1][1].endswith(",0.600)")
    alphas = [float(colour.rstrip(")").split(",")[-1]) for _, colour in colours]
    assert alphas == sorted(alphas)


def test_a_signed_overlay_is_clear_in_the_middle():
    colours = colour_axes(draw_two(show="overlay", reduction="sum", opacity=1.0))["coloraxis"]["colorscale"]
    assert colours[len(colours) // 2][1].endswith(",0.000)")
    assert colours[0][1].endswith(",1.000)")
    assert colours[-1][1].endswith(",1.000)")


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


@pytest.mark.parametrize("available", [ROOM, (900, 700), (390, 700)])
def test_every_caption_says_what_the_panel_is(available):
    said = captions(draw_two(available))
    assert len(said) == 6
    assert all("8 × 8 px" in text or "16 × 16 px" in text for text in said[:2])
    assert all("saw 50 % of the picture" in text for text in said[:2])
    expected = [("vanilla", "max 1"), ("vanilla", "max 2"), ("guided", "max 4"), ("guided", "max 8")]
    for text, (rule, largest) in zip(said[2:], expected, strict=True):
        for part in (f"{rule}, max |g|", "tabby 38 %", largest, "33 of 33 rectifiers"):
            assert part in text


def test_a_caption_names_the_class_that_was_chosen():
    retriever = Prediction(207, "golden retriever", 1.0, 0.0001)
    said = captions(draw([column(target=retriever)], View()))
    assert all("golden retriever &lt;0.1 %" in text for text in said[1:])


def test_a_caption_says_where_guided_is_incomplete():
    some = Coverage(14, 33, (("Hardswish", 19), ("ReLU", 14)))
    said = captions(draw([column(coverage=some)], View()))
    assert all("14 of 33 activations" in text for text in said[1:])


@pytest.mark.parametrize("show", ["map", "overlay"])
def test_a_scale_of_ones_own_is_in_the_caption(show):
    said = captions(draw_two((900, 700), scale="panel", show=show))[2:]
    assert ["scale to" in text for text in said] == [True] * 4
    assert "max 4 · scale to 4" in said[2]
    assert not any("scale to" in text for text in captions(draw_two(scale="row")))


def test_as_colours_the_ceiling_is_in_the_caption():
    said = captions(draw_two(show="channels"))[2:]
    assert [("R G B" in text, "±2" in text, "±8" in text) for text in said] == [
        (True, True, False), (True, True, False), (True, False, True), (True, False, True),
    ]  # fmt: skip


LONG = Prediction(1, "Chesapeake Bay retriever", 1.0, 0.38)


@pytest.mark.parametrize("side", [176, 200, 229, 300, 400])
def test_a_long_class_name_never_costs_the_probability(side):
    assert _says_all(side, "38 %", "33 of 33 rectifiers")


@pytest.mark.parametrize("side", [230, 248, 270])
def test_a_long_class_name_never_costs_the_probability_in_panels_of_middle_size(side):
    assert _says_all(side, "38 %")


@pytest.mark.parametrize("side", [230, 248, 300])
def test_a_scale_of_ones_own_never_costs_the_coverage(side):
    assert _says_all(side, "33 of 33 rectifiers", scale="panel")


def _says_all(side, *parts, **view):
    grid = replace(lay_out(1, ("deconvnet",), "auto", ROOM), panel_width=side)
    shown = [column(target=LONG, maps={"deconvnet": gradient(0.012345)})]
    said = captions(comparison_figure(shown, View(**view), grid))[1]
    return all(part in said for part in parts)


@pytest.mark.parametrize(
    "message", ["Waiting…", "Not on this computer yet (244 MB)", "This network has no such class."]
)
def test_a_message_stands_in_the_place_of_what_is_not_there(message):
    figure = draw([column("alexnet"), Column("vgg19", "VGG-19", message=message)], VIEW)
    assert len(heatmaps(figure)) == 2
    inside = [a for a in figure.layout.annotations if a.text.replace("<br>", " ") == message]
    assert [(a.xref, a.yref) for a in inside] == [("x2 domain", f"{y} domain") for y in ("y", "y2", "y3")]
    assert [(a.x, a.y) for a in inside] == [(0.5, 0.5)] * 3
    assert len(figure.layout.shapes) == 3


def test_nothing_explained_yet_is_a_grid_of_messages():
    figure = draw([Column(name, name, message="Waiting…") for name in ("alexnet", "vgg19")], VIEW)
    assert {trace.type for trace in figure.data} == {"scatter"}
    assert all(trace.x == (None,) for trace in figure.data)
    assert colour_axes(figure) == {}
    assert texts(figure).count("Waiting…") == 6


def test_a_refused_rule_says_why_and_leaves_the_other():
    refused = column(maps={"vanilla": gradient()}, refused={"guided": "No rectifiers here."})
    figure = draw([refused], View())
    assert len(heatmaps(figure)) == 1
    assert "No rectifiers here." in texts(figure)


@pytest.mark.parametrize("show", ["map", "overlay", "channels"])
def test_one_that_is_missing_does_not_move_the_scale_of_the_others(show):
    alone = draw([column("alexnet"), Column("vgg19", "VGG-19", message="Waiting…")], replace(VIEW, show=show))
    one = draw([column("alexnet")], replace(VIEW, show=show, arrangement="columns"))
    ends, expected = ([axis["cmax"] for axis in colour_axes(figure).values()] for figure in (alone, one))
    assert ends == expected


EVIL = "<b onclick=x>&evil</b>"


@pytest.mark.parametrize("available", [ROOM, (900, 700)])
def test_names_and_messages_are_text_and_not_markup(available):
    target = Prediction(1, EVIL, 1.0, 0.5)
    shown = [column("alexnet", title=EVIL, target=target), Column("vgg19", EVIL, message=EVIL)]
    for text in texts(draw(shown, VIEW, available)):
        assert "<b onclick" not in text
        assert "&evil" not in text.replace("&amp;evil", "")


def test_the_headings_name_every_network_with_its_top_class_and_every_row():
    said = texts(draw([column("alexnet", title="AlexNet"), Column("vgg19", "VGG-19", message="Waiting…")], VIEW))
    heading = next(text for text in said if text.startswith("<b>AlexNet</b>"))
    assert "tabby 38 %" in heading
    assert any(text.startswith("<b>VGG-19</b>") for text in said)
    assert {"What it saw", "Vanilla gradient", "Guided backprop"} <= set(said)


def test_the_heading_has_the_networks_own_top_class_also_when_another_is_explained():
    retriever, tabby = Prediction(207, "golden retriever", 1.0, 0.01), Prediction(281, "tabby", 9.0, 0.38)
    figure = draw([column(target=retriever, top=(tabby,))], View())
    heading = next(text for text in texts(figure) if text.startswith("<b>Alexnet</b>"))
    assert "tabby 38 %" in heading
    assert "retriever" not in heading


@pytest.mark.parametrize(("available", "mode"), [(ROOM, "zoom"), ((390, 700), False)])
def test_on_a_phone_a_drag_is_left_to_the_page(available, mode):
    assert draw_two(available).layout.dragmode == mode


def test_the_figure_is_as_large_as_its_grid():
    grid = lay_out(2, RULES, "auto", ROOM)
    layout = draw_two().layout
    assert (layout.width, layout.height) == (grid.width, grid.height)
    assert layout.width - layout.margin.l - layout.margin.r == 2 * grid.panel_width + 10


def test_a_map_of_zeros_can_be_drawn():
    nothing = {"vanilla": np.zeros((3, 8, 8), np.float32), "guided": np.zeros((3, 8, 8), np.float32)}
    for show in ("map", "overlay", "channels"):
        figure = draw([column(maps=nothing)], View(show=show))
        assert all(not trace.z.any() for trace in heatmaps(figure))
    assert "max 0" in captions(draw([column(maps=nothing)], View()))[1]


def test_every_cell_has_a_trace_even_one_that_waits():
    # without a trace an axis does not exist, and its words would land on another panel
    figure = draw([column("alexnet"), Column("vgg19", "VGG-19", message="Waiting…")], VIEW)
    cells = {(trace.xaxis or "x", trace.yaxis or "y") for trace in figure.data}
    assert cells == {(x, y) for x in ("x", "x2") for y in ("y", "y2", "y3")}


def test_signed_maps_say_both_extremes():
    shown = column(maps={"vanilla": np.stack([np.full((8, 8), v, np.float32) for v in (-4, 1, 1)])})
    figure = draw([shown], View(reduction="sum"), rules=("vanilla",))
    assert any("-2 to -2" in text for text in captions(figure))


def test_a_panel_much_smaller_than_its_neighbour_keeps_its_raw_values():
    # both share one scale: with codes for all of it the smaller would be 0 nearly everywhere
    small, large = gradient(0.001), gradient(30.0)
    figure = draw([column("alexnet", maps={"vanilla": small}), column("vgg19", maps={"vanilla": large})], VIEW)
    np.testing.assert_allclose(decoded(heatmaps(figure)[0]), np.abs(small).max(0), rtol=0.01)


@pytest.mark.parametrize("space", ["input", "picture"])
@pytest.mark.parametrize("show", ["map", "overlay"])
def test_four_networks_under_two_rules_are_light_enough_for_a_meeting(show, space):
    # noise, which no photo compresses as badly as, under maps with heavy tails
    random = np.random.default_rng(0)
    names = ("alexnet", "vgg19", "resnet18", "resnet50")
    picture = photo_like(random, 448)
    columns = [
        column(
            name,
            maps={r: (random.standard_t(2, (3, 224, 224)) / 50).astype(np.float32) for r in ("vanilla", "guided")},
            seen=picture[:, 112:336],
        )
        for name in names
    ]
    assert len(draw(columns, View(show=show, space=space), picture=Picture(picture, "2" * 64)).to_json()) <= 700_000


def photo_like(random, width):
    """(224, width, 3): smooth colours and grain."""
    y, x = np.mgrid[:224, :width] / 224
    return np.clip(np.stack([x, y, 1 - x], -1) * 200 + random.normal(20, 6, (224, width, 1)), 0, 255).astype(np.uint8)


PICTURE = Picture(np.full((8, 16, 3), 90, np.uint8), "0" * 64)  # the middle half of which is seen
ON_PICTURE = replace(VIEW, space="picture")


def test_on_the_picture_a_map_lies_where_its_network_looked():
    figure = draw([column("alexnet"), column("vgg19")], ON_PICTURE, picture=PICTURE)
    for trace in heatmaps(figure):
        assert trace.x0 - trace.dx / 2 == pytest.approx(0.25)
        assert trace.x0 + 7.5 * trace.dx == pytest.approx(0.75)
        assert trace.y0 - trace.dy / 2 == pytest.approx(0)
        assert trace.y0 + 7.5 * trace.dy == pytest.approx(1)


@pytest.mark.parametrize(("show", "expected"), [("map", 2), ("overlay", 6), ("channels", 2)])
def test_on_the_picture_the_photo_is_all_of_it(show, expected):
    figure = draw([column("alexnet"), column("vgg19")], replace(ON_PICTURE, show=show), picture=PICTURE)
    whole = [image for image in photos(figure) if pixels(image).shape == (8, 16, 3)]
    assert len(whole) == expected
    for image in whole:
        assert (image.x0 - image.dx / 2, image.x0 + 15.5 * image.dx) == pytest.approx((0, 1))
        assert (image.y0 - image.dy / 2, image.y0 + 7.5 * image.dy) == pytest.approx((0, 1))


def test_photos_are_as_fine_as_leaves_the_figure_light():
    large = Picture(np.full((1000, 2000, 3), 90, np.uint8), "1" * 64)
    view = replace(ON_PICTURE, show="overlay")
    (height, width, _), *others = (pixels(photo).shape for photo in photos(draw([column()], view, picture=large)))
    assert len(others) == 2
    assert width == 2 * height
    assert 0.97 * PIXELS < 3 * width * height < 1.03 * PIXELS
    exact = draw([column()], view, picture=large, exact=True)
    assert 0.97 * PIXELS < pixels(photos(exact)[0])[..., 0].size < 1.03 * PIXELS


def test_on_the_picture_what_was_not_seen_is_hatched_and_said():
    figure = draw([column("alexnet"), column("vgg19")], ON_PICTURE, picture=PICTURE)
    hatched = [trace for trace in figure.data if trace.type == "scatter" and trace.fill == "toself"]
    assert len(hatched) == 6
    assert {x for x in hatched[0].x if x is not None} == {0, 0.25, 0.75, 1}
    assert all("saw 50 %, rest hatched" in said for said in captions(figure)[:2])
    assert not any("hatched" in said for said in captions(draw_two()))


def test_on_the_picture_panels_have_its_shape_and_square_pixels():
    figure = draw([column("alexnet"), column("vgg19")], ON_PICTURE, picture=PICTURE)
    layout = figure.layout
    assert {axis.scaleratio for axis in (layout.yaxis, layout.yaxis2, layout.yaxis3)} == {0.5}
    width = (layout.xaxis.domain[1] - layout.xaxis.domain[0]) * (layout.width - layout.margin.l - layout.margin.r)
    height = (layout.yaxis.domain[1] - layout.yaxis.domain[0]) * (layout.height - layout.margin.t - layout.margin.b)
    assert width / height == pytest.approx(2, rel=0.01)


def test_the_figure_says_what_its_axes_measure_and_where_zoom_begins():
    on_input, on_picture = (
        draw_two().layout,
        draw([column()], ON_PICTURE, picture=PICTURE).layout,
    )
    at, other = json.loads(on_input.meta), json.loads(on_picture.meta)
    assert at["home"] == [[0, 1], [1, 0]]
    assert at["space"] != other["space"]


def outlines(figure):
    return [shape for shape in figure.layout.shapes if shape.line.color == "#c3f53c"]


def test_a_region_is_drawn_on_every_panel_where_its_network_saw_it():
    region = Region(0.25, 0.25, 0.5, 0.75)  # of the picture: the left half of what was seen
    on_input = outlines(draw([column("alexnet"), column("vgg19")], replace(VIEW, region=region)))
    assert len({(shape.xref, shape.yref) for shape in on_input}) == 6
    assert [(s.x0, s.y0, s.x1, s.y1) for s in on_input] == [pytest.approx((0, 0.25, 0.5, 0.75))] * 6
    chosen = replace(ON_PICTURE, region=region)
    on_picture = outlines(draw([column("alexnet"), column("vgg19")], chosen, picture=PICTURE))
    assert [(s.x0, s.y0, s.x1, s.y1) for s in on_picture] == [(0.25, 0.25, 0.5, 0.75)] * 6


def test_a_region_that_was_not_seen_is_not_drawn_on_the_input():
    assert outlines(draw([column("alexnet")], View(region=Region(0, 0, 0.2, 1)))) == []


@pytest.mark.parametrize(("available", "mode"), [(ROOM, "select"), ((390, 700), False)])
def test_while_the_region_is_asked_about_a_drag_draws_it(available, mode):
    assert draw_two(available, drawn_on=True).layout.dragmode == mode


def test_references_know_no_network_and_share_no_scale():
    chosen = replace(VIEW, references=("edges", "random"), show="overlay", reduction="sum", scale="all")
    seen = np.zeros((8, 8, 3), np.uint8)
    seen[:, 4:] = 255
    figure = draw([column("alexnet", seen=seen), column("vgg19", seen=seen)], chosen)
    maps = heatmaps(figure)
    assert len(maps) == 8
    for trace in maps[4:]:
        assert trace.zmin == 0
        assert not any("rgba" in colour for _, colour in trace.colorscale)
    edges = decoded(maps[4])
    assert (edges[:, 3:5] > 0.5).all()
    assert not edges[:, :3].any()
    noise = [decoded(trace) for trace in maps[6:]]
    assert noise[0].any()
    assert not np.array_equal(*noise)
    assert len(colour_axes(figure)) == 1
    assert sum("no network, class or unit" in said for said in captions(figure)) == 4
    assert {"Edges (Sobel)", "Random noise"} <= set(texts(figure))


def test_for_a_presenter_captions_and_headings_are_larger():
    usual, large = (draw_two((1900, 1080), present=large).layout.annotations for large in (False, True))
    assert all(one.font.size < other.font.size for one, other in zip(usual, large, strict=True))


def test_a_presenters_captions_leave_out_what_headings_and_bars_say():
    _, _, vanilla, *_ = captions(draw_two((900, 1000), present=True))
    assert vanilla.split("<br>") == ["tabby 38 %", "max 1 · 33 of 33 rectifiers"]
    _, _, vanilla, *_ = captions(draw_two((900, 1000), present=True, scale="panel"))
    assert vanilla.split("<br>") == ["max |g| · tabby 38 %", "scale to 1 · 33 of 33 rectifiers"]
    _, _, vanilla, *_ = captions(draw_two((900, 1000), present=True, reduction="sum"))
    assert vanilla.split("<br>") == ["tabby 38 %", "-1 to 0.5 · 33 of 33 rectifiers"]


def test_where_bars_would_be_too_short_to_read_captions_say_where_scales_end():
    low = draw([column()], ON_PICTURE, (1000, 330), picture=PICTURE)
    assert colour_axes(low) == {}
    assert not any(trace.type == "scatter" and trace.marker.coloraxis for trace in low.data)
    assert ["scale to" in said for said in captions(low)[:3]] == [False, True, True]
    assert colour_axes(draw([column()], ON_PICTURE, (2400, 1100), picture=PICTURE))


def test_in_small_panels_two_extremes_and_a_scale_of_ones_own_are_on_lines_of_their_own():
    said = captions(draw_two((390, 700), reduction="sum", scale="panel"))[2:]
    assert said[0].split("<br>") == ["vanilla, Σ g · ±1", "tabby 38 %", "-1 to 0.5", "33 of 33 rectifiers"]


@pytest.mark.parametrize("present", [False, True])
@pytest.mark.parametrize("available", [(390, 700), (1250, 716), (1300, 1200), (1500, 1500), (1900, 1900)])
def test_no_line_of_a_caption_runs_into_the_next_panel(available, present):
    rules = ("vanilla", "guided", "deconvnet")
    maps = {rule: heavy_tailed(size) for rule, size in zip(rules, (2e-4, 1e-3, 7e-2), strict=True)}
    columns = [column(name, target=LONG, maps=maps) for name in ("alexnet", "vgg19")]
    looks = itertools.product(("map", "channels"), ("row", "panel"), ("max_abs", "sum", "l2"))
    for show, scale, reduction in looks:
        view = replace(VIEW, clip=99.0, references=("edges", "random"), show=show, scale=scale, reduction=reduction)
        figure = draw(columns, view, available, rules=rules, present=present)
        panel = width_of(figure.layout.xaxis, figure.layout)
        letters = {len(html.unescape(line)) for text in captions(figure) for line in text.split("<br>")}
        size = next(a.font.size for a in figure.layout.annotations if a.yanchor == "top")
        assert max(letters) <= round((panel + GAP) / (0.525 * size))


def heavy_tailed(size):
    """Gradients whose extremes have as many digits as real ones."""
    return (np.random.default_rng(0).standard_t(2, size=(3, 16, 16)) * size).astype(np.float32)


def width_of(axis, layout):
    return (axis.domain[1] - axis.domain[0]) * (layout.width - layout.margin.l - layout.margin.r)


def test_plotly_can_tell_a_copy_of_a_figure_from_another_one():
    def as_sent(figure):
        return json.loads(figure.to_json())["layout"]

    one, copy = as_sent(draw_two()), as_sent(draw_two())
    assert one == copy
    assert one["template"] is None
    turned = {rule: gradient()[:, ::-1] for rule in ("vanilla", "guided")}
    others = [column("alexnet", maps=turned), two()[1]]
    other = as_sent(draw(others, VIEW))
    assert other["datarevision"] != one["datarevision"]
    signed = as_sent(draw_two(reduction="sum"))
    assert signed["datarevision"] != one["datarevision"]
