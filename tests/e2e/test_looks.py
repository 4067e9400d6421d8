"""What can be checked of looks: accessibility, the keyboard, sizes; and screenshots to look at."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.driving import (
    FOUR,
    GRID,
    button,
    follow,
    grid_is_drawn,
    light_or_dark,
    open_app,
    panels,
    serious,
    settle,
)  # fmt: skip

pytestmark = pytest.mark.timeout(240)
SCREENSHOTS = os.environ.get("LIMELIGHT_SCREENSHOTS")  # a folder to leave pictures of the app in


PLACES = (
    "/", f"/?{FOUR}&show=overlay&class=281", "/?picture=upload-0123456789abcdef", "/Classes?classes=281,282",
    "/Classes?classes=281&against=282",
)  # fmt: skip
OTHERS = {"/Methods": "How to read the maps", "/Models": "Models", "/Audit": "Audit"}  # and their headings


def test_axe_finds_nothing_serious_by_light_nor_in_the_dark(browser: Browser, app):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="dark")
    page = context.new_page()
    open_app(page, app)
    for place in PLACES:
        follow(page, place)
        expect(page.get_by_role("button", name="Copy link")).to_be_visible()  # its script names the button
        nothing_is_serious(page, place)
    for place, heading in OTHERS.items():
        follow(page, place)
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        if heading == "Audit":
            page.get_by_role("radio", name="Your pictures").click()
            expect(page.locator("[data-tag]")).to_be_visible()
        settle(page)
        nothing_is_serious(page, place)
    context.close()


def nothing_is_serious(page, place):
    """As it is now, and then the other way round, which it stays."""
    is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert serious(page) == [], (place, is_dark)
    light_or_dark(page, "light" if is_dark else "dark")
    assert serious(page) == [], (place, not is_dark)


def test_on_a_wide_screen_four_networks_fit_and_all_is_worked_with_the_keyboard_and_said_in_words(page, app):
    open_app(page, f"{app}/?{FOUR}")
    four_networks_and_two_gradients_fit_without_scrolling(page)
    follow(page, "?class=281")
    expect(page.get_by_role("figure", name="EfficientNet-Lite0 explains tabby")).to_be_visible()
    every_control_is_reached_and_worked_with_the_keyboard(page)
    page.get_by_role("radio", name="Numbers").or_(page.get_by_role("button", name="Numbers")).first.click()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()


def four_networks_and_two_gradients_fit_without_scrolling(page):
    grid_is_drawn(page, heatmaps=8)
    boxes = panels(page)
    assert len(boxes) == 12
    assert max(box["y"] + box["height"] for box in boxes) + 46 <= 1080
    assert max(box["x"] + box["width"] for box in boxes) <= 1920
    for box in boxes:
        assert box["width"] == pytest.approx(box["height"], abs=1)
        assert box["width"] == pytest.approx(boxes[0]["width"], abs=1)


FOCUSED = """(document.activeElement.getAttribute('aria-label') || document.activeElement.textContent ||
    document.activeElement.querySelector('img')?.alt || '').trim().slice(0, 40)"""


def every_control_is_reached_and_worked_with_the_keyboard(page):
    reached: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(FOCUSED))
    for name in ("Compare", "Methods", "Sample", "Cat", "EfficientNet-Lite0", "Vanilla gradient", "Class to explain",
                 "Map", "Zoom in", "How to read them"):  # fmt: skip
        assert any(name in text for text in reached), name
    button(page, "AlexNet").focus()
    page.keyboard.press("Enter")
    settle(page)
    grid_is_drawn(page, heatmaps=4)


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
