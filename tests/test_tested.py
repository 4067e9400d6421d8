"""What was found out about maps is computed once, and whatever changes it is another key."""

from dataclasses import fields, replace

import pytest
import streamlit as st

from core import examine, service, tested
from core.evidence.table import TESTS
from core.explain import explain
from core.networks.catalogue import lookup
from core.question import Question
from core.saliency.references import reference_map
from core.targets import Classes

SPEC = lookup("efficientnet_lite0")


@pytest.fixture
def asked(monkeypatch, network):
    """The subjects that a test is really asked of."""
    seen = []
    table = dict(TESTS)
    for name, test in TESTS.items():
        table[name] = type(test)(
            "?", "", lambda subject, original: seen.append((subject, original)) or "found", "", "", ""
        )
    monkeypatch.setattr(examine, "TESTS", table)
    monkeypatch.setattr(service, "load_network", lambda spec: network)
    st.cache_resource.clear()
    yield seen
    st.cache_resource.clear()


def explanation(cat, network, target=282, fit="crop"):
    (found,) = explain(cat, SPEC, network, Question(("efficientnet_lite0",), targets=Classes((target,)), fit=fit))
    return found


def test_a_test_is_made_once(cat, network, asked):
    explained = explanation(cat, network)
    for _ in range(2):
        assert tested.finding("weights", explained, "vanilla", SPEC, cat, "crop") == "found"
    ((subject, original),) = asked
    assert original is explained.attributions["vanilla"]
    assert (subject.target, str(subject.method), subject.recipe) == (282, "vanilla", SPEC.recipe)


def test_whatever_changes_it_is_another_one(cat, network, asked):
    one, other, padded = (explanation(cat, network, *more) for more in ((), (281,), (282, "pad")))
    for arguments in (
        ("weights", one, "vanilla", SPEC, cat, "crop"),
        ("class", one, "vanilla", SPEC, cat, "crop"),
        ("weights", one, "guided", SPEC, cat, "crop"),
        ("weights", other, "vanilla", SPEC, cat, "crop"),
        ("weights", padded, "vanilla", SPEC, cat, "pad"),
        ("weights", replace(one, target=replace(one.target, logit=1.0)), "vanilla", SPEC, cat, "crop"),
    ):
        tested.finding(*arguments)
    assert len(asked) == 6
    assert not (asked[0][0].inputs == asked[4][0].inputs).all()
    known = {"digest", "network", "fit", "target", "logit", "source", "test"}
    assert {field.name for field in fields(tested.Key)} == known


def test_the_subject_sees_what_the_map_was_made_of(cat, network, asked):
    explained = explanation(cat, network)
    tested.finding("sum", explained, "guided", SPEC, cat, "crop")
    ((subject, original),) = asked
    assert (subject.map() == original).all()


def test_what_is_held_is_what_was_asked(cat, network, asked):
    one, other = explanation(cat, network), explanation(cat, network, 281)
    keys = {tested.key_of("class", one, "guided", cat, "crop"), tested.key_of("weights", other, "edges", cat, "crop")}
    assert tested.held(keys, [one, other], cat, "crop") == ()
    assert not tested.is_ready("class", one, "guided", cat, "crop")
    tested.finding("class", one, "guided", SPEC, cat, "crop")
    tested.finding("weights", other, "edges", SPEC, cat, "crop")
    assert tested.is_ready("class", one, "guided", cat, "crop")
    assert not tested.is_ready("class", one, "guided", cat, "pad")
    assert tested.held((), [one, other], cat, "crop") == ()  # nobody here has seen it
    assert tested.held(keys, [one, other], cat, "pad") == ()
    held = tested.held(keys, [one, other], cat, "crop")
    assert [(each.explanation, each.source, each.test) for each in held] == [
        (one, "guided", "class"), (other, "edges", "weights")
    ]  # fmt: skip


def test_a_reference_is_the_one_of_the_grid(cat, network, asked):
    explained = explanation(cat, network)
    tested.finding("weights", explained, "random", SPEC, cat, "crop")
    ((subject, original),) = asked
    assert (original[0] == reference_map("random", explained.seen, "efficientnet_lite0")).all()
    assert (subject.map() == original).all()
