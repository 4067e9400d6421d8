"""An audit in the browser: pictures are given, it runs and is stopped, findings are looked at, a row is compared."""

import pytest
from playwright.sync_api import expect

from core.audit.collection import Folder
from core.audit.findings.find import find
from core.audit.run import run
from core.audit.settings import Settings
from core.networks.catalogue import lookup
from tests.audit.made import fill
from tests.e2e.driving import GRID, button, open_app, serious, settle

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def audit(tmp_path_factory):
    """The folders of a finished audit and of its pictures."""
    photos, out = fill(tmp_path_factory.mktemp("photos"), 3), tmp_path_factory.mktemp("audit") / "out"
    spec = lookup("efficientnet_lite0")
    store = run(Folder(photos), [spec], Settings((spec.name,), rules=("vanilla",)), out)
    find(store, Folder(photos), [spec])
    return out, photos


def test_the_demonstration_runs_is_stopped_and_shows_one_picture_first(page, app):
    open_app(page, f"{app}/Audit")
    button(page, "Audit").click()
    expect(page.get_by_text("of 240 pictures")).to_be_visible()
    button(page, "Stop").click()
    expect(page.get_by_text("Stopped. What was done is kept")).to_be_visible()
    assert serious(page) == []
    page.get_by_role("link", name="1. One picture's maps").click()
    settle(page, heatmaps=4)
    expect(page.get_by_role("heading", name="Horse with stamp")).to_be_visible()


def test_a_finished_audit_is_opened_and_one_of_its_rows_compared(page, app, audit):
    open_app(page, f"{app}/Audit")
    page.get_by_text("Open one").click()
    page.get_by_label("Folder of an audit").fill(str(audit[0]))
    page.get_by_label("Folder or zip of its pictures").fill(str(audit[1]))
    button(page, "Open").click()
    expect(page.get_by_role("heading", name="Pictures", exact=True)).to_be_visible()
    expect(page.get_by_text("too few to say anything")).to_be_visible()
    assert serious(page) == []
    settle(page)
    table = page.get_by_test_id("stDataFrame").last
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    page.mouse.click(box["x"] + 14, box["y"] + 54)  # the first row's tick
    button(page, "Open on Compare").click()
    page.locator(GRID).first.wait_for()
    expect(page.get_by_role("heading", name=".png")).to_be_visible()
