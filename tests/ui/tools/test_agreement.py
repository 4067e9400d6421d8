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


def test_of_more_maps_than_a_matrix_holds_it_is_said_which_were_compared(monkeypatch):
    assert "The first" not in captions(open_app(ask="agreement"))
    monkeypatch.setattr(agreement, "_MOST", 3)
    app = open_app(ask="agreement", with_="edges,random")
    assert "The first 3 of 4 maps." in captions(app)
    assert matrix(app).count("--strength") == 3


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
        (0, 1): Agreement(0.25, 0.5, 1.0, 64),
        (0, 2): Agreement(-0.5, 0.0, 0.1, 64),
        (1, 2): Agreement(None, None, None, 64),
    }
    table = agreement._matrix(["a", "b", "c"], found, None)
    assert re.findall(r"<td.*?</td>", table.partition("<tbody>")[2]) == [
        '<td style="--strength:0.25">0.25</td>', "<td></td>",
        '<td style="--strength:0.00">-0.50</td>',
        '<td title="One of the maps is the same everywhere, or too little was seen by both">none</td>',
    ]  # fmt: skip


def test_the_title_of_a_strangers_network_is_text():
    table = agreement._matrix(["<b>one</b>", "<i>two</i>"], {}, "ssim")
    assert "<b>" not in table
    assert "<i>" not in table
    assert "&lt;b&gt;one&lt;/b&gt;" in table


def test_panels_of_one_title_are_pairs_of_their_own():
    found = {(0, 1): 0.1, (0, 2): 0.2, (1, 2): 0.3}
    agreed = {pair: Agreement(value, None, None, 1.0) for pair, value in found.items()}
    table = agreement._matrix(["mine, vanilla", "mine, vanilla", "other, vanilla"], agreed, "spearman")
    assert re.findall(r">(0\.\d\d)<", table) == ["0.10", "0.20", "0.30"]
