"""A panel that looks like nothing says why: a scale that it shares, or no gradient at all."""

from dataclasses import replace

import numpy as np
import pytest

from core.ui.figure.figure import comparison_figure
from core.ui.figure.html_page import html_of
from core.ui.figure.layout import lay_out
from core.ui.figure.maps import maps_of
from core.ui.figure.scales import is_faint, scale_of
from core.view import View
from tests.ui.made import column, gradient

VIEW = View(clip=100.0)
FAINT = "faint on this scale"


def columns(share, rule="vanilla"):
    """Two networks, of which the second has gradients of that share of the first's."""
    return [column("alexnet", maps={rule: gradient()}), column("vgg19", maps={rule: share * gradient()})]


def remarks(shown, view=VIEW, rules=("vanilla",)):
    """What stands on the maps themselves."""
    figure = comparison_figure(shown, view, lay_out(len(shown), rules, "columns", (900, 700)))
    return [note.text.replace("<br>", " ").partition(">")[2].partition("<")[0] for note in figure.layout.annotations
            if note.bgcolor]  # fmt: skip


@pytest.mark.parametrize(("share", "said"), [(1 / 8.1, [FAINT]), (1 / 7.9, []), (1e-6, [FAINT]), (1.0, [])])
@pytest.mark.parametrize("show", ["map", "overlay", "channels"])
def test_a_panel_that_ends_below_an_eighth_of_its_scale_says_so(share, said, show):
    assert remarks(columns(share), replace(VIEW, show=show)) == said


def test_on_a_scale_of_its_own_no_panel_is_faint():
    assert remarks(columns(0.01), replace(VIEW, scale="panel")) == []


def test_a_scale_for_all_can_make_one_gradient_faint_beside_another():
    both = [column(maps={"vanilla": 0.01 * gradient(), "guided": gradient()})]
    assert remarks(both, replace(VIEW, scale="row"), ("vanilla", "guided")) == []
    assert remarks(both, replace(VIEW, scale="all"), ("vanilla", "guided")) == [FAINT]


def test_where_a_panel_ends_is_its_own_percentile_and_not_one_bright_dot():
    values = np.full((10, 10), 0.01, np.float32)
    values[0, 0] = 1.0  # one in a hundred lies beyond the 99th percentile
    scale = scale_of([np.ones(1, np.float32)], clip=100, signed=False)
    assert is_faint(values, scale, clip=99)
    assert not is_faint(values, scale, clip=99.5)
    assert not is_faint(np.zeros((10, 10), np.float32), scale, clip=99)  # which is said otherwise


def test_faint_agrees_with_the_end_of_a_scale_of_its_own():
    random = np.random.default_rng(0)
    shared = scale_of([np.ones(1, np.float32)], clip=100, signed=False)
    for size in random.uniform(0.01, 0.2, 200):
        values = (size * np.abs(random.standard_t(2, 400))).astype(np.float32)
        own = scale_of([values], clip=95, signed=False).ceiling
        if abs(own - 1 / 8) > 0.01:
            assert is_faint(values, shared, clip=95) == (own < 1 / 8)


def test_a_map_of_zeros_says_why():
    nothing = np.zeros((3, 8, 8), np.float32)
    (said,) = remarks([column(maps={"vanilla": nothing})])
    assert said.startswith("zero everywhere")
    assert "saturated, or the class never fires" in said
    (said,) = remarks([column(maps={"vanilla": gradient(), "guided": nothing})], rules=("vanilla", "guided"))
    assert said == "zero everywhere: guided lets nothing through, though there is a gradient"


def test_references_are_never_called_faint_since_each_has_a_scale_of_its_own():
    assert remarks(columns(1.0), replace(VIEW, references=("edges", "random"))) == []


def test_it_stands_in_the_file_that_is_taken_away_too():
    shown = columns(0.01)
    grid = lay_out(2, ("vanilla",), "columns", (900, 700))
    page = html_of(comparison_figure(shown, VIEW, grid, exact=True), "Cat", "#ffffff")
    assert FAINT.encode() in page


def test_the_maps_know_it():
    found = maps_of(columns(0.01), ("vanilla",), VIEW)
    assert {panel: shown.is_faint for panel, shown in found.items()} == {(0, "vanilla"): False, (1, "vanilla"): True}


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("gradcam", "zero everywhere: no place of this layer speaks for the class"),
        ("occlusion", "zero everywhere: hiding any of these places leaves the score as it is"),
        ("ig", "zero everywhere: no small change of a pixel changes this score (saturated, or the class never fires)"),
    ],
)
def test_a_map_of_zeros_says_what_that_means_for_its_method(kind, said):
    size = 7 if kind == "gradcam" else 8
    maps = {"vanilla": gradient(), kind: np.zeros((1 if kind != "ig" else 3, size, size), np.float32)}
    assert remarks([column(maps=maps)], VIEW, (kind,)) == [said]
