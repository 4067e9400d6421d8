"""On a phone: only the grid scrolls sideways, row names stay beside their rows, and every button is on the screen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.driving import FOUR, figure, follow, grid_is_drawn, open_app, panels, press, ranges, settle

pytestmark = pytest.mark.timeout(240)
WIDTH = 390


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": WIDTH, "height": 844}, is_mobile=True, has_touch=True)
    yield context.new_page()
    context.close()


def test_on_a_phone_only_the_grid_is_wider_than_the_screen(phone, app):
    open_app(phone, f"{app}/?{FOUR}&ask=agreement")
    only_the_grid_scrolls_sideways(phone, heatmaps=8)
    follow(phone, "?networks=efficientnet_lite0,alexnet")
    row_names_stay_beside_their_rows_while_columns_are_swiped(phone)
    follow(phone, "/Classes")
    only_the_grid_scrolls_sideways(phone, heatmaps=10)
    for page in ("/Methods", "/Audit"):
        follow(phone, page)
        nothing_is_wider_than_the_screen(phone)
    follow(phone, "/?networks=alexnet&ask=export")
    pins_and_downloads_stay_within_the_screen(phone)


def only_the_grid_scrolls_sideways(page, heatmaps):
    grid_is_drawn(page, heatmaps)
    settle(page)  # the alarm is looked for after the grid is drawn
    assert figure(page)["width"] > WIDTH
    assert page.locator(".st-key-grid").evaluate("grid => grid.clientWidth") <= WIDTH
    nothing_is_wider_than_the_screen(page)


def nothing_is_wider_than_the_screen(page):
    for place in ("html", "[data-testid=stMain]"):
        assert page.locator(place).evaluate("place => place.scrollWidth") <= WIDTH


def row_names_stay_beside_their_rows_while_columns_are_swiped(page):
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


def pins_and_downloads_stay_within_the_screen(page):
    grid_is_drawn(page, heatmaps=2)
    press(page, "Pin")
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH
    for name in ("Present", "Copy link", "Picture, PNG", "Manifest, JSON"):
        box = page.get_by_role("button", name=name).bounding_box()
        assert 0 <= box["x"] <= box["x"] + box["width"] <= WIDTH
    assert ranges(page)
