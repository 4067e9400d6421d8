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


def test_an_open_page_outlives_its_server_and_goes_on_with_the_next(page, tmp_path):
    process, address = start_server(tmp_path)
    try:
        open_app(page, f"{address}/?{QUERY}")
        grid_is_drawn(page, heatmaps=2)
        before = drawn(page)
        process.kill()
        process.wait()
        expect(page.locator(f"{APP}[data-test-connection-state=CONNECTED]")).to_have_count(0)
        assert drawn(page) == before
        process, _ = start_server(tmp_path, where=urlsplit(address).port)
        settle(page, heatmaps=2)
        assert drawn(page) == before
        choose(page, "Overlay")
        settle(page, heatmaps=2)
        assert drawn(page) != before
        assert "class=282" in page.url
        assert "show=overlay" in page.url
    finally:
        process.kill()
        process.wait()


def test_an_upload_that_went_with_its_server_is_seen_until_something_else_is_asked(page, tmp_path):
    process, address = start_server(tmp_path)
    try:
        open_app(page, f"{address}/?networks=efficientnet_lite0")
        choose(page, "Upload")
        place = page.get_by_test_id("stSidebar").get_by_test_id("stFileUploaderDropzoneInput")
        place.set_input_files([{"name": "mine.png", "mimeType": "image/png", "buffer": picture()}])
        settle(page, heatmaps=2)
        before = drawn(page)
        process.kill()
        process.wait()
        expect(page.locator(f"{APP}[data-test-connection-state=CONNECTED]")).to_have_count(0)
        process, _ = start_server(tmp_path, where=urlsplit(address).port)
        settle(page, heatmaps=2)
        assert drawn(page) == before
        choose(page, "Overlay")
        expect(page.get_by_text("Ask for the file and upload it here")).to_be_visible()
    finally:
        process.kill()
        process.wait()
