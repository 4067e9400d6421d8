"""What is kept between reruns: how much of it, under which key, and computed how often."""

import threading
from dataclasses import dataclass

import numpy as np
import pytest
import streamlit as st

from core import cached
from core.cached import Explanations
from core.values import Picture


@dataclass(frozen=True)
class Kept:
    """Stands for an explanation: all that the cache asks of one is its size."""

    nbytes: int = 1
    name: str = ""


def ignore(places):
    """Wait without a word."""


def never():
    pytest.fail("computed although it was there")


@pytest.fixture
def kept():
    return Explanations(limit=10)


def test_what_was_made_is_there(kept):
    made = Kept()
    assert kept.get("a") is None
    assert kept.make("a", lambda: made, ignore) is made
    assert kept.get("a") is made
    assert kept.make("a", never, ignore) is made


def test_the_least_recently_used_goes_first(kept):
    for key in "abc":
        kept.make(key, lambda: Kept(3), ignore)
    kept.get("a")
    kept.make("d", lambda: Kept(3), ignore)
    assert [key for key in "abcd" if kept.get(key)] == ["a", "c", "d"]


def test_bytes_are_counted_and_not_entries(kept):
    kept.make("small", lambda: Kept(1), ignore)
    kept.make("large", lambda: Kept(9), ignore)
    assert kept.get("small")  # 10 of 10 bytes: just fits
    kept.make("one more", lambda: Kept(1), ignore)
    assert kept.get("large") is None
    assert kept.get("small")
    assert kept.get("one more")


def test_one_that_is_larger_than_everything_is_still_kept_alone(kept):
    kept.make("small", lambda: Kept(1), ignore)
    kept.make("huge", lambda: Kept(1000), ignore)
    assert kept.get("huge")
    assert kept.get("small") is None


class Callers:
    """Four threads that ask for one key while it is being made."""

    def __init__(self, kept, compute):
        self.answers, self.errors, self.calls = [], [], []
        self.go, self.at_it = threading.Event(), threading.Event()
        self.kept, self.compute = kept, compute
        threads = [threading.Thread(target=self.ask, daemon=True) for _ in range(4)]
        threads[0].start()
        assert self.at_it.wait(5)
        for thread in threads[1:]:
            thread.start()
        threading.Event().wait(0.05)  # let them begin to wait; if they are late, they find it ready
        self.go.set()
        for thread in threads:
            thread.join(5)

    def ask(self):
        try:
            self.answers.append(self.kept.make("key", self.slowly, ignore))
        except BaseException as error:
            self.errors.append(error)

    def slowly(self):
        self.calls.append(threading.get_ident())
        self.at_it.set()
        self.go.wait(5)
        return self.compute()


def test_callers_at_the_same_time_share_one_computation(kept):
    callers = Callers(kept, Kept)
    assert len(callers.calls) == 1
    assert len(callers.answers) == 4
    assert len(set(map(id, callers.answers))) == 1
    assert callers.errors == []


class Stopped(BaseException):
    """As Streamlit's own stop and rerun are."""


@pytest.mark.parametrize("error", [ValueError("no"), Stopped()])
def test_those_who_waited_for_one_that_failed_try_for_themselves(kept, error):
    failures = iter([error])

    def fail_once():
        for failure in failures:
            raise failure
        return Kept()

    callers = Callers(kept, fail_once)
    assert callers.errors == [error]
    assert len(callers.answers) == 3
    assert len(set(map(id, callers.answers))) == 1
    assert len(callers.calls) == 2


def test_who_waits_can_leave(kept):
    started, go_on = threading.Event(), threading.Event()

    def slowly():
        started.set()
        go_on.wait(5)
        return Kept()

    def leave(places):
        raise Stopped

    maker = threading.Thread(target=kept.make, args=("key", slowly, ignore), daemon=True)
    maker.start()
    assert started.wait(5)
    with pytest.raises(Stopped):
        kept.make("key", never, leave)
    go_on.set()
    maker.join(5)
    assert kept.get("key")


def test_two_keys_are_made_at_the_same_time(kept):
    both = threading.Barrier(2, timeout=5)

    def together():
        both.wait()  # only passes if both computations run
        return Kept()

    other = threading.Thread(target=kept.make, args=("a", together, ignore), daemon=True)
    other.start()
    assert kept.make("b", together, ignore)
    other.join(5)
    assert kept.get("a")


@pytest.fixture
def calls(monkeypatch):
    """The arguments of every explanation that is really computed; no network is loaded."""
    seen = []

    def explain(picture, name, network, rules, target, *, fit):
        seen.append((picture.digest, name, rules, target, fit))
        return Kept(100)

    monkeypatch.setattr(cached, "explain", explain)
    monkeypatch.setattr(cached, "network", lambda name, device: None)
    st.cache_resource.clear()
    yield seen
    st.cache_resource.clear()


def picture(digest="a"):
    return Picture(np.zeros((2, 2, 3), np.uint8), digest)


def ask(rules=("vanilla", "guided"), name="alexnet", target=None, fit="crop", digest="a"):
    return cached.explanation(name, picture(digest), rules, target, fit, ignore)


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


@pytest.mark.parametrize(
    "other", [{"digest": "b"}, {"name": "vgg19"}, {"target": 0}, {"target": 281}, {"fit": "pad"}]
)
def test_whatever_changes_the_answer_is_another_key(calls, other):
    ask()
    ask(**other)
    ask(**other)
    assert len(calls) == 2


def test_ready_is_what_would_answer_at_once(calls):
    def ready(rules, target):
        return cached.is_ready("alexnet", picture(), rules, target, "crop")

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
        cached.explanation("alexnet", picture(), ("vanilla",), None, "crop", waiting)


def test_what_waiting_raises_passes_and_computes_nothing(calls):
    def leave(places):
        raise Stopped

    with cached.turns().turn(ignore), cached.turns().turn(ignore), pytest.raises(Stopped):
        cached.explanation("alexnet", picture(), ("vanilla",), None, "crop", leave)
    assert calls == []


def test_an_error_of_the_network_is_passed_on_and_tried_again(calls, monkeypatch):
    def missing(name, device):
        raise LookupError(name)

    with monkeypatch.context() as patch:
        patch.setattr(cached, "network", missing)
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
            cached.explanation("alexnet", picture(), ("vanilla",), None, "crop", leave)
    assert places == [1]
    assert calls == []
    ask()
    assert len(calls) == 1
