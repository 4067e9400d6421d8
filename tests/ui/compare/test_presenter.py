"""The presenter view: what stays, and which keys work."""

import pytest

from core.selection import Selection
from core.ui.compare import presenter
from core.ui.pins.pins import Pin
from tests.opening import HOME, errors, figure, open_app, png, query, title, upload, widget


def is_hidden(app):
    return any("display: none !important" in html.proto.body for html in app.get("html"))


def plot(layout):
    return layout["width"] - layout["margin"]["l"] - layout["margin"]["r"]


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


def test_where_the_picture_is_missing_there_is_a_place_to_give_it():
    app = open_app(picture="upload-0123456789abcdef", present="1")
    assert "uploads end with the visit" in errors(app)[0]
    assert not is_hidden(app)
    assert not widget(app, "leave").disabled
    widget(app, "source").set_value("sample").run()
    widget(app, "sample").set_value("coffee").run()
    assert is_hidden(app)
    widget(app, "networks").set_value([]).run()
    assert not is_hidden(app)


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


@pytest.fixture
def keys(monkeypatch):
    """From a selection and the numbers of pins to the keys that are listened to, and the buttons they press."""

    def keys_of(selection, numbers=()):
        heard = []
        monkeypatch.setattr(presenter, "listen", heard.append)
        monkeypatch.setattr(presenter.pins, "pins", lambda: tuple(Pin(n, "", Selection(), b"") for n in numbers))
        presenter._listen_to_keys(selection)
        return heard[0]

    return keys_of


def test_only_arrows_work_where_nobody_presents(keys):
    assert keys(Selection(), (1, 2)) == {"ArrowLeft": "step_back", "ArrowRight": "step_forth"}


def test_digits_open_pins_by_their_place_and_escape_leaves(keys):
    pressed = keys(Selection(presenting=True), (7, 3))
    assert {key: pressed[key] for key in pressed if not key.startswith("Arrow")} == {
        "Escape": "leave", "1": "pin_open_7", "2": "pin_open_3",
    }  # fmt: skip


def test_there_are_nine_digits_for_twelve_pins(keys):
    pressed = keys(Selection(presenting=True), range(1, 13))
    assert pressed["9"] == "pin_open_9"
    assert "10" not in pressed


@pytest.mark.parametrize(
    ("pins", "stepping", "hint"),
    [
        (0, False, ""), (0, True, "← → step"), (1, False, "1 opens the pin"), (9, True, "← → step · 1–9 open pins"),
    ],
)  # fmt: skip
def test_only_keys_that_do_something_are_named(pins, stepping, hint):
    assert presenter._hint(pins, stepping=stepping) == hint
