"""What can be checked of looks: accessibility, the keyboard, sizes; and screenshots to look at."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.e2e.driving import GRID, figure, grid_is_drawn, open_app, panels, settle

pytestmark = pytest.mark.timeout(240)
FOUR = "networks=efficientnet_lite0,alexnet,resnet18,squeezenet1_1"
SCREENSHOTS = os.environ.get("LIMELIGHT_SCREENSHOTS")  # a folder to leave pictures of the app in


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", [
    "", f"?{FOUR}&show=overlay&class=281", "?picture=upload-0123456789abcdef", "Methods",
    "Classes?classes=281,282", "Classes?classes=281&against=282",
])  # fmt: skip
def test_axe_finds_nothing_serious(browser: Browser, app, scheme, path):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    open_app(page, f"{app}/{path}")
    if path != "Methods":  # its script names the button
        expect(page.get_by_role("button", name="Copy link")).to_be_visible()
    report = Axe().run(page).response
    serious = [
        (violation["id"], [node["target"] for node in violation["nodes"]])
        for violation in report["violations"]
        if violation["impact"] in ("serious", "critical")
    ]
    assert len(report["passes"]) > 10
    assert serious == []
    context.close()


def test_four_networks_and_two_gradients_fit_a_wide_screen_without_scrolling(page, app):
    open_app(page, f"{app}/?{FOUR}")
    grid_is_drawn(page, heatmaps=8)
    boxes = panels(page)
    assert len(boxes) == 12
    assert max(box["y"] + box["height"] for box in boxes) + 46 <= 1080
    assert max(box["x"] + box["width"] for box in boxes) <= 1920
    for box in boxes:
        assert box["width"] == pytest.approx(box["height"], abs=1)
        assert box["width"] == pytest.approx(boxes[0]["width"], abs=1)


def test_on_a_phone_only_the_grid_scrolls_sideways(browser: Browser, app):
    context = browser.new_context(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    page = context.new_page()
    open_app(page, f"{app}/?{FOUR}")
    grid_is_drawn(page, heatmaps=8)
    settle(page)
    assert figure(page)["width"] > 390
    widths = page.evaluate("[document.documentElement.scrollWidth, document.querySelector('.st-key-grid').clientWidth]")
    assert widths[0] <= 390
    assert widths[1] <= 390
    context.close()


def test_every_control_is_reached_and_worked_with_the_keyboard(page, app):
    open_app(page, f"{app}/?networks=efficientnet_lite0")
    reached: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "(document.activeElement.getAttribute('aria-label') || "
                "document.activeElement.textContent || "
                "document.activeElement.querySelector('img')?.alt || '').trim().slice(0, 40)"
            )
        )
    for name in ("Compare", "Methods", "Sample", "Cat", "EfficientNet-Lite0", "Vanilla gradient", "Class to explain",
                 "Map", "Zoom in", "How to read them"):  # fmt: skip
        assert any(name in text for text in reached), name
    page.get_by_role("button", name="AlexNet", exact=True).focus()
    page.keyboard.press("Enter")
    settle(page)
    grid_is_drawn(page, heatmaps=4)


def test_the_figure_has_a_text_that_stands_for_it(page, app):
    open_app(page, f"{app}/?class=281")
    expect(page.get_by_role("figure", name="EfficientNet-Lite0 explains tabby")).to_be_visible()
    page.get_by_role("radio", name="Numbers").or_(page.get_by_role("button", name="Numbers")).first.click()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()


@pytest.mark.skipif(not SCREENSHOTS, reason="LIMELIGHT_SCREENSHOTS names no folder")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1920, 1080), (1280, 800), (390, 844)])
def test_screenshots_to_look_at(browser: Browser, app, scheme, size):
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
    page = context.new_page()
    for name, path in {"first": "", "four": f"?{FOUR}", "methods": "Methods"}.items():
        open_app(page, f"{app}/{path}")
        if name != "methods":
            page.wait_for_selector(f"{GRID} .heatmaplayer image")
        page.screenshot(path=Path(SCREENSHOTS or ".") / f"{name}-{scheme}-{size[0]}.png")
    context.close()


def test_on_a_phone_row_names_stay_beside_their_rows_while_columns_are_swiped(browser: Browser, app):
    context = browser.new_context(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    page = context.new_page()
    open_app(page, f"{app}/?networks=efficientnet_lite0,alexnet")
    grid_is_drawn(page, heatmaps=4)
    assert page.locator(".lime-title").bounding_box()["y"] < 100  # no empty space above it
    names = page.locator(".lime-rows span")
    assert names.all_inner_texts() == ["What it saw", "Vanilla gradient", "Guided backprop"]
    before = [name.bounding_box() for name in names.all()]
    page.evaluate("document.querySelector('.st-key-grid').scrollLeft = 120")
    after = [name.bounding_box() for name in names.all()]
    assert [box["x"] for box in after] == [box["x"] for box in before]
    tops = sorted({round(panel["y"]) for panel in panels(page)})
    assert [box["y"] for box in after] == pytest.approx(tops, abs=1.5)
    context.close()
