"""The chart: what is drawn on it becomes the region, and its rows keep their names where it is swiped."""

import json
import re
from types import SimpleNamespace

import numpy as np
import pytest

from core.images.region import Region
from core.selection import Selection
from core.ui.figure.columns import Column
from core.ui.figure.layout import lay_out
from core.ui.frame import state
from core.ui.frame.assets import text
from core.ui.grid import large, plot
from core.ui.grid.chart import ChartPlace, show_chart
from core.ui.grid.plot import About
from core.values import Picture
from core.view import View
from tests.networks.made_weights import write_random_weights
from tests.opening import MARK, errors, kept, open_app
from tests.ui.made import column, gradient

RULES = ("vanilla",)
WIDE, PHONE = (1500, 944), (390, 700)
PICTURE = Picture(np.full((8, 16, 3), 90, np.uint8), "chart")  # the middle half of which is seen
WAITING = Column("vgg19", "VGG-19", message="Waiting…")
HALF_DONE = (WAITING, column("alexnet"))


class Place:
    """A place that keeps the HTML that is drawn there, and how often it was cleared."""

    times = 0

    def clear(self):
        self.times += 1

    def container(self, *, last, gap="small"):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def html(self, body):
        self.body = body


class Script:
    """Plotly's, which keeps whether each drawing was the last."""

    def __init__(self):
        self.lasts = []

    def bring(self, *, last):
        self.lasts.append(last)


@pytest.fixture
def shown(monkeypatch):
    """The places, the arguments of the chart, its grid, and whether a panel is faint."""

    def show(columns=HALF_DONE, available=WIDE, view=View(), asks=True, name="whole", last=True):
        given, kept = {}, []
        monkeypatch.setattr(plot, "_component", lambda **arguments: given.update(arguments))
        monkeypatch.setattr(large, "_component", lambda **arguments: kept.append(arguments))
        grid = lay_out(len(columns), RULES, view.arrangement, available)
        about = About(grid, PICTURE, "Cat", asks_region=asks)
        place = ChartPlace(name, about, Place() if grid.swiped else None, Place(), Place(), Place(), Script())
        faint = show_chart(place, columns, view, last=last)
        told = json.loads(given["data"][MARK:]) if given else None
        return SimpleNamespace(place=place, grid=grid, faint=faint, told=told, kept=kept, **given)

    return show


@pytest.fixture
def region(monkeypatch):
    """Draw a box on a chart, and give the region that is then selected."""

    def draw(chart, box):
        kept = {chart.key: SimpleNamespace(box=box), "selection": Selection()}
        monkeypatch.setattr(state.st, "session_state", kept)
        chart.on_box_change()
        return state.selection().view.region

    return draw


def box(x, y, axes=("x2", "y2")):
    """A box as the browser says it: lists, of all that are pairs."""
    return {"axes": list(axes), "x": x, "y": y}


def test_a_box_on_a_networks_input_is_a_region_of_the_picture(region, shown):
    assert region(shown(), box([0, 0.5], [0.25, 0.75])) == Region(0.25, 0.25, 0.5, 0.75)


def test_a_box_may_be_drawn_from_any_corner(region, shown):
    assert region(shown(), box([0.5, 0], [0.75, 0.25])) == Region(0.25, 0.25, 0.5, 0.75)


def test_on_the_picture_a_box_is_the_region(region, shown):
    chart = shown(view=View(space="picture"))
    assert region(chart, box([0.1, 0.2], [0.3, 0.4])) == Region(0.1, 0.3, 0.2, 0.4)


@pytest.mark.parametrize(
    "drawn",
    [
        None,  # another event of the chart's
        box([0, 0.5], [0, 0.5], ("x", "y2")),  # of a network without an answer
        box([0, 0.5], [0, 0.5], ("x9", "y9")),
        box([0.5, 0.5], [0, 0.5]),
        box([4, 5], [0, 1]),
    ],
    ids=["none", "waiting", "elsewhere", "line", "outside"],
)
def test_a_box_that_holds_nothing_of_a_picture_changes_nothing(region, shown, drawn):
    assert region(shown(), drawn) is None


@pytest.mark.parametrize("given", [{"available": PHONE}, {"asks": False}], ids=["phone", "no question"])
def test_without_the_question_or_on_a_phone_nothing_is_drawn_on(shown, given):
    drag, buttons = _use_of(shown(**given))
    assert drag != "select"
    assert "select2d" not in buttons
    drag, buttons = _use_of(shown())
    assert drag == "select"
    assert "select2d" in buttons


def _use_of(chart):
    return chart.told["figure"]["layout"]["dragmode"], chart.told["config"]["modeBarButtons"][0]


def test_a_grid_that_fills_is_another_chart_each_time_and_the_last_one_is_that_of_the_next_run(shown):
    computing = Column("vgg19", "VGG-19", message="Computing…")
    keys = [shown((first, column("alexnet")), last=False).key for first in (WAITING, computing, column("vgg19"))]
    assert len({*keys, shown().key}) == 4
    assert shown((WAITING, column("alexnet")), last=False).key == keys[0]
    assert shown((column("vgg19"),)).key == shown().key
    assert shown(name="second").key != shown().key


def test_what_stands_below_is_hidden_while_the_grid_fills_and_keeps_its_room(shown):
    assert "visibility: hidden" in shown(last=False).place.veil.body
    assert "visibility" not in shown().place.veil.body


def test_what_stands_below_is_hidden_whatever_another_layout_said_before(shown):
    assert "!important" in shown(last=False).place.veil.body


def test_what_lies_over_the_chart_is_gone_while_it_fills(shown):
    assert shown(last=False).place.below.times == 1
    assert shown().place.below.times == 0


@pytest.mark.parametrize("last", [True, False], ids=["last", "not yet"])
def test_what_draws_it_comes_with_a_chart_and_not_with_an_empty_grid(shown, last):
    assert shown(last=last).place.script.lasts == [last]
    assert shown((WAITING, WAITING), last=last).place.script.lasts == []


def test_the_browser_is_told_what_it_draws_and_the_script_reads_all_of_it(shown):
    told = shown().told
    code = re.sub("//.*", "", text("chart.js"))
    read = {each for names in re.findall(r"\(\w+, \{(.+?)\}\) =>", code) for each in re.findall(r"\w+", names)}
    assert set(told) <= read | set(re.findall(r"told\.(\w+)", code)) | set(re.findall(r"'(arrays|photos)'", code))
    assert told["place"] == "whole"
    assert "vanilla gradient" in told["alt"]
    other = shown(view=View(space="picture")).told
    assert other["space"] != told["space"]  # what a zoom is kept for


def test_what_is_large_goes_by_itself_and_stays_the_same_when_colours_change(shown):
    one, other, signed = (
        shown(view=view) for view in (View(), View(colours="gray"), View(colours="gray", reduction="sum"))
    )
    assert one.kept == other.kept  # what Streamlit does not send again
    assert one.data != other.data
    assert one.kept != signed.kept
    names = {kept(each["data"])[0] for each in one.kept}
    assert names == {one.told["arrays"], one.told["photos"]}
    whose = {each["data"].partition(b"\n")[0].decode().split(" ", 1)[1] for each in one.kept}
    assert whose == {"whole arrays", "whole photos"}


def test_names_of_rows_stand_beside_their_panels_where_the_grid_is_swiped(shown):
    swiped = shown(available=PHONE)
    spans = re.findall(r'top: (\d+)px; height: (\d+)px">(.*?)<', swiped.place.names.body)
    height, captions = swiped.grid.panel_height, swiped.grid.captions
    tops = (str(swiped.grid.top), str(swiped.grid.top + height + captions[0]))
    assert spans == [(tops[0], str(height), "What it saw"), (tops[1], str(height), "Vanilla gradient")]


def test_names_of_rows_are_text(shown):
    place = Place()
    columns = (Column("alexnet", "<b>&"), WAITING)
    grid = lay_out(2, RULES, "rows", PHONE)
    about = About(grid, PICTURE, "Cat")
    show_chart(ChartPlace("whole", about, place, Place(), Place(), Place(), Script()), columns, View(), last=False)
    assert ">&lt;b&gt;&amp;</span>" in place.body


def test_it_says_whether_a_panel_is_faint(shown):
    small = column("vgg19", maps={"vanilla": gradient(0.001)})
    assert shown((column("alexnet"), small)).faint
    assert not shown((column("alexnet"), small), view=View(scale="panel")).faint


def test_a_network_that_has_answered_before_stands_beside_one_that_is_at_it(tmp_path):
    """Its map by many samples is there at once, after its map by one: two charts as far as samples go."""
    write_random_weights("squeezenet1_1", tmp_path / "hub" / "checkpoints")
    slow = {"rules": "vanilla,smooth:12"}
    assert not open_app(networks="squeezenet1_1", **slow).exception
    app = open_app(networks="efficientnet_lite0,squeezenet1_1", **slow)
    assert not app.exception
    assert errors(app) == []
