"""The Compare page: the grid of a selection, and sentences in the place of what is missing."""

import pytest

from core.networks.labels import CLASSES
from tests.opening import charts, drawn, errors, open_app, open_bare, query, texts, widget


def test_the_first_page_compares_three_real_networks():
    app = open_bare()
    said = texts(app)
    for lite in ("EfficientNet-Lite0", "EfficientNet-Lite1", "EfficientNet-Lite2"):
        assert any(text.startswith(f"<b>{lite}</b>") for text in said)
        assert f"{lite} explains" in charts(app)[0]["alt"]
    assert {"Vanilla gradient", "Guided backprop"} <= set(said)
    assert sum("33 of 33 rectifiers" in text for text in said) == 2
    assert sum("43 of 43 rectifiers" in text for text in said) == 4
    assert drawn(app) == ["image"] * 3 + ["heatmap"] * 6
    assert dict(app.query_params) == {}


def test_a_link_to_one_network_shows_one():
    app = open_app()
    said = texts(app)
    assert {"<b>Vanilla gradient</b>", "<b>Guided backprop</b>"} <= set(said)
    assert drawn(app) == ["image", "heatmap", "heatmap"]
    assert app.query_params["networks"] == "efficientnet_lite0"


def test_a_change_of_view_computes_nothing(computed):
    app = open_app()
    assert computed.networks == ["efficientnet_lite0"]
    for key, value in [
        ("show", "overlay"), ("opacity", 0.3), ("show", "channels"), ("show", "map"), ("colours", "hot"),
        ("reduction", "sum"), ("scale", "panel"), ("clip", 95.0), ("arrangement", "columns"), ("rules", ["guided"]),
    ]:  # fmt: skip
        widget(app, key).set_value(value).run()
        assert not app.exception
        assert errors(app) == []
    assert computed.networks == ["efficientnet_lite0"]
    widget(app, "fit").set_value("pad").run()
    assert computed.networks == ["efficientnet_lite0"] * 2


def test_weights_that_are_missing_are_offered_and_not_fetched(tmp_path):
    app = open_app(networks="efficientnet_lite0,alexnet")
    assert not app.exception
    assert errors(app) == []
    assert sum("Not on this computer" in text and "244 MB" in text for text in texts(app)) == 3
    shown = drawn(app)
    assert shown == ["image", "heatmap", "heatmap"]
    button = widget(app, "fetch_alexnet")
    assert button.label == "Download AlexNet, 244 MB"
    assert any("EfficientNet-Lite0" in html.proto.body and "lime-top" in html.proto.body for html in app.get("html"))
    assert not list((tmp_path / "hub").rglob("*"))


def test_a_network_that_cannot_be_used_says_so_and_leaves_the_others(tmp_path):
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    (folder / "alexnet-owt-7be5be79.pth").write_bytes(b"not weights")
    app = open_app(networks="efficientnet_lite0,alexnet")
    assert not app.exception
    assert any("The weights file of AlexNet cannot be used" in text for text in texts(app))
    assert drawn(app).count("heatmap") == 2


@pytest.mark.parametrize(("query", "what"), [({"networks": []}, "a network"), ({"rules": []}, "a gradient")])
def test_nothing_chosen_is_a_hint_and_no_error(query, what):
    app = open_app()
    for key, value in query.items():
        widget(app, key).set_value(value).run()
    assert not app.exception
    assert errors(app) == []
    assert [info.value for info in app.info] == [f"Choose {what} in the sidebar to see its map."]
    assert len(charts(app)) == 0


@pytest.mark.parametrize(
    ("picture", "sentence"),
    [
        ("nonsense", "That is not a web address"),
        ("ftp://example.com/a.png", "Only addresses that begin with http"),
        ("http://127.0.0.1/a.png", "Only public web addresses"),
        ("javascript:alert(1)", "Only addresses that begin with http"),
        ("upload-0123456789abcdef", "Upload the file here, or ask for it"),
    ],
)
def test_a_picture_that_is_not_there_is_a_sentence_and_the_controls_remain(picture, sentence):
    app = open_app(picture=picture, rules="guided")
    assert not app.exception
    (said,) = errors(app)
    assert sentence in said
    assert len(charts(app)) == 0
    assert widget(app, "rules").value == ["guided"]
    widget(app, "source").set_value("sample").run()
    widget(app, "sample").set_value("coffee").run()
    assert errors(app) == []
    assert query(app) == {"picture": "coffee", "rules": "guided"}
    assert len(charts(app)) == 1


def test_the_class_that_is_explained_is_in_the_captions():
    app = open_app(class_="207")
    assert sum("golden retriever" in text and "rectifiers" in text for text in texts(app)) == 2
    tables = "".join(html.proto.body for html in app.get("html"))
    assert '<tr class=explained><th scope="row">golden retriever</th>' in tables
    assert widget(app, "class_box").value == CLASSES.index("golden retriever")
