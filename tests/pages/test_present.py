"""The presenter view, and links: what stays, and what is said."""

import pytest

from core.question import Question
from core.ui.export.link import files_needed
from tests.pages.opening import HOME, figure, open_app, png, query, title, upload, widget
from tests.selecting import select


def is_hidden(app):
    return any("display: none !important" in html.proto.body for html in app.get("html"))


def test_presenting_is_in_the_address_and_every_choice_stays():
    app = open_app(rules="guided", colours="hot", show="overlay", opacity="0.5", ask="numbers")
    assert not is_hidden(app)
    widget(app, "present").click().run()
    assert not app.exception
    assert is_hidden(app)
    assert query(app) == {
        "rules": "guided", "colours": "hot", "show": "overlay", "opacity": "0.5", "ask": "numbers", "present": "1",
    }  # fmt: skip
    widget(app, "leave").click().run()
    assert not is_hidden(app)
    assert query(app) == {
        "rules": "guided", "colours": "hot", "show": "overlay", "opacity": "0.5", "ask": "numbers",
    }  # fmt: skip
    assert widget(app, "colours").value == "hot"
    assert widget(app, "opacity").value == 0.5


def test_a_link_opens_the_presenter_view_with_a_larger_grid():
    usual, presented = (figure(open_app(networks="efficientnet_lite0,alexnet", **more))["layout"]
                        for more in ({}, {"present": "1"}))  # fmt: skip
    widths = [(layout["xaxis"]["domain"][1] - layout["xaxis"]["domain"][0]) * plot(layout)
              for layout in (usual, presented)]  # fmt: skip
    assert widths[1] > 1.2 * widths[0]


def plot(layout):
    return layout["width"] - layout["margin"]["l"] - layout["margin"]["r"]


def test_an_arrangement_that_was_chosen_stays_when_presenting():
    columns = figure(open_app(networks="efficientnet_lite0,alexnet", networks_as="columns", present="1"))
    assert sum(axis.startswith("xaxis") for axis in columns["layout"]) == 2


def test_pins_and_pictures_can_be_changed_while_presenting_and_it_stays():
    app = upload(open_app(), png("red"), "red.png")
    upload(app, png("blue"), "blue.png")
    widget(app, "pin").click().run()
    widget(app, "present").click().run()
    widget(app, "step_back").click().run()
    assert "red.png" in title(app)
    assert query(app)["present"] == "1"
    widget(app, "pin_open_1").click().run()
    assert "blue.png" in title(app)
    assert query(app)["present"] == "1"


def test_the_other_pages_are_not_presented():
    app = open_app(present="1")
    app.switch_page("pages/Methods.py").run()
    assert not is_hidden(app)
    app.switch_page(HOME).run()
    assert is_hidden(app)


OWN, UPLOADED = "own-0123456789abcdef", "upload-0123456789abcdef"


@pytest.mark.parametrize(
    ("picture", "networks", "files"),
    [
        ("chelsea", ("alexnet",), ""),
        (UPLOADED, ("alexnet",), "picture file"),
        ("chelsea", ("alexnet", OWN), "checkpoint"),
        (UPLOADED, (OWN,), "picture and checkpoint files"),
    ],
)
def test_a_link_says_which_files_it_does_not_carry(picture, networks, files):
    assert files_needed(picture, Question(networks)) == files


def test_the_classes_page_asks_for_the_checkpoint_that_it_shows_and_for_no_other():
    shown = select(networks=("alexnet",), subject=OWN)
    assert files_needed("chelsea", shown.class_question) == "checkpoint"
    assert files_needed("chelsea", shown.compare_question) == ""
    shown = select(networks=(OWN,), subject="alexnet")
    assert files_needed("chelsea", shown.class_question) == ""
    assert files_needed("chelsea", shown.compare_question) == "checkpoint"
