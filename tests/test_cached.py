"""What is kept between reruns: how much of it, under which key, and computed how often."""

import numpy as np
import pytest
import streamlit as st

from core import cached
from core.networks.catalogue import lookup
from core.values import Picture
from tests.held import Kept, Stopped, ignore


@pytest.fixture
def calls(monkeypatch):
    """The arguments of every explanation that is really computed; no network is loaded."""
    seen = []

    def explain(picture, spec, network, rules, target, *, fit):
        seen.append((picture.digest, spec.name, rules, target, fit))
        return Kept(100)

    monkeypatch.setattr(cached, "explain", explain)
    monkeypatch.setattr(cached, "load_network", lambda spec: Kept(1))
    st.cache_resource.clear()
    yield seen
    st.cache_resource.clear()


def picture(digest="a"):
    return Picture(np.zeros((2, 2, 3), np.uint8), digest)


def ask(rules=("vanilla", "guided"), name="alexnet", target=None, fit="crop", digest="a"):
    return cached.explanation(lookup(name), picture(digest), rules, target, fit, ignore)


def test_asking_twice_computes_once(calls):
    assert ask() is ask()
    assert calls == [("a", "alexnet", ("vanilla", "guided"), None, "crop")]


def test_switching_rules_off_and_on_computes_nothing(calls):
    for rules in [("vanilla", "guided"), ("vanilla",), ("guided",), (), ("guided", "vanilla")]:
        ask(rules)
    assert len(calls) == 1


def test_a_single_rule_already_computes_both_usual_ones(calls):
    ask(("guided",))
    ask(("vanilla",))
    assert [rules for _, _, rules, _, _ in calls] == [("vanilla", "guided")]


def test_a_rare_rule_computes_all_and_going_back_nothing(calls):
    ask()
    ask(("vanilla", "guided", "deconvnet"))
    ask(("deconvnet",))
    ask()
    assert [rules for _, _, rules, _, _ in calls] == [("vanilla", "guided"), ("vanilla", "guided", "deconvnet")]


@pytest.mark.parametrize("other", [{"digest": "b"}, {"name": "vgg19"}, {"target": 0}, {"target": 281}, {"fit": "pad"}])
def test_whatever_changes_the_answer_is_another_key(calls, other):
    ask()
    ask(**other)
    ask(**other)
    assert len(calls) == 2


def test_ready_is_what_would_answer_at_once(calls):
    def ready(rules, target):
        return cached.is_ready(lookup("alexnet"), picture(), rules, target, "crop")

    assert not ready(("vanilla",), None)
    ask()
    assert ready(("vanilla",), None)
    assert ready(("guided",), None)
    assert not ready(("deconvnet",), None)
    assert not ready(("vanilla",), 0)


def test_what_is_ready_needs_no_turn(calls):
    ask()

    def waiting(places):
        pytest.fail("waited for what was there")

    with cached.turns().turn(ignore), cached.turns().turn(ignore):
        cached.explanation(lookup("alexnet"), picture(), ("vanilla",), None, "crop", waiting)


def test_what_waiting_raises_passes_and_computes_nothing(calls):
    def leave(places):
        raise Stopped

    with cached.turns().turn(ignore), cached.turns().turn(ignore), pytest.raises(Stopped):
        cached.explanation(lookup("alexnet"), picture(), ("vanilla",), None, "crop", leave)
    assert calls == []


def test_an_error_of_the_network_is_passed_on_and_tried_again(calls, monkeypatch):
    def missing(spec):
        raise LookupError(spec.name)

    with monkeypatch.context() as patch:
        patch.setattr(cached, "load_network", missing)
        with pytest.raises(LookupError, match="alexnet"):
            ask()
    assert ask()
    assert len(calls) == 1


def test_a_run_that_is_superseded_while_it_waits_leaves_the_queue(calls):
    places = []

    def leave(ahead):
        places.append(ahead)
        raise Stopped

    with cached.turns().turn(ignore), cached.turns().turn(ignore):  # both places of a CPU are taken
        with pytest.raises(Stopped):
            cached.explanation(lookup("alexnet"), picture(), ("vanilla",), None, "crop", leave)
    assert places == [1]
    assert calls == []
    ask()
    assert len(calls) == 1


def test_networks_are_held_under_a_budget_in_bytes(calls, monkeypatch):
    monkeypatch.setenv("LIMELIGHT_MEMORY", "250MB")
    monkeypatch.setattr(cached, "load_network", lambda spec: Kept(100_000_000, spec.name))
    for name in ("alexnet", "vgg19", "resnet18"):
        ask(name=name)
    assert cached.networks().keys() == ("vgg19", "resnet18")


def test_a_network_that_is_held_is_not_loaded_again(calls, monkeypatch):
    loaded = []
    monkeypatch.setattr(cached, "load_network", lambda spec: loaded.append(spec.name) or Kept(1))
    for target in (None, 1, 2):
        ask(target=target)
    assert loaded == ["alexnet"]
