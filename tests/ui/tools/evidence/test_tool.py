"""The tool that tests a map: a question, a sentence and what shows it, of one map or of all."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from core import tested
from core.evidence.adding_up import AddingUp
from core.evidence.cascade import Cascade
from core.evidence.classes import OtherClass
from core.evidence.pointing import STEPS, Pointing
from core.evidence.road import Road
from core.evidence.stability import Stability
from core.evidence.table import ON_DEMAND, TESTS, USUAL
from core.evidence.weights import Permuted, Weights
from core.images import load_sample
from core.question import Question
from core.selection import Selection
from core.ui.figure.columns import Column
from core.ui.tools.evidence.asking import Asked
from core.ui.tools.evidence.maps import maps_in
from tests.opening import captions, open_app, widget

MAP = np.ones((3, 224, 224), np.float32) * np.linspace(0, 1, 224, dtype=np.float32)
FALLING = np.linspace(0.4, 0, STEPS + 1)
FOUND = {
    "weights": Weights(
        (Permuted(1, 40, MAP, 0.001, 1.0), Permuted(20, 40, MAP, 0.0, 0.5), Permuted(40, 40, MAP, 0.0, 0.1)), 0.4
    ),
    "class": OtherClass(285, MAP, math.nan),
    "pointing": Pointing(np.arange(196), FALLING, FALLING[::-1], (0.1,) * 19, (282,) * 5 + (504,) * 6),
    "stability": Stability(MAP, MAP, 0.5, 0.3),
    "sum": None,
    "cascade": Cascade((1, 20, 40), np.array([[1.0, 0.5, 0.1]] * 3)),
    "road": Road(np.full(7, 0.1), np.full(7, 0.4), 0.4),
}


@pytest.fixture
def found(monkeypatch):
    """The tests that were asked for, as (test, network, source); nothing is computed."""
    asked = []

    def finding(test, explanation, source, *others):
        asked.append((test, explanation.network, source))
        return FOUND[test]

    monkeypatch.setattr(tested, "finding", finding)
    return asked


def words(app):
    return "\n".join(each.value for each in app.markdown).replace("\\", "")


def test_one_map_is_asked_all_questions(found):
    app = open_app(ask="evidence")
    assert not app.exception
    assert found == [(test, "efficientnet_lite0", "vanilla") for test in USUAL]
    said = words(app)
    for test in map(TESTS.get, USUAL):
        assert test.question in said
        assert (test.cannot in captions(app)) == (test is not TESTS["sum"])  # which means nothing here
    for test in ON_DEMAND:
        assert TESTS[test].cannot not in captions(app)
    assert "stays the same (1.00): it cannot show why this class was chosen" in said
    assert "Asked for Egyptian cat instead of tiger cat" in said
    assert "its rank correlation with itself is 0.50, as a JPEG file 0.30" in said
    assert "This method promises no sum." in said


def test_another_map_is_chosen(found):
    app = open_app(ask="evidence")
    found.clear()
    widget(app, "tested").set_value("efficientnet_lite0,282,guided").run()
    assert {source for *_, source in found} == {"guided"}
    assert app.query_params["test"] == "efficientnet_lite0,282,guided"


def test_all_maps_are_asked_and_each_is_named(found):
    app = open_app(ask="evidence")
    found.clear()
    widget(app, "tested").set_value("all").run()
    assert not app.exception
    assert len(found) == 2 * len(USUAL)
    said = words(app)
    assert "EfficientNet-Lite0, Vanilla gradient: This method promises no sum." in said
    assert "EfficientNet-Lite0, Guided backprop: This method promises no sum." in said


def test_the_picture_is_hidden_as_far_as_the_reader_drags(found):
    app = open_app(ask="evidence")
    assert "The network says **tiger cat**" in captions(app).replace("\\", "")
    widget(app, "hidden_share").set_value(60).run()
    assert "The network says **cup**" not in captions(app)
    assert "The network says **coffee mug**" in captions(app).replace("\\", "")
    assert app.query_params["hidden"] == "60"
    assert not app.exception


def test_what_adds_up_is_said(found, monkeypatch):
    monkeypatch.setitem(FOUND, "sum", AddingUp(0.97))
    app = open_app(ask="evidence", rules="ig:8")
    assert "add up to 97\u00a0%" in words(app)
    assert found[0][2] == "ig:8"


def test_without_a_map_there_is_nothing_to_test(found):
    app = open_app(ask="evidence", networks="vgg19")
    assert "There is no map to test yet." in captions(app)
    assert found == []


def test_what_goes_wrong_in_one_test_is_a_sentence_and_the_others_stay(found, monkeypatch):
    def finding(test, *others):
        if test == "class":
            raise RuntimeError("out of memory")
        return FOUND[test]

    monkeypatch.setattr(tested, "finding", finding)
    app = open_app(ask="evidence")
    assert not app.exception
    assert [error.value for error in app.error] == ["This test failed in a way we did not foresee."]
    assert "This method promises no sum." in words(app)


def test_references_go_through_the_same_tests(found):
    app = open_app(ask="evidence", test="efficientnet_lite0,282,edges")
    assert not app.exception
    assert found == [(test, "efficientnet_lite0", "edges") for test in USUAL]
    assert widget(app, "tested").options[:2] == [
        "EfficientNet-Lite0, Vanilla gradient",
        "EfficientNet-Lite0, Guided backprop",
    ]
    references = [f"EfficientNet-Lite0, {name}" for name in ("Edges (Sobel)", "Random noise", "Blob in the middle")]
    assert widget(app, "tested").options[2:-1] == references


def test_a_link_opens_the_map_what_is_asked_of_it_and_how_much_is_hidden(found):
    app = open_app(ask="evidence", test="efficientnet_lite0,282,guided", more="road", hidden="60")
    assert not app.exception
    assert found == [(test, "efficientnet_lite0", "guided") for test in TESTS if test in (*USUAL, "road")]
    assert "The network says **coffee mug**" in captions(app).replace("\\", "")
    assert (widget(app, "hidden_share").value, widget(app, "more_road").value) == (60, True)


def test_all_maps_are_those_that_the_grid_shows(found):
    open_app(ask="evidence", test="all", rules="vanilla", **{"with": "edges"})
    assert {source for *_, source in found} == {"vanilla", "edges"}


@pytest.mark.parametrize("test", ON_DEMAND)
def test_what_costs_much_is_asked_on_demand(found, test):
    app = open_app(ask="evidence")
    found.clear()
    widget(app, f"more_{test}").set_value(True).run()
    assert not app.exception
    assert found == [(each, "efficientnet_lite0", "vanilla") for each in TESTS if each in (*USUAL, test)]
    assert FOUND[test].says("tiger cat", ()).replace(" %", "\u00a0%") in words(app)
    assert app.query_params["more"] == test
    found.clear()
    widget(app, f"more_{test}").set_value(False).run()
    assert test not in {each for each, *_ in found}


@pytest.mark.parametrize(
    ("test", "source"),
    [
        ("efficientnet_lite0,3,guided", "guided"),  # it explained another class when the link was made
        ("efficientnet_lite0,282,smooth", "vanilla"),
        ("vgg19,282,guided", "vanilla"),
        ("nonsense", "vanilla"),
        ("efficientnet_lite0,282", "vanilla"),
        ("efficientnet_lite0,282,<script>", "vanilla"),
    ],
)
def test_a_map_that_is_not_there_becomes_the_nearest(found, test, source):
    app = open_app(ask="evidence", test=test)
    assert not app.exception
    assert {each for *_, each in found} == {source}


def test_the_reader_stops_and_goes_on(found, monkeypatch):
    made = {"weights"}
    monkeypatch.setattr(tested, "is_ready", lambda test, *others: test in made)
    app = open_app(ask="evidence")
    asked = Asked(load_sample("chelsea"), "crop", "efficientnet_lite0,282,vanilla ()")
    app.session_state["tests_stopped"] = asked.key
    found.clear()
    app.run()
    assert [test for test, *_ in found] == ["weights"]
    assert captions(app).count("Not tested: you stopped.") == len(USUAL) - 1
    widget(app, "tests_pace").click().run()
    assert [test for test, *_ in found][1:] == list(USUAL)
    assert "you stopped" not in captions(app)


def test_networks_of_the_same_title_are_told_apart():
    explanation = SimpleNamespace(
        title="ResNet-18", network="", target=SimpleNamespace(index=1, name="cup"), attributions={"vanilla": MAP}
    )
    columns = [
        Column(name, "ResNet-18", explanation=SimpleNamespace(**vars(explanation) | {"network": name}))
        for name in ("file:a", "file:b")
    ]
    selection = Selection(question=Question(networks=("file:a", "file:b"), rules=("vanilla",)))
    found = maps_in(columns, selection)
    assert [each.title for each in found.values()][:2] == [
        "ResNet-18, Vanilla gradient",
        "ResNet-18, Vanilla gradient (2)",
    ]
    assert len(found) == 2 * 4
