"""The figure says what the maps say: axes, scales, values, captions."""

import json
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest

from core.images.region import Region
from core.ui.figure.columns import Column
from core.ui.figure.figure import comparison
from core.ui.figure.layout import lay_out
from core.ui.figure.photos import PIXELS
from core.values import Picture
from core.view import View
from tests.ui.figure.drawing import (
    ON_PICTURE,
    PICTURE,
    ROOM,
    RULES,
    VIEW,
    captions,
    colour_axes,
    decoded,
    draw,
    draw_two,
    heatmaps,
    photos,
    pixels,
    texts,
    two,
)
from tests.ui.made import column, gradient


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


@pytest.mark.parametrize("show", ["map", "overlay", "channels"])
def test_hover_is_there_in_every_view(show):
    maps = heatmaps(draw_two(show=show))
    assert [decoded(trace).max() for trace in maps] == pytest.approx([1, 2, 4, 8])


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


@pytest.mark.parametrize("space", ["input", "picture"])
@pytest.mark.parametrize(("show", "most"), [("map", 700_000), ("overlay", 700_000), ("channels", 1_100_000)])
def test_four_networks_under_two_rules_are_light_enough_for_a_meeting(show, most, space):
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
    assert len(draw(columns, View(show=show, space=space), picture=Picture(picture, "2" * 64)).to_json()) <= most


def photo_like(random, width):
    """(224, width, 3): smooth colours and grain."""
    y, x = np.mgrid[:224, :width] / 224
    return np.clip(np.stack([x, y, 1 - x], -1) * 200 + random.normal(20, 6, (224, width, 1)), 0, 255).astype(np.uint8)


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


def test_plotly_can_tell_a_copy_of_a_figure_from_another_one():
    def as_sent(figure):
        return json.loads(figure.to_json())["layout"]

    assert comparison(two(), VIEW, lay_out(2, RULES, "columns", ROOM))["layout"]["template"] is None
    one, copy = as_sent(draw_two()), as_sent(draw_two())
    assert one == copy
    turned = {rule: gradient()[:, ::-1] for rule in ("vanilla", "guided")}
    others = [column("alexnet", maps=turned), two()[1]]
    other = as_sent(draw(others, VIEW))
    assert other["datarevision"] != one["datarevision"]
    signed = as_sent(draw_two(reduction="sum"))
    assert signed["datarevision"] != one["datarevision"]
