"""The chart: what is drawn on it becomes the region, and its rows keep their names where it is swiped."""

import re
from types import SimpleNamespace

import numpy as np
import pytest

from core.images.region import Region
from core.selection import Selection
from core.ui.figure.columns import Column
from core.ui.figure.layout import lay_out
from core.ui.frame import state
from core.ui.grid.chart import ChartPlace, show_chart
from core.values import Picture
from core.view import View
from tests.ui.made import column, gradient

RULES = ("vanilla",)
WIDE, PHONE = (1500, 944), (390, 700)
PICTURE = Picture(np.full((8, 16, 3), 90, np.uint8), "chart")  # the middle half of which is seen
WAITING = Column("vgg19", "VGG-19", message="Waiting…")
HALF_DONE = (WAITING, column("alexnet"))


class Place:
    """A place that keeps what is drawn there."""

    def html(self, body):
        self.body = body

    def plotly_chart(self, figure, **given):
        self.given = given


def shown(columns=HALF_DONE, available=WIDE, view=View(), asks=True):
    """The place of the names, the arguments of the chart, its grid, and whether a panel is faint."""
    grid = lay_out(len(columns), RULES, view.arrangement, available)
    names, place = Place() if grid.swiped else None, Place()
    faint = show_chart(ChartPlace(names, place, Place()), columns, view, grid, "Cat", PICTURE, asks_region=asks)
    return SimpleNamespace(names=names, grid=grid, faint=faint, **place.given)


@pytest.fixture
def region(monkeypatch):
    """Draw a box on a chart, and give the region that is then selected."""

    def draw(chart, *boxes):
        drawn = SimpleNamespace(selection=SimpleNamespace(box=list(boxes)))
        kept = {chart.key: drawn, "selection": Selection()}
        monkeypatch.setattr(state.st, "session_state", kept)
        chart.on_select()
        return state.selection().view.region

    return draw


def box(x, y, axes=("x2", "y2")):
    return {"xref": axes[0], "yref": axes[1], "x": x, "y": y}


def test_a_box_on_a_networks_input_is_a_region_of_the_picture(region):
    assert region(shown(), box([0, 0.5], [0.25, 0.75])) == Region(0.25, 0.25, 0.5, 0.75)


def test_a_box_may_be_drawn_from_any_corner_and_the_last_one_counts(region):
    whole = box([0, 1], [0, 1])
    assert region(shown(), whole, box([0.5, 0], [0.75, 0.25])) == Region(0.25, 0.25, 0.5, 0.75)


def test_on_the_picture_a_box_is_the_region(region):
    chart = shown(view=View(space="picture"))
    assert region(chart, box([0.1, 0.2], [0.3, 0.4])) == Region(0.1, 0.3, 0.2, 0.4)


@pytest.mark.parametrize(
    "boxes",
    [
        [],
        [box([0, 0.5], [0, 0.5], ("x", "y2"))],  # of a network without an answer
        [box([0, 0.5], [0, 0.5], ("x9", "y9"))],
        [box([0.5, 0.5], [0, 0.5])],
        [box([4, 5], [0, 1])],
    ],
    ids=["none", "waiting", "elsewhere", "line", "outside"],
)
def test_a_box_that_holds_nothing_of_a_picture_changes_nothing(region, boxes):
    assert region(shown(), *boxes) is None


@pytest.mark.parametrize("given", [{"available": PHONE}, {"asks": False}], ids=["phone", "no question"])
def test_without_the_question_or_on_a_phone_nothing_is_drawn_on(given):
    chart = vars(shown(**given))
    assert "on_select" not in chart
    assert "select2d" not in chart["config"]["modeBarButtons"][0]
    assert "select2d" in shown().config["modeBarButtons"][0]


def test_a_grid_that_fills_is_another_chart_each_time():
    computing = Column("vgg19", "VGG-19", message="Computing…")
    keys = [shown((first, column("alexnet"))).key for first in (WAITING, computing, column("vgg19"))]
    assert len(set(keys)) == 3
    assert shown().key == keys[0]


def test_names_of_rows_stand_beside_their_panels_where_the_grid_is_swiped():
    swiped = shown(available=PHONE)
    spans = re.findall(r'top: (\d+)px; height: (\d+)px">(.*?)<', swiped.names.body)
    height, captions = swiped.grid.panel_height, swiped.grid.captions
    tops = (str(swiped.grid.top), str(swiped.grid.top + height + captions[0]))
    assert spans == [(tops[0], str(height), "What it saw"), (tops[1], str(height), "Vanilla gradient")]


def test_names_of_rows_are_text():
    swiped = shown((Column("alexnet", "<b>&"), WAITING), PHONE, View(arrangement="rows"))
    assert ">&lt;b&gt;&amp;</span>" in swiped.names.body


def test_it_says_whether_a_panel_is_faint():
    small = column("vgg19", maps={"vanilla": gradient(0.001)})
    assert shown((column("alexnet"), small)).faint
    assert not shown((column("alexnet"), small), view=View(scale="panel")).faint
