"""The Classes page as a reader meets it: from a link, and used."""

import json
import re

import pytest
import torch
from torchvision import models as zoo

from core import service
from core.targets import Classes, TopK
from tests.networks.made_weights import write_random_weights
from tests.pages.opening import HOME, errors, figure, open_app, own_setting, query, texts, title, widget

PAGE = "pages/Classes.py"
TABBY, TIGER_CAT, EGYPTIAN_CAT, OWL = 281, 282, 285, 24


def headings(app):
    """What stands in bold in the grid: the columns, or the rows."""
    return [text.partition("</b>")[0].removeprefix("<b>") for text in texts(app) if text.startswith("<b>")]


def captions(app):
    return " ".join(caption.value for caption in app.caption)


def heatmaps(app):
    return sum(trace["type"] == "heatmap" for trace in figure(app)["data"])


def warnings(app):
    return [warning.value for warning in app.warning]


def mode(app, name):
    return widget(app, "why_mode").set_value(name).run()


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


def test_the_alarm_says_that_guided_maps_of_different_classes_are_the_same():
    (said,) = warnings(open_app(PAGE))
    assert "Guided backprop: all 5 classes" in said
    assert "Nie et al. 2018" in said
    assert warnings(open_app(PAGE, rules="vanilla")) == []
    (said,) = warnings(open_app(PAGE, classes=f"{TABBY},{TIGER_CAT}"))
    assert "**tabby** and **tiger cat**" in said


def test_a_link_sets_every_control_and_stays_as_it_is():
    link = {
        "picture": "coffee", "subject": "efficientnet_lite0", "classes": "504,967", "rules": "guided", "fit": "pad",
        "show": "overlay", "reduction": "l2", "scale": "panel", "opacity": "0.5",
    }  # fmt: skip
    app = open_app(PAGE, **link)
    values = {
        "why_mode": "chosen", "why_subject": "efficientnet_lite0", "why_classes": [504, 967], "rules": ["guided"],
        "fit": "pad", "show": "overlay", "reduction": "l2", "scale": "panel", "opacity": 0.5, "sample": "coffee",
    }  # fmt: skip
    assert {key: widget(app, key).value for key in values} == values
    assert {"coffee mug", "espresso"} <= set(headings(app))
    assert heatmaps(app) == 2
    assert query(app) == {key: value for key, value in link.items() if key != "subject"}  # it is the first one anyway


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
    alt = app.get("plotly_chart")[0].proto.alt
    assert "tabby − tiger cat, logit difference −" in alt


def test_a_contrast_without_guided_says_nothing_of_guided():
    assert "guided maps" not in captions(open_app(PAGE, classes="1", against="2", rules="vanilla"))


def test_a_contrast_keeps_the_reduction_for_the_other_pages_and_takes_a_signed_one():
    app = open_app(PAGE, classes="1", against="2", reduction="l2")
    assert widget(app, "why_reduction").value == "sum"
    assert query(app)["reduction"] == "l2"
    widget(app, "why_reduction").set_value("max").run()
    assert query(app)["reduction"] == "max"
    assert any("max g" in text for text in texts(app))
    mode(app, "chosen")
    assert widget(app, "reduction").value == "max"


def test_a_reduction_survives_a_contrast_that_the_page_was_opened_with():
    app = open_app(PAGE, classes="1", against="2", reduction="l2")
    mode(app, "chosen")
    widget(app, "reduction").set_value("max_abs").run()
    mode(app, "contrast")
    assert widget(app, "why_reduction").value == "sum"
    mode(app, "chosen")
    assert widget(app, "reduction").value == "max_abs"
    assert "reduction" not in query(app)


def test_each_network_of_a_contrast_has_a_column(tmp_path, computed):
    write_random_weights("squeezenet1_1", tmp_path / "hub" / "checkpoints")
    app = open_app(PAGE, networks="efficientnet_lite0,squeezenet1_1", classes=str(TABBY), against=str(OWL))
    assert headings(app)[:2] == ["EfficientNet-Lite0", "SqueezeNet 1.1"]
    assert heatmaps(app) == 4
    asked = Classes((TABBY,)), OWL
    assert computed.targets == {("efficientnet_lite0", *asked), ("squeezenet1_1", *asked)}


def test_another_way_of_explaining_begins_with_what_there_is(computed):
    app = open_app(PAGE)
    shown = [prediction.index for prediction in first()]
    mode(app, "chosen")
    assert widget(app, "why_classes").value == shown
    assert query(app) == {"classes": ",".join(map(str, shown))}
    mode(app, "contrast")
    assert [widget(app, key).value for key in ("why_a", "why_b")] == shown[:2]
    assert query(app) == {"classes": str(shown[0]), "against": str(shown[1])}
    mode(app, "chosen")
    assert widget(app, "why_classes").value[:2] == shown[:2]
    mode(app, "top")
    assert query(app) == {}
    others = {("efficientnet_lite0", Classes((index,)), None) for index in shown[1:]}
    contrast = ("efficientnet_lite0", Classes((shown[0],)), shown[1])
    assert computed.targets == {("efficientnet_lite0", TopK(), None), *others, contrast}


def first():
    """The five most probable classes of what was computed."""
    return service.answers().get(service.answers().keys()[0]).top


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


def test_two_picks_in_a_row_both_stick():
    app = open_app(PAGE)
    mode(app, "chosen")
    widget(app, "why_classes").set_value([OWL]).run()
    widget(app, "why_classes").set_value([OWL, 1]).run()
    widget(app, "rules").set_value(["vanilla"]).run()
    assert widget(app, "why_classes").value == [OWL, 1]
    assert query(app) == {"classes": f"{OWL},1", "rules": "vanilla"}
    mode(app, "contrast")
    widget(app, "why_b").set_value(EGYPTIAN_CAT).run()
    widget(app, "why_a").set_value(TABBY).run()
    assert query(app) == {"classes": str(TABBY), "against": str(EGYPTIAN_CAT), "rules": "vanilla"}


def test_classes_survive_a_visit_to_another_page():
    app = open_app(PAGE, classes=f"{TABBY},{OWL}", subject="efficientnet_lite0")
    app.switch_page(HOME).run()
    assert query(app) == {"classes": f"{TABBY},{OWL}"}
    app.switch_page(PAGE).run()
    assert widget(app, "why_classes").value == [TABBY, OWL]


@pytest.mark.parametrize("link", [
    {"classes": "nonsense", "against": "-1", "subject": "nonsense"}, {"classes": "99999,²", "against": "1e3"},
])  # fmt: skip
def test_nonsense_is_default(link):
    app = open_app(PAGE, **link)
    assert not app.exception
    assert errors(app) == []
    assert query(app) == {}
    assert heatmaps(app) == 10


def test_a_class_that_the_network_does_not_have_is_dropped():
    app = open_app(PAGE, classes=f"5000,{TABBY}")
    assert query(app) == {"classes": str(TABBY)}
    assert heatmaps(app) == 2
    app = open_app(PAGE, classes="5000", against="6000")
    assert [info.value for info in app.info] == [
        "Choose two classes in the sidebar to see what speaks for the one and not for the other."
    ]
    assert query(app) == {}


def test_a_class_against_itself_is_a_sentence():
    app = open_app(PAGE, classes="5", against="5")
    assert not app.exception
    assert ["cannot be compared with itself" in info.value for info in app.info] == [True]
    assert len(app.get("plotly_chart")) == 0


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
    assert any("files stay with the person who loaded them" in text for text in texts(app))
    assert heatmaps(app) == 0


def test_a_network_without_rectifiers_has_vanilla_only(tmp_path):
    app = open_app(PAGE, subject="vit_b_16")
    assert widget(app, "only_rules").disabled
    assert "ViT-B/16: vanilla only" in captions(app)


def test_a_picture_that_is_not_there_is_a_sentence_and_the_controls_remain():
    app = open_app(PAGE, picture="upload-0123456789abcdef", classes="1")
    assert not app.exception
    assert ["uploads stay with the person" in error for error in errors(app)] == [True]
    assert widget(app, "why_classes").value == [1]


def test_a_network_that_cannot_be_used_says_so(tmp_path):
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    (folder / "alexnet-owt-7be5be79.pth").write_bytes(b"not weights")
    app = open_app(PAGE, subject="alexnet")
    assert not app.exception
    assert any("The weights file of AlexNet cannot be used" in text for text in texts(app))


@pytest.fixture
def own(monkeypatch, tmp_path):
    """A session in which a SqueezeNet with three classes was loaded, and its name."""
    monkeypatch.setenv("LIMELIGHT_TRUSTED", "1")
    torch.manual_seed(0)
    path = tmp_path / "mine.pth"
    torch.save(zoo.squeezenet1_1(num_classes=3).state_dict(), path)
    app = open_app("pages/Models.py")
    app.file_uploader(key="own_file").set_value(("mine.pth", path.read_bytes(), "application/octet-stream")).run()
    own_setting(app, "file_uploader", "labels").set_value(
        ("l.json", json.dumps(["cat", "dog", "fox"]).encode(), "")
    ).run()
    widget(app, "own_use").click().run()
    (name,) = app.session_state["own_networks"]
    return app, name


def test_an_own_network_of_few_classes_shows_all_of_them(own):
    app, name = own
    app.switch_page(PAGE).run()
    widget(app, "why_subject").set_value(name).run()
    assert not app.exception
    assert {"cat", "dog", "fox"} <= set(headings(app))
    assert heatmaps(app) == 6
    assert query(app) == {"subject": name}


def test_a_class_does_not_come_to_mean_another_one(own):
    app, name = own
    app.switch_page(PAGE).run()
    mode(app, "chosen")
    widget(app, "why_classes").set_value([2]).run()  # a shark
    widget(app, "why_subject").set_value(name).run()  # whose class 2 is a fox
    assert widget(app, "why_classes").value == []
    assert query(app) == {"subject": name}
    widget(app, "why_classes").set_value([2]).run()
    assert "fox" in headings(app)
    app.switch_page(HOME).run()
    app.switch_page(PAGE).run()
    assert "fox" in headings(app)


def test_a_network_of_other_classes_has_no_part_in_a_contrast(own):
    app, name = own
    app.switch_page(PAGE).run()
    mode(app, "contrast")
    widget(app, "networks").set_value(["efficientnet_lite0", name]).run()
    assert not app.exception
    assert heatmaps(app) == 2
    assert any("Trained on other classes" in text for text in texts(app))


def test_the_grid_is_there_in_numbers_and_in_words():
    app = open_app(PAGE, classes=f"{TABBY},{OWL}")
    (table,) = app.dataframe
    assert list(table.value["Class"]) == ["tabby", "tabby", "great grey owl", "great grey owl"]
    assert set(table.value["Network"]) == {"EfficientNet-Lite0"}
    assert re.search(r"\*\*great grey owl\*\* logit −?\d\.\d\d, <0\.1 %", captions(app).replace("\\", ""))
    (table,) = open_app(PAGE, classes=str(TABBY), against=str(OWL)).dataframe
    assert list(table.value["Contrast"]) == ["tabby − great grey owl"] * 2
    assert all(text.startswith("+") for text in table.value["Logit difference"])
