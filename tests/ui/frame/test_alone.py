"""Another view: the part of the page that shows it is drawn alone, and then the page."""

import pytest
from streamlit.testing.v1 import AppTest

from core.selection import Selection
from core.ui.frame import alone, state


def page():
    import streamlit as st

    from core.ui.frame import alone

    session = st.session_state
    happened = session.setdefault("happened", [])
    alone.begin_page()
    happened.append("page")

    def see():
        session["seen"] = session["colours"]
        alone.draw_alone()

    st.selectbox("Colours", ["hot", "grey", "viridis"], key="colours", on_change=see)
    st.selectbox("Network", ["one", "other"], key="network", on_change=lambda: None)
    network = session["network"]

    def draw(when):
        if when == session.get("fails"):
            raise ValueError(when)
        happened.append(f"{network} in {session.get('seen', 'hot')} {when}")
        st.text(happened[-1])

    if session.get("has_part", True):
        alone.part(lambda: draw("with it"), lambda: draw("alone"))
    st.text("the rest")


@pytest.fixture
def opened():
    app = AppTest.from_function(page).run()
    assert told(app) == ["page", "one in hot with it"]
    return app


def told(app):
    """What happened since this was asked last."""
    assert not app.exception
    happened = list(app.session_state["happened"])
    app.session_state["happened"].clear()
    return happened


def test_another_view_is_drawn_alone_and_then_the_page_follows(opened):
    opened.get_by_key("colours").set_value("grey").run()
    assert told(opened) == ["one in grey alone", "page", "one in grey with it"]
    assert [text.value for text in opened.text] == ["one in grey with it", "the rest"]
    opened.get_by_key("colours").set_value("viridis").run()
    assert told(opened) == ["one in viridis alone", "page", "one in viridis with it"]


def test_anything_else_draws_the_page_and_so_do_both_at_once(opened):
    opened.get_by_key("network").set_value("other").run()
    assert told(opened) == ["page", "other in hot with it"]
    opened.get_by_key("network").set_value("one")
    opened.get_by_key("colours").set_value("grey").run()
    assert told(opened) == ["page", "one in grey with it"]


def test_a_page_without_such_a_part_is_drawn_once(opened):
    opened.session_state["has_part"] = False
    opened.run()
    assert told(opened) == ["page"]
    opened.get_by_key("colours").set_value("grey").run()
    assert told(opened) == ["page"]
    opened.session_state["has_part"] = True
    opened.run()
    assert told(opened) == ["page", "one in grey with it"]


def test_what_followed_without_it_has_none_any_more(opened):
    opened.session_state["has_part"] = False  # as where a picture was lost between the two runs
    opened.get_by_key("colours").set_value("grey").run()
    assert told(opened) == ["one in grey alone", "page"]
    opened.get_by_key("colours").set_value("hot").run()
    assert told(opened) == ["page"]


def test_where_it_cannot_be_drawn_alone_the_page_follows_all_the_same(opened, caplog):
    opened.session_state["fails"] = "alone"
    opened.get_by_key("colours").set_value("grey").run()
    assert told(opened) == ["page", "one in grey with it"]
    assert "could not be drawn alone" in caplog.text


def test_until_the_part_is_drawn_there_is_none_unless_the_run_only_follows_it(monkeypatch):
    session, asked = {"alone_drawn": True, "alone_follows": True}, []
    monkeypatch.setattr(alone.st, "session_state", session)
    monkeypatch.setattr(alone.st, "rerun", asked.append)
    alone.begin_page()
    alone.draw_alone()  # hasty: the run that follows has not come to it yet
    assert len(asked) == 1
    alone.begin_page()
    alone.draw_alone()
    assert len(asked) == 1


def test_to_see_it_otherwise_is_to_select_it_and_to_have_it_drawn(monkeypatch):
    drawn = []
    monkeypatch.setattr(state.st, "session_state", {"selection": Selection()})
    monkeypatch.setattr(state, "draw_alone", lambda: drawn.append(state.selection().view.colours))
    state.see(colours="hot", clip=95.0)
    assert drawn == ["hot"]
    assert state.selection().view.clip == 95.0
