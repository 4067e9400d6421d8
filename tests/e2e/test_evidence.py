"""Testing maps in a real browser: from a panel's corner to the answers, to the address and the files."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.driving import GRID, SECONDS, button, grid_is_drawn, open_app, panels, query, serious, settle

pytestmark = pytest.mark.timeout(240)
SAME = "stays the same (1.00): it cannot show why this class was chosen"
LAST = "This method promises no sum."


def answered(page: Page) -> None:
    """Wait until the last test has its answer."""
    expect(page.get_by_text(LAST)).to_be_visible(timeout=6 * SECONDS)
    settle(page)


def test_one_click_on_a_panel_tests_its_map_and_the_address_and_the_files_hold_it(page, app, tmp_path):
    open_app(page, f"{app}/?networks=efficientnet_lite0")
    grid_is_drawn(page, heatmaps=2)
    corner = button(page, "Test this map: EfficientNet-Lite0, Guided backprop")
    its_button_is_in_the_corner_of(page, corner, panels(page)[2])
    corner.click()
    expect(page.get_by_text(SAME)).to_be_visible(timeout=SECONDS)
    answered(page)
    box = page.locator(".st-key-tested").bounding_box()
    assert -1 <= box["y"] < 700  # it was scrolled to
    assert query(page) == {"ask": "evidence", "test": "efficientnet_lite0,282,guided"}
    assert serious(page) == []
    the_picture_is_hidden_as_far_as_the_slider_goes(page)
    what_was_found_goes_with_manifest_and_page(page, tmp_path)


def its_button_is_in_the_corner_of(page, corner, panel):
    box = corner.bounding_box()
    assert panel["x"] + panel["width"] - 40 < box["x"] + box["width"] < panel["x"] + panel["width"]
    assert panel["y"] < box["y"] < panel["y"] + 20
    assert (
        page.locator(f"{GRID} [aria-label^='Test this map']").count() == 0
    )  # it is not the chart's, whose picture is without it


def the_picture_is_hidden_as_far_as_the_slider_goes(page):
    expect(page.get_by_text("The network says Egyptian cat")).to_be_visible()
    slider = page.locator(".st-key-hidden_share").get_by_role("slider")
    for _ in range(5):
        slider.press("ArrowRight")
    settle(page)
    assert query(page)["hidden"] == "70"
    expect(page.get_by_text("The network says Egyptian cat")).to_have_count(0)


def what_was_found_goes_with_manifest_and_page(page, tmp_path):
    page.get_by_role("radio", name="Take away").click()
    settle(page)
    expect(page.get_by_text("the answers to 4 tests of these maps")).to_be_visible()
    files = {}
    for kind in ("Manifest", "Web page"):
        with page.expect_download() as saved:
            page.get_by_role("button", name=kind).click()
        files[kind] = tmp_path / saved.value.suggested_filename
        saved.value.save_as(files[kind])
    tests = json.loads(files["Manifest"].read_text())["tests"]
    assert {(test["source"], test["test"]) for test in tests} == {
        ("guided", test) for test in ("weights", "class", "pointing", "stability")
    }
    told = page.context.new_page()
    told.goto(files["Web page"].as_uri())
    expect(told.get_by_text(SAME)).to_be_visible()
    assert told.locator("section img").count() == 4 + 2 + 4 + 3
    assert told.locator("section .js-plotly-plot .scatterlayer .trace").count() == 2
    told.close()


def test_whoever_has_enough_stops_keeps_what_there_is_and_goes_on(page, app):
    open_app(page, f"{app}/?picture=coffee&networks=efficientnet_lite0&rules=vanilla")
    page.get_by_role("radio", name="Test").click()
    expect(page.get_by_text("With what the network knows")).to_be_visible(timeout=SECONDS)
    page.get_by_role("button", name="Stop here").click()
    settle(page)
    expect(page.get_by_text("Not tested: you stopped.").first).to_be_visible()
    expect(page.get_by_text("With what the network knows")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Asked for cup instead of espresso")).to_be_visible()
    expect(page.get_by_role("button", name="Stop here")).to_be_visible()
