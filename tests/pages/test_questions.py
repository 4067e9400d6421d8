"""The questions that can be asked of a grid: a region, and agreement."""

import numpy as np
import pytest
import streamlit as st

from core import service
from core.saliency.references import reference_map
from core.ui.tools import agreement
from tests.pages.opening import errors, has, open_app, query, widget

STAMPED = {"picture": "stamped", "ask": "region"}


def frames(app):
    return [frame.value for frame in app.dataframe]


def test_no_tool_is_open_until_it_is_asked_for_and_then_the_address_says_so():
    app = open_app()
    assert widget(app, "ask").value is None
    assert frames(app) == []
    widget(app, "ask").set_value("numbers").run()
    assert query(app) == {"ask": "numbers"}
    (table,) = frames(app)
    assert len(table) == 2


def test_a_region_is_measured_against_chance_and_covered():
    app = open_app(**STAMPED, region="0.25,0.25,0.75,0.75")
    assert not app.exception
    assert errors(app) == []
    shares, effects = frames(app)
    assert list(shares["Network"]) == ["EfficientNet-Lite0"] * 2
    assert list(shares["Gradient"]) == ["vanilla", "guided"]
    for row in shares.to_dict("records"):
        inside, area, times = (float(row[key].rstrip(" %×")) for key in ("Of map", "Of area", "By chance"))
        assert times == pytest.approx(inside / area, abs=0.1)
    assert set(effects.columns) == {"Network", "Class", "As it is", "Blurred", "Mean colour", "Noise"}
    assert effects.iloc[0]["As it is"] != effects.iloc[0]["Noise"]


def test_the_stamp_is_suggested_where_there_is_one():
    assert not has(open_app(ask="region"), "region_stamp")
    app = open_app(**STAMPED)
    widget(app, "region_stamp").click().run()
    assert query(app) == STAMPED | {"region": "0.08,0.84,0.58,0.92"}
    assert widget(app, "region_x").value == (8, 58)
    widget(app, "region_none").click().run()
    assert query(app) == STAMPED


def test_sliders_set_the_box_and_a_box_without_an_inside_is_none():
    app = open_app(ask="region")
    widget(app, "region_x").set_value((10, 60)).run()
    assert query(app) == {"ask": "region", "region": "0.1,0.3,0.6,0.7"}
    widget(app, "region_y").set_value((50, 50)).run()
    assert query(app) == {"ask": "region"}


def test_asking_again_computes_nothing(computed, monkeypatch):
    app = open_app(**STAMPED, region="0.1,0.1,0.4,0.4")
    monkeypatch.setattr(service, "predict", lambda *args, **more: pytest.fail("predicted again"))
    before = computed.questions
    widget(app, "colours").set_value("inferno").run()
    assert not app.exception
    assert computed.questions == before


def matrix(app):
    return next(html.proto.body for html in app.get("html") if "lime-matrix" in html.proto.body)


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
    assert any("Two maps are needed" in caption.value for caption in app.caption)


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


def shown(app):
    """The columns of the grid as they were pinned for, and the selection."""
    selection, columns = app.session_state["finished"]
    return columns, selection
