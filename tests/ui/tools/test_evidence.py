"""The tool that tests a map: a question, a sentence and what shows it, of one map or of all."""

import math

import numpy as np
import pytest

from core import tested
from core.evidence.adding_up import AddingUp
from core.evidence.classes import OtherClass
from core.evidence.pointing import STEPS, Pointing
from core.evidence.stability import Stability
from core.evidence.table import TESTS
from core.evidence.weights import Permuted, Weights
from tests.opening import captions, open_app, widget

MAP = np.ones((3, 224, 224), np.float32) * np.linspace(0, 1, 224, dtype=np.float32)
STAGES = tuple(Permuted(layers, 40, MAP, 0.001, likeness) for layers, likeness in ((1, 1.0), (20, 0.5), (40, 0.1)))
FALLING = np.linspace(0.4, 0, STEPS + 1)
FOUND = {
    "weights": Weights(
        (Permuted(1, 40, MAP, 0.001, 1.0), Permuted(20, 40, MAP, 0.0, 0.5), Permuted(40, 40, MAP, 0.0, 0.1)), 0.4
    ),
    "class": OtherClass(285, MAP, math.nan),
    "pointing": Pointing(np.arange(196), FALLING, FALLING[::-1], (0.1,) * 19, (282,) * 5 + (504,) * 6),
    "stability": Stability(MAP, MAP, 0.5, 0.3),
    "sum": None,
}


@pytest.fixture
def found(monkeypatch):
    """The tests that were asked for, as (test, network, method); nothing is computed."""
    asked = []

    def finding(test, explanation, method, *others):
        asked.append((test, explanation.network, method))
        return FOUND[test]

    monkeypatch.setattr(tested, "finding", finding)
    return asked


def words(app):
    return "\n".join(each.value for each in app.markdown).replace("\\", "")


def test_one_map_is_asked_all_questions(found):
    app = open_app(ask="evidence")
    assert not app.exception
    assert found == [(test, "efficientnet_lite0", "vanilla") for test in TESTS]
    said = words(app)
    for test in TESTS.values():
        assert test.question in said
        assert test.cannot in captions(app)
    assert "stays the same (1.00): it cannot show why this class was chosen" in said
    assert "Asked for Egyptian cat instead of tiger cat" in said
    assert "its rank correlation with itself is 0.50, as a JPEG file 0.30" in said
    assert "This method promises no sum." in said


def test_another_map_is_chosen(found):
    app = open_app(ask="evidence")
    found.clear()
    widget(app, "tested").select("EfficientNet-Lite0, guided").run()
    assert {method for *_, method in found} == {"guided"}


def test_all_maps_are_asked_and_each_is_named(found):
    app = open_app(ask="evidence")
    found.clear()
    widget(app, "tested").select("All maps of the grid").run()
    assert not app.exception
    assert len(found) == 2 * len(TESTS)
    said = words(app)
    assert "EfficientNet-Lite0, vanilla: This method promises no sum." in said
    assert "EfficientNet-Lite0, guided: This method promises no sum." in said


def test_the_picture_is_hidden_as_far_as_the_reader_drags(found):
    app = open_app(ask="evidence")
    assert "The network says **tiger cat**" in captions(app).replace("\\", "")
    widget(app, "hidden_share").set_value(60).run()
    assert "The network says **cup**" not in captions(app)
    assert "The network says **coffee mug**" in captions(app).replace("\\", "")
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
