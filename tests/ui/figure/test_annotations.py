"""Text at a place of a panel: where it is held, and what of it is markup."""

import pytest

from core.ui.figure.annotations import axis_name, badge, below, headings, inside
from core.ui.figure.columns import Column
from core.ui.figure.layout import lay_out
from core.ui.palette import DARK, TEXT_ON_DARK
from tests.ui.made import column

RULES = ("vanilla", "guided")
WIDE, PHONE = (1500, 944), (390, 700)
AXES = {"xaxis": "x2", "yaxis": "y3"}
TWO = [column("alexnet", title="AlexNet"), Column("vgg19", "VGG-19", message="Waiting…")]


def grid(arrangement="columns", available=WIDE):
    return lay_out(len(TWO), RULES, arrangement, available)


@pytest.mark.parametrize(("index", "name"), [(0, "y"), (1, "y2"), (9, "y10")])
def test_the_first_axis_has_no_number(index, name):
    assert axis_name("y", index) == name


@pytest.mark.parametrize("text", [below, inside, badge])
def test_text_is_held_by_its_panel_and_not_by_what_is_zoomed_to(text):
    drawn = text(AXES, "said", grid())
    assert (drawn["xref"], drawn["yref"]) == ("x2 domain", "y3 domain")
    assert drawn["showarrow"] is False


@pytest.mark.parametrize("text", [inside, badge])
def test_a_message_is_text_and_a_caption_was_escaped_before(text):
    assert "&lt;b&gt;" in text(AXES, "<b>", grid())["text"]
    assert below(AXES, "a &lt; b<br>c", grid())["text"] == "a &lt; b<br>c"


def test_a_long_message_is_broken_so_that_it_fits():
    sentence = "Somebody else has to wait for a network that is large " * 3
    lines = inside(AXES, sentence, grid(available=PHONE))["text"].split("<br>")
    assert " ".join(lines) == sentence.strip()
    assert max(map(len, lines)) * 6 < grid(available=PHONE).panel_width


def test_a_badge_has_its_own_colours():
    drawn = badge(AXES, "faint", grid())
    assert drawn["bgcolor"] == DARK
    assert drawn["text"] == f"<span style='color:{TEXT_ON_DARK}'>faint</span>"


@pytest.mark.parametrize(
    ("arrangement", "across", "down"),
    [
        ("columns", ["AlexNet", "VGG-19"], ["What it saw", "Vanilla gradient", "Guided backprop"]),
        ("rows", ["What it saw", "Vanilla gradient", "Guided backprop"], ["AlexNet", "VGG-19"]),
    ],
)
def test_names_stand_above_the_first_row_and_upright_beside_the_first_column(arrangement, across, down):
    drawn = headings(TWO, grid(arrangement), on_picture=False)
    above, beside = ([each for each in drawn if ("textangle" in each) == upright] for upright in (False, True))
    assert [name in each["text"] for each, name in zip(above, across, strict=True)] == [True] * len(across)
    assert [name in each["text"] for each, name in zip(beside, down, strict=True)] == [True] * len(down)
    assert [each["xref"] for each in above] == [f"{axis_name('x', place)} domain" for place in range(len(across))]
    assert [each["yref"] for each in beside] == [f"{axis_name('y', place)} domain" for place in range(len(down))]


def test_a_grid_that_is_swiped_leaves_the_names_of_rows_to_the_page():
    drawn = headings(TWO, grid(available=PHONE), on_picture=False)
    assert not any("textangle" in each for each in drawn)
    assert len(drawn) == 2
