"""The agreement tool: a matrix of what is shown, and an alarm where maps agree too well."""

import re

import numpy as np
import streamlit as st

from core import service
from core.saliency.agreement import Agreement
from core.saliency.references import reference_map
from core.ui.tools import agreement
from tests.opening import captions, open_app, widget


def matrix(app):
    return next(html.proto.body for html in app.get("html") if "lime-matrix" in html.proto.body)


def shown(app):
    """The columns of the grid as they were pinned for, and the selection."""
    selection, columns = app.session_state["finished"]
    return columns, selection


def test_agreement_is_a_matrix_of_all_pairs():
    app = open_app(ask="agreement", with_="edges,random")
    assert not app.exception
    table = matrix(app)
    for title in ("EfficientNet-Lite0, vanilla", "EfficientNet-Lite0, guided", "EfficientNet-Lite0, edges", "random"):
        assert title in table
    assert table.count("--strength") == 6
    widget(app, "measure").set_value("overlap").run()
    assert matrix(app) != table


def test_a_single_map_has_nothing_to_agree_with():
    app = open_app(ask="agreement", rules="vanilla")
    assert "Two maps are needed" in captions(app)


def test_nearly_identical_panels_raise_an_alarm(monkeypatch):
    assert not open_app(ask="agreement").warning
    monkeypatch.setattr(service, "identical", lambda first, second: True)
    st.cache_data.clear()
    app = open_app(ask="agreement", with_="edges,random")
    said = [warning.value for warning in app.warning]
    assert any("the rule changes hardly anything" in text for text in said)
    assert sum("edge detector" in text for text in said) == 2
    assert len(said) == 3
    st.cache_data.clear()


def test_what_is_measured_is_what_is_shown():
    app = open_app(ask="agreement", with_="random", networks="efficientnet_lite0,efficientnet_lite1")
    for title in ("EfficientNet-Lite0, random", "EfficientNet-Lite1, random"):  # each has a map of its own in the grid
        assert title in matrix(app)
    measured = [panel.map.values for panel in agreement._panels(*shown(app)) if panel.kind == "random"]
    drawn = [reference_map("random", each.explanation.seen, each.network) for each in shown(app)[0]]
    assert all(np.array_equal(one, other) for one, other in zip(measured, drawn, strict=True))


def test_a_cell_is_darker_the_stronger_the_agreement_and_says_where_there_is_none():
    found = {
        ("a", "b"): Agreement(0.25, 0.5, 1.0, 64),
        ("a", "c"): Agreement(-0.5, 0.0, 0.1, 64),
        ("b", "c"): Agreement(None, None, None, 64),
    }
    table = agreement._matrix(["a", "b", "c"], found, None)
    assert re.findall(r"<td.*?</td>", table.partition("<tbody>")[2]) == [
        '<td style="--strength:0.25">0.25</td>', "<td></td>",
        '<td style="--strength:0.00">-0.50</td>', '<td title="One of the maps is the same everywhere">none</td>',
    ]  # fmt: skip


def test_the_title_of_a_strangers_network_is_text():
    table = agreement._matrix(["<b>one</b>", "<i>two</i>"], {}, "ssim")
    assert "<b>" not in table
    assert "<i>" not in table
    assert "&lt;b&gt;one&lt;/b&gt;" in table
