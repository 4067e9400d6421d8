"""What was found out about maps is computed once, and whatever changes it is another key."""

from dataclasses import fields

import pytest
import streamlit as st

from core import service, tested
from core.evidence.table import TESTS
from core.explain import explain
from core.networks.catalogue import lookup
from core.question import Question
from core.targets import Classes

SPEC = lookup("efficientnet_lite0")


@pytest.fixture
def asked(monkeypatch, network):
    """The subjects that a test is really asked of."""
    seen = []
    table = dict(TESTS)
    for name, test in TESTS.items():
        table[name] = type(test)("?", lambda subject, original: seen.append((subject, original)) or "found", "", "", "")
    monkeypatch.setattr(tested, "TESTS", table)
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
    ):
        tested.finding(*arguments)
    assert len(asked) == 5
    assert not (asked[0][0].inputs == asked[4][0].inputs).all()
    assert {field.name for field in fields(tested.Key)} == {"digest", "network", "fit", "target", "method", "test"}


def test_the_subject_sees_what_the_map_was_made_of(cat, network, asked):
    explained = explanation(cat, network)
    tested.finding("sum", explained, "guided", SPEC, cat, "crop")
    ((subject, original),) = asked
    assert (subject.map() == original).all()
