"""Methods beyond the plain gradients: added, tuned, taken out, and in the link."""

import pytest

from core.estimators.table import ESTIMATORS
from core.method import Method
from tests.opening import captions, figure, open_app, query, widget


def names(app):
    return app.session_state["methods"]


def texts(app):
    return [each["text"] for each in figure(app)["layout"]["annotations"]]


def test_a_link_with_methods_opens_them_and_keeps_its_text():
    app = open_app(rules="vanilla,gradcam@28x28,ig:8:black")
    assert not app.exception
    assert names(app) == ["gradcam@28x28", "ig:8:black"]
    assert query(app) == {"rules": "vanilla,gradcam@28x28,ig:8:black"}
    said = " ".join(texts(app))
    assert "Grad-CAM (28 × 28)" in said
    assert "28 × 28" in said
    assert "adds up to" in said


def test_a_method_is_added_by_name_tuned_and_taken_out():
    app = open_app(rules="vanilla")
    widget(app, "method_added").set_value("smooth").run()
    assert names(app) == ["smooth"]
    assert query(app)["rules"] == "vanilla,smooth"
    widget(app, "method_0_samples").set_value(4).run()
    assert names(app) == ["smooth:4"]
    assert "halves agree" in " ".join(texts(app))
    widget(app, "method_0_rule").set_value("guided").run()
    assert query(app)["rules"] == "vanilla,guided~smooth:4"
    widget(app, "method_0_out").click().run()
    assert not app.exception
    assert query(app) == {"rules": "vanilla"}


def test_a_layer_is_chosen_by_its_places_and_what_is_none_is_a_sentence():
    app = open_app(rules="gradcam")
    widget(app, "method_0_layer").set_value("14 × 14").run()
    assert query(app) == {"rules": "gradcam@14x14"}
    widget(app, "method_0_layer").set_value("the last").run()
    assert "looks at no layer called" in captions(app)
    assert query(app) == {"rules": "gradcam@14x14"}
    widget(app, "method_0_layer").set_value("15x15").run()
    assert "no layer of 15 × 15" in " ".join(texts(app)).replace("<br>", " ")


def test_the_same_method_is_not_there_twice():
    app = open_app(rules="vanilla,gradcam")
    widget(app, "method_added").set_value("gradcam").run()
    assert names(app) == ["gradcam"]
    assert "is here already" in captions(app)


@pytest.mark.parametrize(
    "text", ["magic", "guided~ig", "smooth:0", "gradcam@", "rise:99999", "<b>", "smooth:1:1:1:1:1"]
)
def test_what_makes_no_sense_in_a_link_is_left_out_whole(text):
    app = open_app(rules=f"vanilla,{text}")
    assert not app.exception
    assert names(app) == (["gradcam"] if text == "gradcam@" else [])


@pytest.mark.parametrize("name", [name for name in ESTIMATORS if name not in ("plain", "rise", "occlusion")])
@pytest.mark.parametrize("show", ["overlay", "channels"])
def test_every_method_is_drawn_in_every_view(name, show):
    quick = {"smooth": ":4", "smoothsq": ":4", "vargrad": ":4", "ig": ":8"}
    text = name + quick.get(name, "")
    app = open_app(rules=text, show=show)
    assert not app.exception
    assert not app.error
    plain = show == "channels" and not ESTIMATORS[name].has_colours
    assert ("one value a place, no colours" in " ".join(texts(app))) == plain


def test_a_coarse_map_can_be_seen_as_it_is():
    smooth, cells = (
        next(each for each in figure(open_app(rules="gradcam", coarse=coarse))["data"] if each["type"] == "heatmap")
        for coarse in ("smooth", "cells")
    )
    assert smooth["z"] != cells["z"]


def test_hidden_pictures_are_methods_too():
    app = open_app(rules="occlusion:112:64,rise:50")
    assert not app.exception
    assert Method.parse("occlusion:112:64").title in " ".join(texts(app))


def test_deconvnet_that_ignores_the_picture_says_so():
    app = open_app(rules="deconvnet")
    assert "ignores the picture: without max-pooling" in " ".join(texts(app)).replace("<br>", " ")


def test_a_link_to_other_methods_alone_stays_one_where_there_are_no_rectifiers():
    app = open_app(networks="vit_b_16", rules="gradcam")  # its weights are not here
    assert query(app) == {"networks": "vit_b_16", "rules": "gradcam"}
    app = open_app(networks="vit_b_16", rules="vanilla,gradcam")
    assert query(app)["rules"] == "vanilla,gradcam"
