"""Pins as a session keeps them: each once, with a name of its own, in the order of their owner."""

import pytest

from core.evidence_view import EvidenceView
from core.ui.pins import pins
from core.values import Window
from tests.selecting import select


def keep(*names):
    """Pin as many different comparisons as there are names."""
    for place, name in enumerate(names):
        pins.add(name, select(opacity=0.1 + place / 100), b"")


def names():
    return [pin.name for pin in pins.pins()]


def numbers():
    return [pin.number for pin in pins.pins()]


def test_the_same_comparison_is_kept_once_whatever_tool_is_below_it(session):
    pins.add("cat", select(), b"")
    pins.add("again", select(tool="region", presenting=True), b"")
    pins.add("again", select(tool="evidence", evidence=EvidenceView(hidden=50)), b"")
    pins.add("again", select(subject="alexnet", classes=(1, 2), mode="chosen"), b"")
    pins.add("again", select(against=3, classes=(1,), mode="contrast"), b"")
    assert names() == ["cat"]
    assert pins.pinned(select(tool="numbers")) == pins.pins()[0]
    assert pins.pinned(select(opacity=0.1)) is None
    assert pins.pinned(select(window=Window(0, 9))) is None
    assert pins.pins()[0].selection == select()


def test_names_are_told_apart(session):
    keep("cat", "cat", "cat (2)", "cat")
    assert names() == ["cat", "cat (2)", "cat (2) (2)", "cat (3)"]


def test_one_more_than_fit_is_not_kept(session):
    keep(*"abcdefghijklm")
    assert names() == list("abcdefghijkl")


@pytest.mark.parametrize(
    ("number", "by", "order"),
    [(1, 1, [2, 1, 3]), (3, -1, [1, 3, 2]), (1, -1, [1, 2, 3]), (3, 1, [1, 2, 3]), (9, 1, [1, 2, 3])],
)
def test_a_pin_moves_as_far_as_there_is_room(session, number, by, order):
    keep("a", "b", "c")
    pins.move(number, by)
    assert numbers() == order


def test_a_number_is_never_used_twice(session):
    keep("a", "b")
    pins.remove(2)
    pins.remove(9)  # which is not there
    keep("a", "b")
    assert numbers() == [1, 3]


def test_a_name_is_trimmed_and_no_longer_than_a_card(session):
    keep("a", "b")
    pins.rename(2, f"  {'x' * 90}  ")
    pins.rename(1, " \n ")
    assert names() == ["a", "x" * 80]


def test_an_upload_that_the_session_let_go_is_gone_and_nothing_else_is(session):
    session["uploads"] = {"upload-here": b"..."}
    for picture in ("upload-here", "upload-gone", "chelsea", "https://example.com/upload-gone"):
        pins.add(picture, select(picture=picture), b"")
    assert [pin.name for pin in pins.pins() if pin.is_gone] == ["upload-gone"]


def test_a_pin_that_is_given_the_name_of_another_one_is_told_apart(session):
    keep("a", "b")
    for name in ("a", "a (2)"):  # the latter is its own by then, and no other's
        pins.rename(numbers()[1], name)
        assert names() == ["a", "a (2)"]
