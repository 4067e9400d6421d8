"""Two pins beside each other."""

from tests.opening import captions, charts, errors, open_app, png, texts, title, upload, widget
from tests.ui.controls.test_window import twelve_bits
from tests.ui.pins.pinning import pin, two_pins


def test_two_pins_are_shown_side_by_side_and_nothing_is_computed_again(computed):
    app = two_pins()
    widget(app, "pair_show").click().run()
    assert not app.exception
    assert len(charts(app)) == 2
    assert "Two pins" in title(app)
    assert "pin" not in {each.key for each in app.button}  # it would pin what is not shown
    heads = [html.proto.body for html in app.get("html") if "<h2 class" in html.proto.body]
    assert ["overlay" in head for head in heads] == [False, True]
    assert computed.networks == ["efficientnet_lite0"]
    widget(app, "pair_leave").click().run()
    assert len(charts(app)) == 1
    assert len(texts(app)) > 0


def test_a_pinned_picture_that_is_gone_leaves_the_other_half_of_a_pair(monkeypatch):
    app = pin(upload(open_app(), png("red"), "red.png"))
    widget(app, "source").set_value("sample").run()
    widget(app, "sample").set_value("coffee").run()
    pin(app)
    app.session_state["uploads"].clear()
    widget(app, "pair_show").click().run()
    assert not app.exception
    assert len(charts(app)) == 1
    assert len(errors(app)) == 1


def test_windows_of_one_picture_are_told_apart_by_their_names_and_notices():
    app = pin(upload(open_app(), twelve_bits(), "deep.png"))
    widget(app, "window").set_value((1000.0, 2000.0)).run()
    pin(app)
    names = [each.name for each in app.session_state["pins"]]
    assert ["deep.png at 1000 to 2000: " in name for name in names] == [False, True]
    widget(app, "pair_show").click().run()
    assert "values from 0 (black) to 4095 (white) are shown, to networks too, as its values propose" in captions(app)
    assert "values from 1000 (black) to 2000 (white) are shown, to networks too, as chosen" in captions(app)
