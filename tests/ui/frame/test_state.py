"""Whose word counts when a run begins: the widgets', or the address's."""

import pytest

from core.selection import Selection
from core.ui.frame import state
from core.values import Window

DEFAULT = Selection().picture


class Query(dict):
    """The part of st.query_params that is used."""

    def to_dict(self):
        return dict(self)

    def __init__(self):
        self.sent = []

    def from_dict(self, values):
        self.clear()
        self.update(values)
        self.sent.append(dict(values))


@pytest.fixture
def session(monkeypatch):
    """A session's state and its address."""
    kept, query = {}, Query()
    monkeypatch.setattr(state.st, "session_state", kept)
    monkeypatch.setattr(state.st, "query_params", query)
    return query


def test_a_run_after_a_widget_keeps_what_it_said_though_the_address_is_late(session):
    selected = state.begin("Compare")
    assert state.arrived()
    state.leave("Compare", selected)
    before = dict(session)
    state.change(picture="coffee")  # in a callback; the page's run follows
    assert state.begin("Compare").picture == "coffee"
    assert not state.arrived()
    assert state.leave("Compare", state.selection()) == session == {**session, "picture": "coffee"}
    session.from_dict(before)  # a second click, sent before the new address had arrived
    state.touch()
    assert state.begin("Compare").picture == "coffee"


def test_after_a_late_address_the_right_one_is_sent_though_the_widget_came_with_it(session):
    state.leave("Compare", state.begin("Compare"))
    first = dict(session)
    state.change(picture="coffee")
    state.leave("Compare", state.begin("Compare"))  # its address is on its way to the browser
    session.clear()
    session.update(first)  # a click that takes the choice back comes with the address before
    state.change(picture=DEFAULT)
    session.sent.clear()
    assert state.leave("Compare", state.begin("Compare")) == first
    assert session.sent == [first]


def test_an_address_that_is_right_is_not_sent_again(session):
    state.leave("Compare", state.begin("Compare"))
    session.sent.clear()
    state.touch()
    state.leave("Compare", state.begin("Compare"))
    assert session.sent == []


def test_back_or_a_link_moves_the_selection(session):
    state.leave("Compare", state.begin("Compare"))
    session.from_dict({"picture": "rocket"})
    assert state.begin("Compare").picture == "rocket"
    assert state.arrived()
    state.leave("Compare", state.selection())
    state.go_to({"picture": "coffee"})
    assert state.begin("Compare").picture == "coffee"
    assert state.arrived()


def test_another_page_is_an_arrival_with_the_same_selection(session):
    state.leave("Compare", state.begin("Compare"))
    state.begin("Classes")
    assert state.arrived()


def test_a_widget_is_set_only_where_it_shows_something_else(monkeypatch):
    class Session(dict):
        """Says what was set."""

        def __setitem__(self, key, value):
            happened.append((key, value))
            super().__setitem__(key, value)

    happened = []
    monkeypatch.setattr(state.st, "session_state", Session(slider=30))
    state.keep_widget("slider", 30)
    assert happened == []  # else the browser would be told, and take back what was done since
    state.keep_widget("slider", 40)
    state.keep_widget("other", ())
    assert happened == [("slider", 40), ("other", ())]


def test_a_click_while_a_link_is_being_opened_does_not_mix_both(session):
    state.leave("Compare", state.begin("Compare"))
    session.from_dict({"picture": "rocket", "class": "281"})
    state.begin("Compare")  # and its controls fetch a picture for seconds
    state.touch()  # a widget of the page before
    assert state.begin("Compare").picture == "rocket"
    assert state.arrived()
    state.leave("Compare", state.selection())
    state.touch()
    state.begin("Compare")
    assert not state.arrived()


def test_a_link_that_comes_with_a_widget_is_followed(session):
    """As where the browser says how much room there is just after somebody went to another address."""
    state.leave("Compare", state.begin("Compare"))
    session.from_dict({"picture": "rocket"})
    state.touch()
    assert state.begin("Compare").picture == "rocket"
    assert state.arrived()


def test_of_several_clicks_in_a_row_each_may_come_with_an_address_before(session):
    state.leave("Compare", state.begin("Compare"))
    addresses = [dict(session)]
    for picture in ("coffee", "rocket", "clock"):
        state.change(picture=picture)
        session.clear()
        session.update(addresses[0])  # the browser knows none of the later ones yet
        state.leave("Compare", state.begin("Compare"))
        addresses.append(dict(session))
    for late in addresses[:-1]:
        state.touch()
        session.clear()
        session.update(late)
        assert state.begin("Compare").picture == "clock"
        assert not state.arrived()
        state.leave("Compare", state.selection())


def test_back_that_is_broken_off_and_taken_back_leads_where_the_reader_was(session):
    state.leave("Compare", state.begin("Compare"))
    here = dict(session)
    session.from_dict({"picture": "coffee"})
    state.begin("Compare")  # Back, and then Forward before its run has come to an end
    session.from_dict(here)
    assert state.begin("Compare").picture == DEFAULT
    assert state.arrived()


def test_a_late_click_does_not_keep_a_page_from_going_where_it_was_sent(session):
    state.leave("Compare", state.begin("Compare"))
    here = dict(session)
    state.go_to({"picture": "rocket"})
    state.begin("Compare")
    session.clear()
    session.update(here)  # a click that the browser sent before it was told
    state.touch()
    session.sent.clear()
    selected = state.begin("Compare")
    assert (selected.picture, state.arrived()) == ("rocket", True)
    state.leave("Compare", selected)
    assert session.sent == [dict(session)]
    assert session["picture"] == "rocket"


def test_however_many_clicks_are_on_their_way_none_is_taken_for_a_link(session):
    state.leave("Compare", state.begin("Compare"))
    first, late = dict(session), []
    for place in range(40):
        state.change(picture=("coffee", "rocket")[place % 2], window=Window(0, place + 1))
        session.clear()
        session.update(first)
        state.leave("Compare", state.begin("Compare"))
        late.append(dict(session))
    for address in late:
        state.touch()
        session.clear()
        session.update(address)
        assert state.begin("Compare").window == Window(0, 40)
        assert not state.arrived()
        state.leave("Compare", state.selection())
