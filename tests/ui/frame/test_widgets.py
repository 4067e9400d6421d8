"""Widgets tell the session when they are worked, and no choice is drawn by any other."""

import ast
from pathlib import Path

import pytest

import core.ui
from core.ui.frame import widgets

CHOICES = {name for name in vars(widgets) if hasattr(vars(widgets)[name], "__wrapped__")}
FILES = sorted(Path(core.ui.__file__).parent.rglob("*.py"))


def calls(file):
    """The names of Streamlit's functions that a file calls."""
    nodes = (node.func for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call))
    functions = (node for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name))
    return {node.attr for node in functions if node.value.id == "st"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: "/".join(file.parts[-2:]))
def test_every_choice_is_drawn_by_a_widget_that_tells(file):
    assert {"button", "selectbox", "pills", "segmented_control", "slider", "multiselect", "radio"} <= CHOICES
    assert calls(file) & CHOICES == set()


def drawn(monkeypatch, **given):
    """A widget that keeps what it is given, and gives it back; and what happened to the session."""
    happened = []
    monkeypatch.setattr(widgets, "touch", lambda: happened.append("told"))
    widget = widgets._touching(lambda *arguments, **named: (arguments, named))
    return widget("Label", 3, key="k", **given), happened


def test_a_widget_without_a_callback_tells_the_session(monkeypatch):
    (arguments, named), happened = drawn(monkeypatch)
    assert (arguments, named["key"]) == (("Label", 3), "k")
    assert happened == []
    named["on_change"]()
    assert happened == ["told"]


def test_a_callback_of_ones_own_runs_after_that_with_its_arguments(monkeypatch):
    ran = []
    (_, named), happened = drawn(monkeypatch, on_change=lambda *values: ran.append((*values, len(happened))), args=(7,))
    named["on_change"](*named["args"])
    assert ran == [(7, 1)]


def test_a_click_on_a_button_tells_too(monkeypatch):
    happened = []
    monkeypatch.setattr(widgets, "touch", lambda: happened.append("told"))
    widget = widgets._touching(lambda label, **named: named, "on_click")
    widget("Pin", on_click=lambda: happened.append("clicked"))["on_click"]()
    assert happened == ["told", "clicked"]
