"""Networks beyond those offered, and what is said of each before anything is computed."""

from dataclasses import replace

import pytest

from core.errors import NetworkError
from core.networks.catalogue import lookup
from core.networks.labels import CLASSES
from core.question import Question
from core.targets import Classes, TopK
from core.ui.controls import networks
from tests.opening import captions, drawn, open_app, query, texts, widget


def test_a_link_to_a_network_that_is_not_offered_adds_it_to_the_list():
    app = open_app(networks="efficientnet_lite0,squeezenet1_1")
    assert widget(app, "networks").value == ["efficientnet_lite0", "squeezenet1_1"]
    assert "SqueezeNet 1.1" in widget(app, "networks").options


def test_a_network_without_rectifiers_leaves_no_choice_of_gradients_and_says_why():
    app = open_app(networks="vit_b_16", rules="guided")
    assert widget(app, "only_rules").disabled
    assert "ViT-B/16: vanilla only, it has no rectifiers (12 GELU)" in captions(app)
    assert query(app) == {"networks": "vit_b_16", "rules": "vanilla"}
    widget(app, "networks").set_value(["vit_b_16", "alexnet"]).run()
    assert widget(app, "rules").value == ["guided"]  # as it was asked for, now that it means something


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("mobilenet_v3_small", "MobileNet V3 Small: guided reaches 14 of 33 activations (19 Hardswish, 14 ReLU)"),
        ("swin_v2_t", "Swin V2-T: guided equals vanilla, its 12 rectifiers never see the picture"),
    ],
)
def test_partial_coverage_is_said_before_anything_is_computed(name, said, computed):
    app = open_app(networks=name)
    assert said in captions(app)
    assert computed.networks == []


def test_any_network_can_be_added_from_a_list():
    app = open_app()
    assert widget(app, "added").value is None
    assert any(option.startswith("ViT-B/16 · 346 MB · vanilla only") for option in widget(app, "added").options)
    widget(app, "added").set_value("densenet121").run()
    assert widget(app, "networks").value == ["efficientnet_lite0", "densenet121"]
    assert widget(app, "added").value is None
    assert query(app) == {"networks": "efficientnet_lite0,densenet121"}


def test_a_ninth_network_is_refused_with_a_reason():
    app = open_app(networks="efficientnet_lite0,alexnet,resnet18,resnet50,vgg19,vgg11,vgg13,vgg16")
    widget(app, "added").set_value("densenet121").run()
    assert len(widget(app, "networks").value) == 8
    assert "8 networks fit" in captions(app)


def test_a_ninth_network_that_is_clicked_on_is_taken_back_with_a_reason():
    eight = ["efficientnet_lite0", "alexnet", "resnet18", "resnet50", "vgg19", "vgg11", "vgg13", "vgg16"]
    app = open_app(networks=",".join(eight))
    more = next(name for name in networks.OFFERED if name not in eight)
    widget(app, "networks").set_value([*eight, more]).run()
    assert set(widget(app, "networks").value) == set(eight)
    assert "8 networks fit" in captions(app)
    widget(app, "networks").set_value(eight[1:]).run()
    widget(app, "networks").set_value([*eight[1:], more]).run()
    assert set(query(app)["networks"].split(",")) == {*eight[1:], more}


def test_a_ninth_method_that_is_clicked_on_is_taken_back_with_a_reason():
    eight = "vanilla,smooth:10,smoothsq:10,vargrad:10,ig:10,timesinput,gradcam,layercam"
    app = open_app(networks="alexnet", rules=eight)
    widget(app, "rules").set_value(["vanilla", "guided"]).run()
    assert widget(app, "rules").value == ["vanilla"]
    assert "8 methods fit" in captions(app)
    assert query(app)["rules"] == eight


def test_somebody_elses_own_network_in_a_link_is_explained():
    app = open_app(networks="efficientnet_lite0,own-0123456789abcdef")
    assert not app.exception
    assert any("files end with the visit that loaded them" in text for text in texts(app))
    assert drawn(app).count("heatmap") == 2


OWN, ELSEWHERE = "own-0123456789abcdef", "own-ffffffffffffffff"


@pytest.fixture
def own(session):
    """A network of this session's own, with two classes."""
    spec = replace(lookup("alexnet"), name=OWN, title="mine.pth", categories=("cat", "dog"))
    session["own_networks"] = {OWN: spec}
    return spec


def test_an_own_network_is_known_in_its_session_alone(own):
    assert networks.spec_of(OWN) is own
    assert networks.network_title(OWN) == networks.described(OWN) == "mine.pth"
    with pytest.raises(NetworkError, match="files end with the visit that loaded them"):
        networks.spec_of(ELSEWHERE)
    assert networks.network_title(ELSEWHERE) == "Own network, not here"


@pytest.mark.parametrize(
    ("chosen", "common", "first"),
    [
        ((), CLASSES, None),
        ((ELSEWHERE,), CLASSES, None),
        ((OWN,), ("cat", "dog"), ("cat", "dog")),
        ((ELSEWHERE, OWN), ("cat", "dog"), ("cat", "dog")),
        (("alexnet", "vgg19"), CLASSES, CLASSES),
        (("alexnet", OWN), None, CLASSES),
        ((OWN, "alexnet"), None, ("cat", "dog")),
    ],
)
def test_networks_have_classes_in_common_or_none(own, chosen, common, first):
    assert networks.categories_of(chosen) == common
    assert networks.first_categories(chosen) == first


def test_a_class_keeps_its_meaning_when_others_are_asked():
    question = Question(("hans", "clean"), targets=Classes((0,)))  # horse
    assert networks.asked_of(question, ("hans",)).targets == Classes((0,))
    other = networks.asked_of(question, ("efficientnet_lite0",))  # whose class 0 is a tench
    assert (other.networks, other.targets) == (("efficientnet_lite0",), TopK())


def test_a_class_of_the_compare_page_does_not_become_another_one_on_the_classes_page():
    app = open_app(networks="hans,clean", class_="0", picture="horse_stamped")
    app.switch_page("pages/Classes.py").run()
    widget(app, "why_mode").set_value("contrast").run()
    widget(app, "networks").set_value(["efficientnet_lite0"]).run()
    app.switch_page("streamlit_app.py").run()
    assert "class" not in query(app)
    assert widget(app, "class_box").value == -1


def test_of_two_networks_that_nobody_here_has_none_is_lost_with_the_next_click():
    asked = "efficientnet_lite0,own-0123456789abcdef,own-fedcba9876543210"
    app = open_app(networks=asked)
    widget(app, "show").set_value("overlay").run()
    assert query(app)["networks"] == asked


def test_what_a_class_of_somebody_elses_network_means_nobody_knows():
    question = Question((ELSEWHERE,), targets=Classes((0,)))
    assert networks.asked_of(question, ("efficientnet_lite0",)).targets == TopK()
    assert networks.asked_of(question, (ELSEWHERE,)).targets == Classes((0,))


def test_of_two_clicks_in_a_row_the_one_that_there_was_room_for_stays():
    assert networks._first(["a", "b"], ["a", "b", "c", "d"], 3) == ["a", "b", "c"]
    assert networks._first(["a", "b"], ["b", "c"], 3) == ["b", "c"]
