"""The tools below the grid: one at a time, when it is asked for."""

from core.selection import TOOLS
from core.ui.tools import menu
from tests.opening import open_app, query, widget


def test_no_tool_is_open_until_it_is_asked_for_and_then_the_address_says_so():
    app = open_app()
    assert widget(app, "ask").value is None
    assert len(app.dataframe) == 0
    widget(app, "ask").set_value("numbers").run()
    assert query(app) == {"ask": "numbers"}
    (table,) = app.dataframe
    assert len(table.value) == 2


def test_every_tool_of_an_address_can_be_drawn():
    assert set(menu._TOOLS) == set(TOOLS)
