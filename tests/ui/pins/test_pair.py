"""Two pins beside each other."""

from tests.opening import charts, errors, open_app, png, texts, upload, widget
from tests.ui.pins.pinning import pin, two_pins


def test_two_pins_are_shown_side_by_side_and_nothing_is_computed_again(computed):
    app = two_pins()
    widget(app, "pair_show").click().run()
    assert not app.exception
    assert len(charts(app)) == 2
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
