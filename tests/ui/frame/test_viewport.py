"""How much room there is: what the browser said last, or a laptop's."""

import re
from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from core.ui.frame import viewport
from core.ui.frame.assets import text


@pytest.fixture
def browser(monkeypatch):
    """A browser: what it says of its room, and what it was told last."""
    browser = SimpleNamespace(says=None, told={})

    def component(*, data, **settings):
        browser.told = data
        return SimpleNamespace(room=browser.says)

    monkeypatch.setattr(viewport, "_component", component)
    monkeypatch.setattr(viewport.st, "session_state", {})
    monkeypatch.setattr(viewport.st, "container", lambda **place: nullcontext())
    return browser


def room():
    viewport.ask_browser()
    return viewport.room()


def test_until_the_browser_has_said_there_is_as_much_room_as_on_a_laptop(browser):
    assert room() == (1240, 860)
    browser.says = [390, 700]
    assert room() == (390, 700)


def test_what_was_said_holds_when_the_browser_is_silent_and_it_is_told_so(browser):
    browser.says = [390.5, 700.25]
    room()
    browser.says = None
    assert room() == (390, 700)
    assert browser.told["room"] == (390, 700)  # and so has nothing to say
    browser.says = [700, 390]
    assert room() == (700, 390)


def test_the_script_reads_what_it_is_told(browser):
    room()
    assert set(re.findall(r"\bdata\.(\w+)", text("viewport.js"))) == set(browser.told)
