"""Widgets tell the session when they are worked, and no choice is drawn by any other."""

import ast
from pathlib import Path

import pytest
import streamlit as st
from streamlit import config

import core.ui
from core.networks.checkpoints.checkpoint import MAX_BYTES
from core.ui.frame import widgets

CHOICES = {name for name in vars(widgets) if hasattr(st, name)}
FILES = sorted(Path(core.ui.__file__).parent.rglob("*.py"))


def calls(file):
    """The names of Streamlit's functions that a file calls."""
    nodes = (node.func for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call))
    functions = (node for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name))
    return {node.attr for node in functions if node.value.id == "st"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: "/".join(file.parts[-2:]))
def test_every_choice_is_drawn_by_a_widget_that_tells(file):
    assert {"button", "selectbox", "pills", "segmented_control", "slider", "multiselect", "radio"} <= CHOICES
    assert "file_uploader" in CHOICES
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


@pytest.fixture
def upload_limit():
    """Reads Streamlit's limit in megabytes, 15 as in our settings; it is afterwards as it was."""
    before = config.get_option("server.maxUploadSize")
    config.set_option("server.maxUploadSize", 15)
    yield lambda: config.get_option("server.maxUploadSize")
    config.set_option("server.maxUploadSize", before)


def test_what_a_place_for_files_promises_can_be_uploaded_and_stays_so(monkeypatch, upload_limit):
    given = []
    monkeypatch.setattr(st, "file_uploader", lambda *label, **named: given.append(named["max_upload_size"]))
    for most, whole in ((15_000_000, 15), (MAX_BYTES, 3222), (100_000_000, 3222)):
        widgets.file_uploader("Files", most)
        assert most <= given[-1] * 1e6 < most + 1e6
        assert upload_limit() == max(given) == whole
