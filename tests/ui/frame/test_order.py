"""The mark of what a component is told last: said in HTML, and another one for other words."""

import re
import time

import pytest

from core.ui.frame import order


@pytest.fixture
def said(monkeypatch):
    """What was said in HTML."""
    said = []
    monkeypatch.setattr(order.st, "html", said.append)
    return said


def test_the_page_says_the_mark_that_the_component_is_told(said):
    latest = order.mark("whole", b"maps")
    (html,) = said
    assert re.findall(r'data-(\w+)="(\w+)"', html) == [("place", "whole"), ("mark", latest)]
    assert float(re.findall(r'data-at="(.+?)"', html)[0]) == pytest.approx(time.monotonic(), abs=60)
    assert re.fullmatch(r"[0-9a-f]{8}", latest)


def test_it_is_the_mark_of_the_words(said):
    one, other, same = (order.mark("whole", words) for words in (b"maps", b"other maps", b"maps"))
    assert one == same != other
