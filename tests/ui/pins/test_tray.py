"""The tray: pins kept, named, ordered, opened; and what becomes of a pinned picture."""

import pytest

from core.ui.controls import picture as pictures
from core.ui.pins import pins, tray
from tests.opening import HOME, captions, charts, errors, open_app, png, query, title, upload, widget
from tests.selecting import select
from tests.ui.made import column
from tests.ui.pins.pinning import pin, two_pins


def names(app):
    return [each.name for each in app.session_state["pins"]] if "pins" in app.session_state else []


def numbers(app):
    return [each.number for each in app.session_state["pins"]]


def test_a_click_pins_what_is_shown_with_a_name_and_a_thumbnail():
    app = pin(open_app(rules="guided"))
    assert not app.exception
    assert names(app) == ["Cat: EfficientNet-Lite0, guided"]
    assert widget(app, "pin").label == "Pinned"
    assert widget(app, "pin").disabled
    assert len(app.get("image")) == 1
    assert app.session_state["pins"][0].thumbnail.startswith(b"\x89PNG")


def test_what_is_pinned_before_its_maps_are_there_is_kept_whatever_is_done_next(session):
    asked = select(rules=("vanilla", "smooth:150"))
    tray._pin(asked)
    (kept,) = pins.pins()
    assert (kept.selection, kept.thumbnail) == (asked, b"")
    with pytest.MonkeyPatch.context() as patch:
        again = []
        patch.setattr(tray.st, "rerun", lambda: again.append(True))
        tray.remember([column()], select())
        assert (pins.pins()[0].thumbnail, again) == (b"", [])
        tray.remember([column()], asked)
        assert pins.pins()[0].thumbnail.startswith(b"\x89PNG")
        tray.remember([column()], asked)
    assert again == [True]


@pytest.mark.parametrize("network", ["efficientnet_lite0", "alexnet"])  # the latter without weights
def test_a_picture_that_is_chosen_in_the_same_run_is_the_one_that_is_pinned(network):
    app = open_app(networks=network)
    widget(app, "pin").click()
    widget(app, "sample").set_value("coffee").run()
    assert not app.exception
    (kept,) = app.session_state["pins"]
    assert kept.selection.picture == "coffee"
    assert widget(app, "pin").label == "Pinned"


def test_pins_open_what_was_pinned_and_stay_where_the_reader_was():
    app = pin(open_app(rules="guided", colours="hot"))
    widget(app, "colours").set_value("gray").run()
    widget(app, "rules").set_value(["vanilla"]).run()
    widget(app, "ask").set_value("numbers").run()
    widget(app, "pin_open_1").click().run()
    assert not app.exception
    assert query(app) == {"rules": "guided", "colours": "hot", "ask": "numbers"}
    assert widget(app, "rules").value == ["guided"]
    assert widget(app, "colours").value == "hot"


def test_pins_survive_a_visit_to_another_page_and_belong_to_one_session():
    app = two_pins()
    app.switch_page("pages/Methods.py").run()
    app.switch_page(HOME).run()
    assert len(names(app)) == 2
    assert len(app.get("image")) == 2
    assert names(open_app()) == []


def test_a_pin_is_renamed_and_blanks_are_no_name():
    app = pin(open_app())
    widget(app, "pin_name_1").set_value("**The** cat").run()
    assert names(app) == ["**The** cat"]
    assert r"\*\*The\*\* cat" in widget(app, "pin_open_1").label  # as text
    widget(app, "pin_name_1").set_value("   ").run()
    assert names(app) == ["**The** cat"]


def test_pins_are_ordered_and_removed():
    app = two_pins()
    assert widget(app, "pin_left_1").disabled
    assert widget(app, "pin_right_2").disabled
    widget(app, "pin_right_1").click().run()
    assert numbers(app) == [2, 1]
    widget(app, "pin_remove_2").click().run()
    assert numbers(app) == [1]
    assert not app.exception
    pin(app)
    assert numbers(app) == [1, 3]  # a number is never used twice


def test_twelve_pins_are_the_most():
    app = open_app()
    for share in range(13):
        app.query_params["opacity"] = str(0.1 + 0.05 * share)[:4]
        app.query_params["show"] = "overlay"
        app.run()
        if not widget(app, "pin").disabled:
            pin(app)
    assert len(names(app)) == 12
    assert len(set(names(app))) == 12
    assert widget(app, "pin").disabled


def test_the_same_pin_twice_is_no_pair_and_a_removed_one_ends_it():
    app = two_pins()
    widget(app, "pair_two").set_value(1).run()
    assert widget(app, "pair_show").disabled
    widget(app, "pair_two").set_value(2).run()
    widget(app, "pair_show").click().run()
    assert len(charts(app)) == 2
    widget(app, "pin_remove_1").click().run()
    assert not app.exception
    assert len(charts(app)) == 1


def test_a_pinned_picture_is_let_go_last_and_the_pin_says_so(monkeypatch):
    one, two, three = (png(colour) for colour in ("red", "green", "blue"))
    monkeypatch.setattr(pictures, "_KEPT", 2 * len(one) + 10)
    app = pin(upload(open_app(), one, "red.png"))
    upload(upload(app, two, "green.png"), three, "blue.png")
    assert list(app.session_state["upload_names"].values()) == ["red.png", "blue.png"]
    assert "Let go to make room: green" in captions(app)
    assert "picture gone" not in widget(app, "pin_open_1").label
    monkeypatch.setattr(pictures, "_KEPT", len(one) + 10)
    upload(app, two, "green.png")
    assert any("red" in caption.value for caption in app.caption if "Let go" in caption.value)
    assert "picture gone" in widget(app, "pin_open_1").label
    widget(app, "pin_open_1").click().run()
    assert not app.exception
    assert ["uploads end with the visit" in error for error in errors(app)] == [True]


@pytest.mark.parametrize("picture", ["upload-0123456789abcdef", "http://127.0.0.1/a.png"])
def test_pins_are_there_when_the_picture_is_not(picture):
    app = pin(open_app())
    app.query_params["picture"] = picture
    app.run()
    assert len(errors(app)) == 1
    widget(app, "pin_open_1").click().run()
    assert errors(app) == []
    assert "Cat" in title(app)


@pytest.mark.parametrize("nothing", ["networks", "rules"])
def test_there_is_nothing_to_pin_without_a_network_or_a_gradient(nothing):
    app = open_app()
    widget(app, nothing).set_value([]).run()
    assert widget(app, "pin").disabled
    widget(app, "pin").proto.disabled = False  # clicked before it was drawn so
    widget(app, "pin").click().run()
    assert names(app) == []


def test_what_was_chosen_for_other_pages_and_tests_stays_when_a_pin_is_opened():
    app = pin(open_app(rules="guided", classes="281,282", ask="evidence", more="cascade"))
    widget(app, "rules").set_value(["vanilla"]).run()
    widget(app, "pin_open_1").click().run()
    assert query(app) == {"rules": "guided", "classes": "281,282", "ask": "evidence", "more": "cascade"}
