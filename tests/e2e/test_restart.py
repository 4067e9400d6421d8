"""A server that dies under an open page and is started again: what the reader sees stays, and goes on."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import picture, start_server
from tests.e2e.driving import APP, GRID, choose, grid_is_drawn, open_app, settle

pytestmark = pytest.mark.timeout(240)
QUERY = "networks=efficientnet_lite0&class=282&picture=coffee"


def drawn(page: Page) -> list[str]:
    return page.locator(f"{GRID} .heatmaplayer image").evaluate_all("all => all.map(e => e.href.baseVal)")


def test_an_open_page_outlives_its_servers_and_goes_on_with_the_next(page, tmp_path):
    process, address = start_server(tmp_path)

    def goes_on_with_the_next() -> None:
        """The maps of the page stay, while there is no server and when there is another one in its place."""
        nonlocal process
        before = drawn(page)
        process.kill()
        process.wait()
        expect(page.locator(f"{APP}[data-test-connection-state=CONNECTED]")).to_have_count(0)
        assert drawn(page) == before
        process, _ = start_server(tmp_path, where=urlsplit(address).port)
        settle(page, heatmaps=2)
        assert drawn(page) == before

    try:
        open_app(page, f"{address}/?{QUERY}")
        grid_is_drawn(page, heatmaps=2)
        goes_on_with_the_next()
        what_is_asked_then_is_answered(page)
        what_was_uploaded_is_explained(page)
        goes_on_with_the_next()
        what_is_asked_then_needs_the_file_that_went_with_its_server(page)
    finally:
        process.kill()
        process.wait()


def what_is_asked_then_is_answered(page: Page) -> None:
    before = drawn(page)
    choose(page, "Overlay")
    settle(page, heatmaps=2)
    assert drawn(page) != before
    assert "class=282" in page.url
    assert "show=overlay" in page.url


def what_was_uploaded_is_explained(page: Page) -> None:
    before = drawn(page)
    choose(page, "Upload")
    place = page.get_by_test_id("stSidebar").get_by_test_id("stFileUploaderDropzoneInput")
    place.set_input_files([{"name": "mine.png", "mimeType": "image/png", "buffer": picture()}])
    settle(page, heatmaps=2)
    assert drawn(page) != before


def what_is_asked_then_needs_the_file_that_went_with_its_server(page: Page) -> None:
    choose(page, "Map")
    expect(page.get_by_text("Upload the file here, or ask for it")).to_be_visible()
