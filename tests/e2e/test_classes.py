"""The Classes page in a real browser: several classes, one against another, and a link that carries them."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import start_server
from tests.e2e.driving import figure, grid_is_drawn, grid_text, heatmap_values, open_app, settle

pytestmark = pytest.mark.timeout(240)


def query(page: Page) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(page.url).query).items()}


def take(page: Page, box: str, text: str) -> None:
    """Type into a box of the sidebar, and take what is found first."""
    field = page.get_by_role("combobox", name=box)
    field.click()
    field.fill(text)
    page.wait_for_timeout(400)
    field.press("Enter")
    settle(page)
    page.mouse.click(960, 30)  # beside it, since the list of a box for several stays open, over what is below it


def mode(page: Page, name: str) -> None:
    page.get_by_test_id("stSidebar").get_by_text(name, exact=True).click()
    settle(page)


def test_classes_are_added_held_against_each_other_and_the_link_opens_the_same_cold(page, app, home, browser):
    open_app(page, f"{app}/?networks=efficientnet_lite0")
    page.get_by_test_id("stSidebar").get_by_role("link", name="Classes").click()
    settle(page)
    grid_is_drawn(page, heatmaps=10)
    expect(page.get_by_text("Guided backprop: all 5 classes")).to_be_visible()
    mode(page, "Chosen classes")
    take(page, "Classes", "great grey owl")
    grid_is_drawn(page, heatmaps=12)
    assert query(page)["classes"].endswith(",24")
    mode(page, "One against another")
    take(page, "and not this one", "goldfish")
    grid_is_drawn(page, heatmaps=2)
    assert query(page)["against"] == "1"
    said = grid_text(page)
    assert "− goldfish, " in said
    process, cold = start_server(home)
    try:
        other = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
        open_app(other, page.url.replace(app, cold))
        grid_is_drawn(other, heatmaps=2)
        assert grid_text(other) == said
        assert heatmap_values(other, 0.3, 0.7) == pytest.approx(heatmap_values(page, 0.3, 0.7), rel=0.02, abs=3)
        other.context.close()
    finally:
        process.terminate()
        process.wait(timeout=20)


def test_on_a_phone_only_the_grid_scrolls_sideways(browser: Browser, app):
    context = browser.new_context(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    page = context.new_page()
    open_app(page, f"{app}/Classes")
    settle(page)  # the alarm is looked for after the grid is drawn
    grid_is_drawn(page, heatmaps=10)
    assert figure(page)["width"] > 390
    widths = page.evaluate("[document.documentElement.scrollWidth, document.querySelector('.st-key-grid').clientWidth]")
    assert max(widths) <= 390
    context.close()
