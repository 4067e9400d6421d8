"""The way a person takes through the app, in a real browser."""

from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import picture
from tests.e2e.driving import (
    GRID,
    ONE,
    choose,
    follow,
    grid_is_drawn,
    grid_text,
    heatmap_values,
    open_app,
    panels,
    pill,
    press,
    query,
    settle,
)  # fmt: skip

pytestmark = pytest.mark.timeout(240)


def test_it_opens_with_a_finished_comparison_by_three_real_networks(page, app):
    open_app(page, app)
    grid_is_drawn(page, heatmaps=6)
    said = grid_text(page)
    for lite in ("EfficientNet-Lite0", "EfficientNet-Lite1", "EfficientNet-Lite2"):
        assert lite in said
        expect(page.get_by_role("table", name=lite)).to_be_visible()
    assert any(cat in said for cat in ("tabby", "tiger cat", "Egyptian cat"))
    assert query(page) == {}


def test_a_sample_is_chosen_by_its_picture_with_the_mouse_and_with_the_keyboard(page, app):
    open_app(page, f"{app}/{ONE}")
    gallery = page.get_by_role("radiogroup", name="Sample")
    expect(gallery.get_by_role("img").first).to_be_visible()
    boxes = [thumbnail.bounding_box() for thumbnail in gallery.get_by_role("img").all()]
    assert len({(round(box["width"]), round(box["height"])) for box in boxes}) == 1
    assert boxes[0]["width"] == pytest.approx(boxes[0]["height"], abs=1)
    assert all(width > 0 for width in gallery.locator("img").evaluate_all("all => all.map(each => each.naturalWidth)"))
    expect(pill(page, "Cat")).to_be_checked()
    pill(page, "Cat and ladybug").dblclick()  # a second click does not take it back
    settle(page)
    grid_is_drawn(page, heatmaps=2)
    expect(pill(page, "Cat and ladybug")).to_be_checked()
    assert query(page) == {"picture": "ladybug"}
    expect(page.get_by_test_id("stSidebar").get_by_text("Two animals:")).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    settle(page)
    grid_is_drawn(page, heatmaps=2)
    expect(pill(page, "Cat in pieces")).to_be_checked()
    assert query(page) == {"picture": "pieces"}
    page.go_back()
    settle(page)
    expect(pill(page, "Cat and ladybug")).to_be_checked()
    expect(page.get_by_role("heading", name="Cat and ladybug")).to_be_visible()


def test_an_upload_is_explained_and_stays_whatever_is_done_next(page, app):
    open_app(page, f"{app}/{ONE}")
    choose(page, "Upload")
    give(page, "my <b>photo</b>.png", picture())
    expect(page.get_by_role("heading", name="my <b>photo</b>.png 320 × 240 px")).to_be_visible()
    grid_is_drawn(page, heatmaps=2)
    it_survives_the_way_to_another_page_and_back(page)
    a_file_that_is_no_picture_gives_a_sentence_and_the_old_grid_stays(page)


def give(page, name, data):
    """Upload a file."""
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        {"name": name, "mimeType": "image/png", "buffer": data}
    )
    settle(page)


def it_survives_the_way_to_another_page_and_back(page):
    before = heatmap_values(page, 0.5, 0.5)
    page.get_by_test_id("stSidebar").get_by_role("link", name="Methods").click()
    expect(page.get_by_role("heading", name="How to read the maps")).to_be_visible()
    page.get_by_test_id("stSidebar").get_by_role("link", name="Compare").click()
    settle(page)
    grid_is_drawn(page, heatmaps=2)
    assert heatmap_values(page, 0.5, 0.5) == before
    assert query(page)["picture"].startswith("upload-")


def a_file_that_is_no_picture_gives_a_sentence_and_the_old_grid_stays(page):
    before = query(page)
    for name, data, sentence in (
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        ("broken.png", picture()[:300], "picture"),
        ("notes.txt", b"hello", "text, not a picture"),
    ):
        give(page, name, data)
        expect(page.get_by_role("alert"), name).to_contain_text(sentence)
        grid_is_drawn(page, heatmaps=2)
        assert query(page) == before, name


def test_a_picture_is_fetched_by_address_after_some_that_give_none_and_the_link_carries_it(page, app, pictures):
    open_app(page, f"{app}/{ONE}")
    choose(page, "URL")
    an_address_that_gives_no_picture_says_what_to_do(page, pictures)
    fetch(page, f"{pictures}/photo.png")
    expect(page.get_by_role("heading", name="320 × 240 px")).to_be_visible()
    grid_is_drawn(page, heatmaps=2)
    assert query(page) == {"picture": f"{pictures}/photo.png"}
    values = heatmap_values(page, 0.4, 0.4)
    open_app(page, f"{app}/?picture={quote(f'{pictures}/photo.png', safe='')}")
    grid_is_drawn(page, heatmaps=2)
    assert heatmap_values(page, 0.4, 0.4) == values


def fetch(page, address):
    page.get_by_role("textbox", name="Address of the picture").fill(address)
    press(page, "Fetch picture")


def an_address_that_gives_no_picture_says_what_to_do(page, pictures):
    for address, sentence in (
        (f"{pictures}/page.html", "web page, not a picture"),
        (f"{pictures}/nothing.png", "not found"),
        ("http://10.0.0.1/cat.png", "public"),
        ("file:///etc/passwd", "http:// or https://"),
        ("not an address", "not a web address"),
    ):
        fetch(page, address)
        expect(page.get_by_role("alert").first, address).to_contain_text(sentence)
        expect(pill(page, "AlexNet").first).to_be_visible()


def test_a_network_that_is_not_here_is_not_downloaded_unasked_and_offline_it_is_said_what_to_do(page, app, home):
    open_app(page, f"{app}/?networks=efficientnet_lite0,vgg19")
    grid_is_drawn(page, heatmaps=2)
    its_places_say_so(page)
    expect(page.get_by_role("button", name="Download VGG-19, 575 MB")).to_be_visible()
    assert not list((home / "hub" / "checkpoints").glob("vgg19*"))
    follow(page, "?networks=efficientnet_lite0,resnet50")
    page.get_by_role("button", name="Download ResNet-50, 103 MB").dblclick()
    expect(page.get_by_role("alert")).to_contain_text("resnet50-11ad3fa6.pth", timeout=60_000)
    grid_is_drawn(page, heatmaps=2)


def its_places_say_so(page):
    areas = panels(page)
    assert len(areas) == 6  # its places are there, and its words are in them
    messages = page.locator(f"{GRID} .infolayer").get_by_text("Not on this computer")
    expect(messages).to_have_count(3)
    for message, area in zip([each.bounding_box() for each in messages.all()], areas[3:], strict=True):
        assert area["x"] < message["x"] + message["width"] / 2 < area["x"] + area["width"]
        assert area["y"] < message["y"] < area["y"] + area["height"]
