"""The words of the grid say what each panel is, in the room that they have."""

import html
import itertools
from dataclasses import replace

import numpy as np
import pytest

from core.networks.coverage import Coverage
from core.ui.figure.columns import Column
from core.ui.figure.figure import comparison_figure
from core.ui.figure.layout import GAP, lay_out
from core.values import Prediction
from core.view import View
from tests.ui.figure.drawing import ROOM, VIEW, captions, draw, draw_two, texts, width_of
from tests.ui.made import column, gradient


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


def test_signed_maps_say_both_extremes():
    shown = column(maps={"vanilla": np.stack([np.full((8, 8), v, np.float32) for v in (-4, 1, 1)])})
    figure = draw([shown], View(reduction="sum"), rules=("vanilla",))
    assert any("−2 to −2" in text for text in captions(figure))


def test_in_small_panels_two_extremes_and_a_scale_of_ones_own_are_on_lines_of_their_own():
    said = captions(draw_two((390, 700), reduction="sum", scale="panel"))[2:]
    assert said[0].split("<br>") == ["vanilla, Σ g · ±1", "tabby 38 %", "−1 to 0.5", "33 of 33 rectifiers"]


def test_a_presenters_captions_leave_out_what_headings_and_bars_say():
    _, _, vanilla, *_ = captions(draw_two((900, 1000), present=True))
    assert vanilla.split("<br>") == ["tabby 38 %", "max 1 · 33 of 33 rectifiers"]
    _, _, vanilla, *_ = captions(draw_two((900, 1000), present=True, scale="panel"))
    assert vanilla.split("<br>") == ["max |g| · tabby 38 %", "scale to 1 · 33 of 33 rectifiers"]
    _, _, vanilla, *_ = captions(draw_two((900, 1000), present=True, reduction="sum"))
    assert vanilla.split("<br>") == ["tabby 38 %", "−1 to 0.5 · 33 of 33 rectifiers"]


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


@pytest.mark.parametrize("reduction", ["max_abs", "l2", "sum", "max"])
def test_as_colours_extremes_are_of_the_three_gradients_whatever_they_are_reduced_to(reduction):
    gradients = np.stack([np.full((8, 8), value, np.float32) for value in (-4, 1, 3)])
    figure = draw([column(maps={"vanilla": gradients})], View(show="channels", reduction=reduction), rules=("vanilla",))
    assert any("R G B" in text and "−4 to 3" in text for text in captions(figure))
