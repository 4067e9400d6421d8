"""The frame of every page: its links, its icon, and whose selection it returns."""

from dataclasses import replace

from streamlit.testing.v1 import AppTest

from core.ui.frame import page
from core.ui.palette import LIME
from tests.ui.sources import ROOT


def test_every_page_is_linked():
    files = [ROOT / "streamlit_app.py", *ROOT.glob("pages/*.py")]
    assert set(page.PAGES) == {file.relative_to(ROOT).as_posix() for file in files}


def test_the_icon_is_a_lime_disc_on_nothing():
    icon = page._icon()
    assert icon.getpixel((32, 32)) == (*bytes.fromhex(LIME[1:]), 255)
    assert icon.getpixel((0, 0))[3] == 0


def opened(monkeypatch, controls, **query):
    """A page of nothing but its frame, without links, and what it returned."""
    monkeypatch.setattr(page, "PAGES", {})

    def script(controls):
        import streamlit as st

        from core.ui.frame.page import open_page

        st.session_state["returned"] = open_page("Compare", controls)

    app = AppTest.from_function(script, args=(controls,))
    app.query_params.update(query)
    app.run()
    assert not app.exception
    return app, app.session_state["returned"]


def test_a_page_without_controls_has_the_selection_of_its_address(monkeypatch):
    app, selected = opened(monkeypatch, None, picture="coffee")
    assert selected.picture == "coffee"
    assert app.query_params == {"picture": "coffee"}


def test_what_controls_say_is_returned_and_stands_in_the_address(monkeypatch):
    def controls(selected):
        assert selected.picture == "coffee"  # which they follow
        return replace(selected, picture="rocket")

    app, selected = opened(monkeypatch, controls, picture="coffee")
    assert selected.picture == "rocket"
    assert app.query_params == {"picture": "rocket"}


def test_the_browser_is_asked_for_its_room_after_the_controls_are_drawn(monkeypatch):
    """Its answer ends the run: what the browser was not sent yet, it would never be sent."""
    order = []
    ask = page.ask_browser
    monkeypatch.setattr(page, "ask_browser", lambda: (order.append("room"), ask()))

    def controls(selected):
        order.append("controls")
        return selected

    opened(monkeypatch, controls)
    assert order == ["controls", "room"]
