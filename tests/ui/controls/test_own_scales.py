"""From a scale that makes a panel faint to each panel's own, in one click, and back."""

import pytest

from tests.networks.made_weights import write_random_weights
from tests.opening import has, open_app, query, texts, widget


def faint(app):
    return sum("faint on this scale" in text for text in texts(app))


@pytest.fixture
def app(tmp_path):
    """A real network beside one of random weights, whose gradients are next to nothing."""
    write_random_weights("squeezenet1_1", tmp_path / "hub" / "checkpoints")
    return open_app(networks="efficientnet_lite0,squeezenet1_1")


def test_faint_panels_get_scales_of_their_own_in_one_click_and_back(app):
    assert faint(app) > 0
    widget(app, "own_scales").click().run()
    assert not app.exception
    assert faint(app) == 0
    assert widget(app, "scale").value == "panel"
    assert query(app)["scale"] == "panel"
    widget(app, "own_scales").click().run()
    assert faint(app) > 0
    assert "scale" not in query(app)


def test_back_is_where_one_came_from(app):
    widget(app, "scale").set_value("all").run()
    widget(app, "own_scales").click().run()
    assert query(app)["scale"] == "panel"
    widget(app, "own_scales").click().run()
    assert query(app)["scale"] == "all"


def test_where_no_panel_is_faint_there_is_no_such_button():
    app = open_app()
    assert faint(app) == 0
    assert not has(app, "own_scales")


def test_the_classes_page_has_it_too():
    app = open_app("pages/Classes.py", scale="panel")
    widget(app, "own_scales").click().run()
    assert not app.exception
    assert "scale" not in query(app)


def test_it_works_where_the_widgets_of_the_scale_are_not_drawn():
    app = open_app(details=False, networks="efficientnet_lite0", scale="panel")
    widget(app, "own_scales").click().run()
    assert "scale" not in query(app)
