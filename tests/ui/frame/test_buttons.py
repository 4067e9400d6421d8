"""Buttons whose work is done in the browser: their scripts are told all that they ask for."""

import json
import re
from contextlib import nullcontext
from types import MappingProxyType, SimpleNamespace

import pytest

from core.ui.frame import buttons
from core.ui.frame.assets import GRID_KEY, text

KEYS = MappingProxyType({"ArrowLeft": "previous"})


@pytest.fixture
def told(monkeypatch):
    """What each script was told, by the name of its component."""
    told = {}
    for name in ("_shot", "_link", "_keys"):
        monkeypatch.setattr(buttons, name, lambda name=name, *, data, **place: told.update({name: data}))
    monkeypatch.setattr(buttons, "st", SimpleNamespace(container=lambda **place: nullcontext()))
    buttons.shot_button("Save PNG", "cat")
    buttons.link_button("picture file")
    buttons.listen(KEYS)
    return told


@pytest.mark.parametrize(("name", "script"), [("_shot", "shot.js"), ("_link", "link.js"), ("_keys", "keys.js")])
def test_a_script_is_told_what_it_reads_and_nothing_else(told, name, script):
    assert set(re.findall(r"\bdata\.(\w+)", text(script))) == set(told[name])
    json.dumps(told[name])  # as it travels


def test_what_is_asked_of_a_button_arrives(told):
    assert told["_shot"] == {"label": "Save PNG", "file": "cat", "grid": GRID_KEY}
    assert told["_link"] == {"needed": "picture file"}
    assert told["_keys"] == {"keys": {"ArrowLeft": "previous"}}
