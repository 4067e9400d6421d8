"""Plotly's script: it comes after the first maps, and once a run."""

import json
import re
from importlib.resources import files

import pytest
from streamlit.testing.v1 import AppTest

from core.ui.frame import plotly_script


def page():
    import streamlit as st

    from core.ui.frame.plotly_script import PlotlyScript, is_brought

    script = PlotlyScript()
    for last in st.session_state["drawings"]:
        script.bring(last=last)
    st.text(is_brought())


def opened(drawings, room=(800, 600)):
    """The empty charts of a page that was drawn so, and whether the browser has been told to read the script."""
    app = AppTest.from_function(page)
    app.session_state["drawings"] = drawings
    if room:
        app.session_state["room"] = room
    app.run()
    assert not app.exception
    charts = [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]
    (said,) = app.text
    return [len(chart["data"]) for chart in charts], said.value == "True"


@pytest.mark.parametrize(
    "drawings",
    [(True,), (False, True), (False, False), (False, False, False, True)],
    ids=["at once", "at last", "long work", "longer work"],
)
def test_it_comes_with_an_empty_chart_once_a_run(drawings):
    assert opened(drawings) == ([0], True)


@pytest.mark.parametrize("drawings", [(), (False,)], ids=["no chart", "the first maps"])
def test_others_come_before_it(drawings):
    assert opened(drawings) == ([], False)


def test_it_does_not_come_in_a_run_that_ends_when_the_browser_says_how_much_room_there_is():
    assert opened((True,), room=None) == ([], False)


def test_in_the_first_run_the_browser_is_asked_to_fetch_it_by_the_name_of_a_file_that_there_is(monkeypatch):
    (name,) = re.findall(r"PlotlyChart\.[\w-]+\.js", html_of(room=None))
    assert (files("streamlit") / "static" / "static" / "js" / name).is_file()
    assert html_of(room=(800, 600)) == ""
    monkeypatch.setattr(plotly_script, "_name", lambda: "")
    assert html_of(room=None) == ""


def html_of(room):
    app = AppTest.from_function(page)
    app.session_state["drawings"] = ()
    if room:
        app.session_state["room"] = room
    return "".join(each.proto.body for each in app.run().get("html"))
