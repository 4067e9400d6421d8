"""Links: what they show on a server that has computed nothing, where they make no sense, and what Back does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import running
from tests.e2e.driving import (
    ONE,
    choose,
    choose_class,
    follow,
    grid_is_drawn,
    grid_text,
    heatmap_values,
    open_app,
    pill,
    query,
    settle,
)  # fmt: skip

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def cold(home: Path) -> Iterator[str]:
    """The address of another app, which nobody has asked for anything but what links here say."""
    with running(home) as address:
        yield address


def opens_the_same(page: Page, app: str, cold: str, browser: Browser, heatmaps: int, rel: float) -> None:
    """A stranger opens the page's link on the cold server: the same words, and the same values to a share of them."""
    other = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
    open_app(other, page.url.replace(app, cold))
    grid_is_drawn(other, heatmaps)
    assert grid_text(other) == grid_text(page)
    assert heatmap_values(other, 0.3, 0.7) == pytest.approx(heatmap_values(page, 0.3, 0.7), rel=rel, abs=3)
    other.context.close()


def test_networks_gradients_and_class_are_chosen_and_the_link_opens_the_same_cold(page, app, cold, browser):
    open_app(page, f"{app}/{ONE}")
    words_that_are_no_class_give_candidates_and_never_a_guess(page)
    choose(page, "AlexNet")
    grid_is_drawn(page, heatmaps=4)
    choose(page, "ResNet-18")
    choose(page, "Vanilla gradient")
    grid_is_drawn(page, heatmaps=3)
    choose_class(page, "great grey owl")
    assert query(page) == {
        "networks": "efficientnet_lite0,alexnet,resnet18", "rules": "guided", "class": "24",
    }  # fmt: skip
    assert grid_text(page).count("great grey owl") == 3
    opens_the_same(page, app, cold, browser, heatmaps=3, rel=0.01)


def words_that_are_no_class_give_candidates_and_never_a_guess(page):
    choose_class(page, "tabyb kat")
    assert "class" not in query(page)
    group = page.get_by_role("radiogroup", name="Did you mean")
    expect(group).to_be_visible()
    group.get_by_role("radio").first.click()
    settle(page)
    assert "class" in query(page)


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


def test_classes_are_added_held_against_each_other_and_the_link_opens_the_same_cold(page, app, cold, browser):
    open_app(page, f"{app}/{ONE}")
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
    assert "− goldfish, " in grid_text(page)
    opens_the_same(page, app, cold, browser, heatmaps=2, rel=0.02)


def test_a_strangers_link_opens_with_what_makes_sense(page, app):
    open_app(page, f"{app}/?networks=nothing,alexnet,<script>&rules=magic&class=99999&show=x&clip=nan&opacity=7")
    grid_is_drawn(page, heatmaps=2)
    assert query(page) == {"networks": "alexnet"}
    follow(page, "?networks=&rules=&class=-1&scale=&fit=")
    grid_is_drawn(page, heatmaps=2)
    assert query(page) == {}
    follow(page, "?picture=upload-0123456789abcdef&networks=alexnet")
    expect(page.get_by_role("alert")).to_contain_text("uploads end with the visit that made them")
    expect(pill(page, "AlexNet").first).to_have_attribute("aria-pressed", "true")


def test_back_and_haste_lead_where_they_should_and_another_tab_sees_nothing_of_it(page, app, browser):
    open_app(page, f"{app}/{ONE}")
    back_and_forward_walk_through_the_comparisons(page)
    follow(page, ONE)
    who_keeps_clicking_ends_where_the_last_click_was(page)
    other = browser.new_context().new_page()
    open_app(other, f"{app}/?networks=alexnet&picture=coffee")
    choose(page, "Overlay")
    assert query(page) == {"networks": "efficientnet_lite0,alexnet,resnet18", "show": "overlay"}
    assert query(other) == {"networks": "alexnet", "picture": "coffee"}
    other.context.close()


def back_and_forward_walk_through_the_comparisons(page):
    choose(page, "AlexNet")
    grid_is_drawn(page, heatmaps=4)
    choose(page, "RGB")
    page.go_back()
    settle(page)
    assert query(page) == {"networks": "efficientnet_lite0,alexnet"}
    expect(pill(page, "Map").first).to_be_checked()
    page.go_back()
    settle(page)
    expect(pill(page, "AlexNet").first).to_have_attribute("aria-pressed", "false")
    page.go_forward()
    settle(page)
    grid_is_drawn(page, heatmaps=4)


def who_keeps_clicking_ends_where_the_last_click_was(page):
    for name in ("AlexNet", "ResNet-18", "AlexNet", "AlexNet", "Overlay", "Map"):
        pill(page, name).first.click()
    settle(page)
    grid_is_drawn(page, heatmaps=6)
    expect(pill(page, "Map").first).to_be_checked()
    assert query(page) == {"networks": "efficientnet_lite0,alexnet,resnet18"}
