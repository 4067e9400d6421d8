"""The sidebar of the Compare page: what a link sets, and what a click leaves as it is."""

from tests.opening import drawn, has, open_app, query, texts, widget


def test_a_link_sets_every_widget():
    app = open_app(
        picture="coffee", networks="efficientnet_lite0", rules="guided,deconvnet", class_="504", fit="pad",
        show="overlay", reduction="l2", colours="hot", scale="all", clip="99", opacity="0.5", networks_as="columns",
    )  # fmt: skip
    values = {
        "source": "sample", "sample": "coffee", "networks": ["efficientnet_lite0"], "rules": ["guided", "deconvnet"],
        "class_box": 504, "fit": "pad", "show": "overlay", "reduction": "l2", "colours": "hot", "scale": "all",
        "clip": 99.0, "opacity": 0.5, "arrangement": "columns",
    }  # fmt: skip
    assert {key: widget(app, key).value for key in values} == values
    assert sum("coffee mug" in text for text in texts(app)) == 2
    assert drawn(app) == ["image"] * 2 + ["heatmap"] + ["image", "heatmap"]
    # the address is not rewritten on arrival, but for what is default
    assert query(app)["class"] == "504"


def test_two_picks_in_a_row_both_stick():
    app = open_app()
    widget(app, "rules").set_value(["guided"]).run()
    widget(app, "scale").set_value("panel").run()
    assert widget(app, "rules").value == ["guided"]
    assert widget(app, "scale").value == "panel"
    assert query(app) == {"rules": "guided", "scale": "panel"}
    widget(app, "rules").set_value(["vanilla"]).run()
    widget(app, "rules").set_value(["vanilla", "deconvnet"]).run()
    assert query(app) == {"rules": "vanilla,deconvnet", "scale": "panel"}


def test_another_address_moves_the_widgets():
    app = open_app(rules="guided", show="overlay")
    app.query_params.clear()
    app.query_params["rules"] = "deconvnet"
    app.run()
    assert widget(app, "rules").value == ["deconvnet"]
    assert widget(app, "show").value == "map"


def test_closed_nothing_of_the_details_is_drawn_and_nothing_of_the_selection_is_lost():
    app = open_app(details=False, colours="hot", scale="panel", fit="pad")
    assert not has(app, "colours")
    assert (query(app)["colours"], query(app)["scale"], query(app)["fit"]) == ("hot", "panel", "pad")
    widget(app, "networks").set_value(["efficientnet_lite0", "efficientnet_lite1"]).run()
    assert query(app)["colours"] == "hot"


def test_opened_the_details_show_what_is_selected_and_closed_again_they_leave_it():
    app = open_app(details=False, colours="hot", fit="pad")
    app.session_state["details"] = True
    app.run()
    assert (widget(app, "colours").value, widget(app, "fit").value) == ("hot", "pad")
    widget(app, "colours").set_value("viridis").run()
    app.session_state["details"] = False
    app.run()
    assert not has(app, "colours")
    assert query(app)["colours"] == "viridis"
    app.session_state["details"] = True
    app.run()
    assert widget(app, "colours").value == "viridis"
