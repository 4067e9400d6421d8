"""Buttons over the chart: one at the corner of every map, and each asks of that map."""

import re
from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from core.selection import Selection
from core.ui.figure.columns import Column
from core.ui.figure.layout import GAP, LEFT, lay_out
from core.ui.frame import state
from core.ui.frame.assets import text
from core.ui.grid import ask
from tests.ui.made import column

COLUMNS = (column("alexnet", title="AlexNet"), Column("vgg19", "VGG-19", message="Waiting…"), column("resnet18"))


def told(monkeypatch, columns=COLUMNS, references=()):
    """What the script is told, and the grid."""
    said = {}
    monkeypatch.setattr(ask, "_component", lambda **given: said.update(given))
    grid = lay_out(len(columns), ("vanilla", "guided"), "columns", (1500, 944), references=references)
    ask.show_ask_buttons(SimpleNamespace(container=lambda last, gap: nullcontext()), columns, grid)
    return said, grid


def test_every_map_has_one_at_its_upper_right_corner(monkeypatch):
    said, grid = told(monkeypatch, references=("edges",))
    maps = said["data"]["maps"]
    assert [each["name"] for each in maps] == [
        f"{network},281,{source}" for source in ("vanilla", "guided", "edges") for network in ("alexnet", "resnet18")
    ]
    assert maps[0]["title"] == "AlexNet, Vanilla gradient"
    assert maps[4]["title"] == "AlexNet, Edges (Sobel)"
    assert maps[0]["x"] == LEFT + grid.panel_width - 5
    assert maps[1]["x"] - maps[0]["x"] == 2 * (grid.panel_width + GAP)
    assert maps[0]["y"] + grid.height == grid.top + grid.row_start(1) + 5
    assert maps[2]["y"] + grid.height == grid.top + grid.row_start(2) + 5


def test_what_is_refused_or_not_there_yet_has_none(monkeypatch):
    said, _ = told(monkeypatch, [column("alexnet", maps={"vanilla": COLUMNS[0].explanation.attributions["vanilla"]})])
    assert [each["name"] for each in said["data"]["maps"]] == ["alexnet,281,vanilla"]


def test_a_click_asks_of_that_map_and_keeps_what_else_was_asked(monkeypatch):
    before = Selection.from_query({"networks": "alexnet", "more": "road", "hidden": "50"})
    session = {"selection": before, "ask_map": SimpleNamespace(asked="alexnet,281,guided")}
    monkeypatch.setattr(state.st, "session_state", session)
    ask._ask()
    now = state.selection()
    assert (now.tool, session["ask"]) == ("evidence", "evidence")
    assert (now.evidence.map, now.evidence.more, now.evidence.hidden) == ("alexnet,281,guided", ("road",), 50)


@pytest.mark.parametrize("file", ["ask.js"])
def test_the_script_reads_what_it_is_told(monkeypatch, file):
    said, _ = told(monkeypatch)
    assert set(re.findall(r"\bdata\.(\w+)", text(file))) == set(said["data"])
    (read,) = re.findall(r"map\(\(\{ ([\w, ]+) \}\)", text(file))
    assert set(read.split(", ")) == set(said["data"]["maps"][0])
    assert "setTriggerValue('asked', name)" in text(file)
