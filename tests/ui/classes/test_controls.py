"""The sidebar of the Classes page: what a link sets, what carries over, and networks of other classes."""

import json

import pytest
import torch
from torchvision import models as zoo

from core import answering
from core.targets import Classes, TopK
from core.ui.classes.controls import signed
from core.view import View
from tests.opening import HOME, captions, open_app, own_setting, query, texts, widget
from tests.reading import here as here
from tests.ui.classes.shown import EGYPTIAN_CAT, OWL, PAGE, TABBY, headings, heatmaps, mode


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


def first():
    """The five most probable classes of what was computed."""
    return answering.answers().get(answering.answers().keys()[0]).top


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


def test_a_class_that_the_network_does_not_have_is_dropped():
    app = open_app(PAGE, classes=f"5000,{TABBY}")
    assert query(app) == {"classes": str(TABBY)}
    assert heatmaps(app) == 2
    app = open_app(PAGE, classes="5000", against="6000")
    assert [info.value for info in app.info] == [
        "Choose two classes in the sidebar to see what speaks for the one and not for the other."
    ]
    assert query(app) == {}


def test_a_network_without_rectifiers_has_vanilla_only(tmp_path):
    app = open_app(PAGE, subject="vit_b_16")
    assert widget(app, "only_rules").disabled
    assert "ViT-B/16: vanilla only" in captions(app)


@pytest.fixture
def own(monkeypatch, tmp_path, here):
    """A session in which a SqueezeNet with three classes was loaded, and its name."""
    monkeypatch.setenv("LIMELIGHT_TRUSTED", "1")
    torch.manual_seed(0)
    path = tmp_path / "mine.pth"
    torch.save(zoo.squeezenet1_1(num_classes=3).state_dict(), path)
    app = open_app("pages/Models.py")
    app.file_uploader(key="own_file").set_value(("mine.pth", path.read_bytes(), "application/octet-stream")).run()
    labels = own_setting(app, "file_uploader", "labels")
    labels.set_value(("l.json", json.dumps(["cat", "dog", "fox"]).encode(), "")).run()
    widget(app, "own_use").click().run()
    (name,) = app.session_state["own_networks"]
    return app, name


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


def test_an_own_network_of_few_classes_shows_all_of_them(own):
    app, name = own
    app.switch_page(PAGE).run()
    widget(app, "why_subject").set_value(name).run()
    assert not app.exception
    assert {"cat", "dog", "fox"} <= set(headings(app))
    assert heatmaps(app) == 6
    assert query(app) == {"subject": name}


def test_a_network_of_other_classes_has_no_part_in_a_contrast(own):
    app, name = own
    app.switch_page(PAGE).run()
    mode(app, "contrast")
    widget(app, "networks").set_value(["efficientnet_lite0", name]).run()
    assert not app.exception
    assert heatmaps(app) == 2
    assert any("Trained on other classes" in text for text in texts(app))


@pytest.mark.parametrize(("selected", "shown"), [("sum", "sum"), ("max", "max"), ("max_abs", "sum"), ("l2", "sum")])
def test_a_contrast_shows_the_selected_reduction_if_it_has_a_sign(selected, shown):
    assert signed(View(reduction=selected, scale="all")) == View(reduction=shown, scale="all")


def test_all_networks_may_be_taken_out_and_one_put_in():
    app = open_app(PAGE, networks="hans,clean", against="1", classes="2")
    for chosen in ([], ["hans"]):
        widget(app, "networks").set_value(chosen).run()
        assert not app.exception
    assert (widget(app, "why_a").value, widget(app, "why_b").value) == (2, 1)
