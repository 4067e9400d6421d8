"""The widgets of the view: each sets its own field, and some have no say."""

import pytest
from streamlit.testing.v1 import AppTest

from core.view import View


def page(view):
    import streamlit as st

    from core.selection import Selection
    from core.ui.controls import view as controls
    from core.ui.words import ARRANGEMENT_NAMES

    state = st.session_state
    if arrived := "view" not in state:
        state["view"], state["selection"] = view, Selection(view=view)
        controls.seed_view(view)
    state["arrived"] = arrived
    chosen = controls.choose_show(state["view"])
    with controls.details(chosen) as is_open:
        if is_open:
            chosen = controls.choose_colours(controls.choose_reduction(chosen))
            chosen = controls.choose_references(controls.choose_space(chosen))
            chosen = controls.choose_arrangement(chosen, ARRANGEMENT_NAMES)
    state["view"] = chosen


def opened(view):
    app = AppTest.from_function(page, args=(view,), default_timeout=60)
    app.session_state["details"] = True
    return app.run()


@pytest.mark.parametrize(
    "view",
    [
        View(),
        View("overlay", "l2", "hot", "all", 99.0, 0.5, "rows", "picture", ("random",)),
        View("channels", "sum", "gray", "panel", 95.0, 0.8, "columns", "input", ("edges", "random")),
    ],
    ids=lambda view: view.show,
)
def test_every_widget_is_set_to_its_field_and_gives_it_back(view):
    app = opened(view)
    assert not app.exception
    assert app.session_state["view"] == view


def test_an_overlay_is_as_strong_as_before_when_it_comes_back():
    app = opened(View("overlay", opacity=0.35))
    app.get_by_key("show").set_value("map").run()
    app.get_by_key("show").set_value("overlay").run()
    assert app.get_by_key("opacity").value == app.session_state["view"].opacity == 0.35


@pytest.mark.parametrize(
    ("view", "disabled"),
    [
        (View(), {"reduction": False, "colours": False}),
        (View(reduction="sum"), {"reduction": False, "colours": True}),
        (View("channels"), {"reduction": True, "colours": True}),
    ],
    ids=["magnitudes", "signed", "channels"],
)
def test_what_makes_no_difference_cannot_be_chosen(view, disabled):
    app = opened(view)
    assert {key: app.get_by_key(key).disabled for key in disabled} == disabled


def test_references_stand_in_their_own_order_however_they_are_clicked():
    app = opened(View())
    app.get_by_key("references").set_value(["random", "edges"]).run()
    assert app.session_state["view"].references == ("edges", "random")
