"""The Classes page: one grid of classes or of contrasts, and sentences in the place of what is missing."""

import re

import pytest

from core import tested
from core.evidence.table import USUAL
from core.targets import Classes
from core.ui.classes import page
from tests.networks.made_weights import write_random_weights
from tests.opening import captions, charts, errors, figure, has, open_app, query, texts, title, widget
from tests.ui.classes.shown import OWL, PAGE, TABBY, TIGER_CAT, headings, heatmaps


def test_it_opens_with_the_five_most_probable_classes_of_a_real_network(computed):
    app = open_app(PAGE)
    assert not app.exception
    assert errors(app) == []
    assert {"tabby", "tiger cat", "Egyptian cat"} <= set(headings(app))
    assert heatmaps(app) == 10
    assert sum("33 of 33 rectifiers" in text for text in texts(app)) == 10
    assert any(text.startswith("guided, max |g|") and "tabby" in text and "max" in text for text in texts(app))
    assert "EfficientNet-Lite0" in title(app)
    assert computed.networks == ["efficientnet_lite0"] * 5
    assert query(app) == {}


def test_arrow_keys_step_through_pictures_as_they_do_when_comparing(monkeypatch):
    heard = []
    monkeypatch.setattr(page, "listen", heard.append)
    open_app(PAGE)
    assert heard == [{"ArrowLeft": "step_back", "ArrowRight": "step_forth"}]


def test_a_contrast_names_both_classes_and_the_difference_of_their_logits():
    app = open_app(PAGE, classes=str(TABBY), against=str(TIGER_CAT))
    assert [widget(app, key).value for key in ("why_mode", "why_a", "why_b")] == ["contrast", TABBY, TIGER_CAT]
    assert sum("tabby − tiger cat, " in text and "logit" in text for text in texts(app)) == 2
    assert "Why tabby and not tiger cat?" in title(app)
    assert "logit difference −" in captions(app)  # it is called a tiger cat
    assert "not the difference of two guided maps" in captions(app)
    for axis in ("coloraxis", "coloraxis2"):
        shown = figure(app)["layout"][axis]
        assert shown["cmin"] == -shown["cmax"] < 0
    assert query(app) == {"classes": str(TABBY), "against": str(TIGER_CAT)}
    alt = charts(app)[0]["alt"]
    assert "tabby − tiger cat, logit difference −" in alt


def test_a_contrast_without_guided_says_nothing_of_guided():
    assert "guided maps" not in captions(open_app(PAGE, classes="1", against="2", rules="vanilla"))


def test_each_network_of_a_contrast_has_a_column(tmp_path, computed):
    write_random_weights("squeezenet1_1", tmp_path / "hub" / "checkpoints")
    app = open_app(PAGE, networks="efficientnet_lite0,squeezenet1_1", classes=str(TABBY), against=str(OWL))
    assert headings(app)[:2] == ["EfficientNet-Lite0", "SqueezeNet 1.1"]
    assert heatmaps(app) == 4
    asked = Classes((TABBY,)), OWL
    assert computed.targets == {("efficientnet_lite0", *asked), ("squeezenet1_1", *asked)}


def test_a_change_of_view_computes_nothing(computed):
    app = open_app(PAGE, classes=f"{TABBY},{OWL}")
    assert len(computed.questions) == 2
    for key, value in [
        ("show", "overlay"), ("opacity", 0.3), ("show", "channels"), ("show", "map"), ("colours", "hot"),
        ("reduction", "sum"), ("scale", "panel"), ("clip", 95.0), ("arrangement", "columns"), ("space", "picture"),
        ("rules", ["guided"]), ("why_classes", [OWL]),
    ]:  # fmt: skip
        widget(app, key).set_value(value).run()
        assert not app.exception
        assert errors(app) == []
    assert len(computed.questions) == 2
    widget(app, "why_classes").set_value([OWL, 1]).run()
    assert computed.targets == {("efficientnet_lite0", Classes((index,)), None) for index in (TABBY, OWL, 1)}


def test_a_class_against_itself_is_a_sentence():
    app = open_app(PAGE, classes="5", against="5")
    assert not app.exception
    assert ["cannot be compared with itself" in info.value for info in app.info] == [True]
    assert len(charts(app)) == 0


@pytest.mark.parametrize(("link", "what"), [({}, "gradient"), ({"against": "1"}, "network")])
def test_nothing_chosen_is_a_hint_and_no_error(link, what):
    app = open_app(PAGE, **link)
    widget(app, {"gradient": "rules", "network": "networks"}[what]).set_value([]).run()
    assert not app.exception
    assert [info.value for info in app.info] == [f"Choose a {what} in the sidebar to see its map."]


def test_weights_that_are_missing_are_offered_and_not_fetched(tmp_path, computed):
    app = open_app(PAGE, subject="alexnet", classes="1,2")
    assert not app.exception
    assert errors(app) == []
    assert widget(app, "fetch_alexnet").label == "Download AlexNet, 244 MB"
    assert sum("Not on this computer" in text for text in texts(app)) == 6
    app = open_app(PAGE, networks="efficientnet_lite0,alexnet", classes="1", against="2")
    assert widget(app, "fetch_alexnet").label == "Download AlexNet, 244 MB"
    assert heatmaps(app) == 2
    assert computed.networks == ["efficientnet_lite0"]
    assert not list((tmp_path / "hub").rglob("*"))


@pytest.mark.parametrize("link", [{"subject": "own-0123456789abcdef"}, {"networks": "own-0123456789abcdef"}])
def test_somebody_elses_own_network_is_explained_in_words(link):
    app = open_app(PAGE, **link, classes="1")
    assert not app.exception
    assert any("files end with the visit that loaded them" in text for text in texts(app))
    assert heatmaps(app) == 0


def test_a_picture_that_is_not_there_is_a_sentence_and_the_controls_remain():
    app = open_app(PAGE, picture="upload-0123456789abcdef", classes="1")
    assert not app.exception
    assert ["uploads end with the visit" in error for error in errors(app)] == [True]
    assert widget(app, "why_classes").value == [1]


def test_a_network_that_cannot_be_used_says_so(tmp_path):
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    (folder / "alexnet-owt-7be5be79.pth").write_bytes(b"not weights")
    app = open_app(PAGE, subject="alexnet")
    assert not app.exception
    assert any("The weights file of AlexNet cannot be used" in text for text in texts(app))


def test_the_grid_is_there_in_numbers_and_in_words():
    app = open_app(PAGE, classes=f"{TABBY},{OWL}")
    (table,) = app.dataframe
    assert list(table.value["Class"]) == ["tabby", "tabby", "great grey owl", "great grey owl"]
    assert set(table.value["Network"]) == {"EfficientNet-Lite0"}
    assert re.search(r"\*\*great grey owl\*\* logit −?\d\.\d\d, <0\.1\s%", captions(app).replace("\\", ""))
    (table,) = open_app(PAGE, classes=str(TABBY), against=str(OWL)).dataframe
    assert list(table.value["Contrast"]) == ["tabby − great grey owl"] * 2
    assert all(text.startswith("+") for text in table.value["Logit difference"])


def test_the_map_of_each_class_can_be_tested(monkeypatch):
    asked = []
    monkeypatch.setattr(tested, "finding", lambda test, explanation, source, *more: asked.append((test, source)))
    app = open_app(PAGE, classes=f"{TABBY},{OWL}", rules="guided")
    assert not widget(app, "testing").value
    assert asked == []
    widget(app, "testing").set_value(True).run()
    assert not app.exception
    assert asked == [(test, "guided") for test in USUAL]
    assert widget(app, "tested").options[0] == "EfficientNet-Lite0, Guided backprop: tabby"
    assert query(app)["ask"] == "evidence"
    widget(app, "testing").set_value(False).run()
    assert "ask" not in query(app)


def test_a_contrast_offers_no_test():
    app = open_app(PAGE, classes=str(TABBY), against=str(TIGER_CAT), ask="evidence")
    assert not app.exception
    assert not has(app, "testing")
    assert not has(app, "tested")
