"""Long work that is ended: what becomes of each method, and how to go on."""

from dataclasses import replace

import pytest
import streamlit as st

from core.question import Question
from core.selection import Selection
from core.ui.figure.columns import Column
from core.ui.frame.widgets import _touching
from core.ui.grid import stopping as module
from core.ui.grid.stopping import Stopping
from tests.ui.made import explained

METHODS = ("gradcam", "smooth:100", "ig", "rise")


class Place:
    """A place that says which buttons it has shown, and what a click on the one it shows does."""

    entered = None

    def __init__(self):
        self.shown, self.now = [], None

    def empty(self):
        self.now = None
        return self

    def __enter__(self):
        Place.entered = self

    def __exit__(self, *error):
        Place.entered = None


def drawn(label, **given):
    """A button, in the place that was entered."""
    Place.entered.shown.append(label)
    Place.entered.now = given["on_click"]


@pytest.fixture
def state(monkeypatch):
    kept = {"methods": list(METHODS), "selection": Selection(question=Question(rules=("vanilla", *METHODS)))}
    monkeypatch.setattr(st, "session_state", kept)
    monkeypatch.setattr(module, "button", _touching(drawn, "on_click"))
    return kept


def columns(*samples):
    return [
        Column("alexnet", "AlexNet", explanation=explained(samples={m: (n, 1000) for m, n in each.items()}))
        for each in samples
    ]


def end(place, *looks):
    """End the work after these looks at the samples of two networks."""
    stopping = Stopping(place)
    with stopping.offered():
        for look in looks:
            stopping.reached(columns(look, look))
        place.now()


def test_each_method_becomes_the_one_of_the_samples_that_are_there_or_is_taken_out(state):
    end(Place(), {"smooth:100": 4, "ig": 4, "rise": 4}, {"smooth:100": 60, "ig": 60, "rise": 60})
    assert state["methods"] == ["gradcam", "smooth:60", "rise:60"]
    assert state["touched"]


def test_what_came_to_its_end_stays_and_too_few_are_no_method(state):
    end(Place(), {"smooth:100": 40, "rise": 40})
    assert state["methods"] == ["gradcam", "smooth:40", "ig"]


def test_before_the_first_look_there_is_nothing_to_keep(state):
    end(Place())
    assert state["methods"] == ["gradcam"]


def test_a_run_that_begins_anew_still_has_the_looks_that_are_on_the_page(state):
    stopping = Stopping(Place())
    with stopping.offered():
        look = {"smooth:100": 40, "ig": 40, "rise": 40}
        stopping.reached(columns(look, look))
    end(Place())  # of another run, which was begun by something else, such as the page's size
    assert state["methods"] == ["gradcam", "smooth:40"]


def test_looks_at_another_picture_are_no_looks_at_this_one(state):
    stopping = Stopping(Place())
    with stopping.offered():
        look = {"smooth:100": 40, "ig": 40, "rise": 40}
        stopping.reached(columns(look, look))
    state["selection"] = replace(state["selection"], picture="coffee")
    end(Place())
    assert state["methods"] == ["gradcam"]


def test_going_on_asks_for_all_that_was_asked_for(state):
    end(Place(), {"smooth:100": 40, "ig": 40, "rise": 40})
    place = Place()
    Stopping(place)
    assert place.shown == ["Go on"]
    place.now()
    assert state["methods"] == list(METHODS)
    Stopping(again := Place())
    assert again.shown == []


def test_a_rest_that_is_computed_after_the_end_is_not_to_be_ended_again(state):
    end(Place(), {"smooth:100": 40, "ig": 40, "rise": 40})
    place = Place()
    with Stopping(place).offered():
        assert place.shown == ["Go on"]


def test_who_chooses_something_else_after_the_end_is_not_asked_to_go_on(state):
    end(Place(), {"smooth:100": 40, "ig": 40, "rise": 40})
    state["methods"] = ["smooth:40"]
    Stopping(place := Place())
    assert place.shown == []


def test_the_button_goes_when_the_work_has_come_to_its_end(state):
    stopping = Stopping(place := Place())
    with stopping.offered():
        assert place.now is not None
        assert place.shown == ["Stop here"]
    assert place.now is None
