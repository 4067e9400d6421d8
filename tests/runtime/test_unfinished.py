"""Unfinished work: one at a time, kept for the next, and let go of when it is too much."""

import threading

import pytest

from core.runtime.unfinished import Unfinished
from tests.held import SECONDS, Kept, Stopped, ignore


def test_what_was_left_is_there_again_under_its_key_alone():
    unfinished = Unfinished(10)
    with unfinished.using("a", ignore) as left:
        left["part"] = Kept(3)
    with unfinished.using("b", ignore) as left:
        assert left == {}
    with unfinished.using("a", ignore) as left:
        assert left == {"part": Kept(3)}


def test_it_is_kept_also_when_the_work_was_ended():
    unfinished = Unfinished(10)

    def work():
        with unfinished.using("a", ignore) as left:
            left["part"] = Kept(3)
            raise Stopped

    with pytest.raises(Stopped):
        work()
    with unfinished.using("a", ignore) as left:
        assert left == {"part": Kept(3)}


def test_the_least_recently_used_goes_first_and_more_than_the_limit_is_not_kept():
    unfinished = Unfinished(5)
    for key, size in (("a", 2), ("b", 2), ("c", 2)):
        with unfinished.using(key, ignore) as left:
            left["part"] = Kept(size)
    found = {}
    for key in ("a", "b", "c"):
        with unfinished.using(key, ignore) as left:
            found[key] = dict(left)
    assert [key for key, left in found.items() if left] == ["b", "c"]
    with unfinished.using("d", ignore) as left:
        left["part"] = Kept(6)
    with unfinished.using("d", ignore) as left:
        assert left == {}


def test_somebody_else_waits_and_then_goes_on_from_there():
    unfinished, at_work, waited, seen = Unfinished(10), threading.Event(), threading.Event(), []

    def other():
        at_work.wait(SECONDS)
        with unfinished.using("a", lambda places: waited.set()) as left:
            seen.append(dict(left))

    thread = threading.Thread(target=other)
    thread.start()
    with unfinished.using("a", ignore) as left:
        at_work.set()
        assert waited.wait(SECONDS)
        left["part"] = Kept(1)
    thread.join(SECONDS)
    assert seen == [{"part": Kept(1)}]


def test_who_will_not_wait_leaves_and_the_other_keeps_it():
    unfinished = Unfinished(10)

    def leave(places):
        assert places == 1
        raise Stopped

    with unfinished.using("a", ignore) as left:
        with pytest.raises(Stopped), unfinished.using("a", leave):
            pytest.fail("two have it")
        left["part"] = Kept(1)
    with unfinished.using("a", ignore) as left:
        assert left
