"""A file that was taken away, opened in a browser without a network."""

import pytest
from playwright.sync_api import Browser, expect

from core.ui.figure.figure import comparison_figure
from core.ui.figure.html_page import html_of
from core.ui.figure.layout import lay_out
from core.view import View
from tests.ui.made import column

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """The address of a file with two networks, two gradients and their inputs."""
    grid = lay_out(2, ("vanilla", "guided"), "auto", (1200, 900))
    figure = comparison_figure([column("alexnet"), column("vgg19")], View(), grid, exact=True)
    path = tmp_path_factory.mktemp("taken") / "limelight.html"
    path.write_bytes(html_of(figure, "Cat", "#10110e", "Two networks, two gradients."))
    return path.as_uri()


@pytest.fixture(scope="module")
def opened(browser: Browser, file):
    """The file in a dark browser that is offline; a request, an error or a breach of its policy is a failure."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, color_scheme="dark", offline=True)
    page, wrong = context.new_page(), []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    page.on("request", lambda request: wrong.append(request.url) if leaves(request.url, file) else None)
    page.goto(file)
    expect(page.locator(".heatmaplayer image")).to_have_count(4)
    yield page
    context.close()
    assert wrong == []


def leaves(url, file):
    return url != file and not url.startswith(("data:", "blob:"))


def centre(page, index=0):
    box = page.locator(".heatmaplayer").nth(index).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, box["width"]


def ranges(page):
    return page.evaluate(
        "['xaxis', 'xaxis2'].map(axis => document.querySelector('.js-plotly-plot').layout[axis].range)"
    )


def test_hovering_shows_a_value(opened):
    x, y, _ = centre(opened)
    opened.mouse.move(x, y)
    expect(opened.locator(".hoverlayer text").first).to_contain_text("max |g| =")


def test_dragging_zooms_all_panels(opened):
    x, y, width = centre(opened)
    opened.mouse.move(x - width / 4, y - width / 4)
    opened.mouse.down()
    opened.mouse.move(x + width / 4, y + width / 4, steps=4)
    opened.mouse.up()
    opened.wait_for_function("document.querySelector('.js-plotly-plot').layout.xaxis.range[0] > 0.1")
    first, second = ranges(opened)
    assert first == second
    assert first == pytest.approx([0.25, 0.75], abs=0.03)


def test_the_picture_can_be_saved(opened):
    with opened.expect_download() as saved:
        opened.mouse.move(*centre(opened)[:2])
        opened.locator("[data-title*='ownload']").click()
    assert saved.value.suggested_filename == "limelight.png"


def test_the_page_is_dark_and_its_text_can_be_read(opened):
    assert opened.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(27, 28, 24)"
    assert opened.evaluate("getComputedStyle(document.querySelector('figcaption')).color") == "rgb(243, 240, 230)"
    fills = opened.evaluate("[...document.querySelectorAll('.infolayer text')].map(t => getComputedStyle(t).fill)")
    assert set(fills) == {"rgb(243, 240, 230)"}
