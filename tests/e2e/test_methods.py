"""Methods beyond the plain gradients, as a reader adds, tunes and leaves them."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.driving import GRID, go_to, grid_is_drawn, grid_text, open_app, pill, settle

pytestmark = pytest.mark.timeout(240)


def rules(page: Page) -> str:
    return parse_qs(urlsplit(page.url).query).get("rules", [""])[0]


def test_a_method_is_added_tuned_and_taken_out(page, app):
    open_app(page, f"{app}/?networks=efficientnet_lite0&rules=vanilla")
    grid_is_drawn(page, heatmaps=1)
    box = page.get_by_test_id("stSidebar").get_by_role("combobox", name="Add a method")
    box.fill("Grad-CAM")
    page.get_by_role("option", name="Grad-CAM", exact=True).click()
    settle(page)
    grid_is_drawn(page, heatmaps=2)
    assert rules(page) == "vanilla,gradcam"
    assert "7 × 7" in grid_text(page)
    page.get_by_role("button", name="Grad-CAM", exact=True).click()
    layer = page.get_by_role("textbox", name="Layer, by its places")
    layer.fill("14x14")
    layer.press("Enter")
    settle(page)
    assert rules(page) == "vanilla,gradcam@14x14"
    assert "14 × 14" in grid_text(page)
    page.reload()
    settle(page)
    grid_is_drawn(page, heatmaps=2)
    page.get_by_role("button", name="Grad-CAM (14 × 14)", exact=True).click()
    page.get_by_role("button", name="Take it out").click()
    settle(page)
    grid_is_drawn(page, heatmaps=1)
    assert rules(page) in ("vanilla", "")


def test_a_map_sharpens_and_what_is_there_can_be_kept_and_gone_on_with(page, app):
    page.goto(f"{app}/?networks=efficientnet_lite0&rules=vanilla,smooth:200")
    expect(page.locator(f"{GRID}:visible")).to_contain_text(re.compile(r"\d+ of 200 samples"), timeout=60_000)
    page.get_by_role("button", name="Stop here").click()
    on = page.get_by_role("button", name="Go on")
    expect(on).to_be_visible()
    settle(page)
    assert re.fullmatch(r"vanilla,smooth:\d+", rules(page))
    assert "of 200 samples" not in grid_text(page)
    assert "SmoothGrad (samples" in grid_text(page)
    there = int(rules(page).removeprefix("vanilla,smooth:"))
    on.click()
    expect(page.get_by_role("button", name="Stop here")).to_be_visible()
    expect(on).to_be_hidden()
    assert rules(page) == "vanilla,smooth:200"
    look = page.locator(f"{GRID}:visible").get_by_text(re.compile(r"\d+ of 200 samples"))
    expect(look).to_be_visible(timeout=60_000)
    assert int(look.text_content().split()[0]) >= there


def test_long_work_says_how_far_it_is_and_ends_when_the_reader_has_another_wish(page, app):
    open_app(page, f"{app}/?networks=efficientnet_lite0&rules=vanilla&ask=export")
    files, pin = (page.get_by_role("button", name=name) for name in ("Maps, NPZ", "Pin"))
    expect(files).to_be_visible()
    go_to(page, "?networks=efficientnet_lite0&rules=rise:4000&ask=export")
    expect(page.locator(".st-key-progress")).to_contain_text(re.compile(r"\d+ of 4000, .* left"), timeout=60_000)
    expect(files).to_be_hidden()  # which would be of the maps before
    pin.click()
    expect(page.get_by_role("button", name="Cat: EfficientNet-Lite0, RISE")).to_be_visible()
    pill(page, "Vanilla gradient").click()
    page.get_by_role("button", name="RISE (masks 4000)", exact=True).click()
    page.get_by_role("button", name="Take it out").click()
    settle(page)
    grid_is_drawn(page, heatmaps=1)
    assert rules(page) == "vanilla"
    expect(files).to_be_visible()
    expect(page.get_by_role("button", name="Cat: EfficientNet-Lite0, RISE")).to_be_visible()
