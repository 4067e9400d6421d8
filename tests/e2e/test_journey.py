"""The way a person takes through the app, in a real browser."""

from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import picture, start_server
from tests.e2e.driving import (
    GRID,
    choose,
    choose_class,
    grid_is_drawn,
    grid_text,
    heatmap_values,
    open_app,
    panels,
    pill,
    ranges,
    settle,
)  # fmt: skip

ONE = "?networks=efficientnet_lite0"  # what a link means that names no network

pytestmark = pytest.mark.timeout(240)


def query(page: Page) -> dict[str, str]:
    """What the address says, but for the one network that it would mean anyway."""
    said = {key: values[0] for key, values in parse_qs(urlsplit(page.url).query).items()}
    return {key: value for key, value in said.items() if f"?{key}={value}" != ONE}


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


def test_zooming_one_panel_moves_all_and_survives_a_change_of_view(page, app):
    open_app(page, f"{app}/?networks=efficientnet_lite0,alexnet")
    grid_is_drawn(page, heatmaps=4)
    box = panels(page)[1]
    assert box["width"] == pytest.approx(box["height"], abs=1)
    corner = lambda share: (box["x"] + share * box["width"], box["y"] + share * box["height"])  # noqa: E731
    page.mouse.move(*corner(0.25))
    page.mouse.down()
    page.mouse.move(*corner(0.5), steps=5)
    page.mouse.move(*corner(0.75), steps=5)
    page.mouse.up()
    page.wait_for_timeout(500)
    zoomed = ranges(page)
    assert len(zoomed) == 5  # two columns and three rows
    for axis, (low, high) in zoomed.items():
        expected = (0.25, 0.75) if axis.startswith("x") else (0.75, 0.25)
        assert (low, high) == pytest.approx(expected, abs=0.02), axis
    choose(page, "Overlay")
    page.wait_for_timeout(700)
    for axis, found in ranges(page).items():
        assert found == pytest.approx(zoomed[axis], abs=0.002), axis


def test_hovering_shows_the_same_points_raw_value_in_every_panel_of_the_row(page, app):
    open_app(page, f"{app}/?networks=efficientnet_lite0,alexnet,resnet18")
    grid_is_drawn(page, heatmaps=6)
    box = panels(page)[1]  # the first network's vanilla map
    page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 0.6 * box["height"])
    labels = page.locator(f"{GRID} .hoverlayer .hovertext")
    expect(labels).to_have_count(3)
    assert all(float(text.split("≈")[1].split()[0]) >= 0 for text in labels.all_text_contents())


def test_networks_gradients_and_class_are_chosen_and_the_link_opens_the_same_on_a_cold_server(page, app, home, browser):
    open_app(page, f"{app}/{ONE}")
    choose(page, "AlexNet")
    grid_is_drawn(page, heatmaps=4)
    choose(page, "ResNet-18")
    choose(page, "Vanilla gradient")
    grid_is_drawn(page, heatmaps=3)
    choose_class(page, "great grey owl")
    assert query(page) == {
        "networks": "efficientnet_lite0,alexnet,resnet18", "rules": "guided", "class": "24",
    }  # fmt: skip
    said = grid_text(page)
    assert said.count("great grey owl") == 3
    process, cold = start_server(home)
    try:
        other = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
        open_app(other, page.url.replace(app, cold))
        grid_is_drawn(other, heatmaps=3)
        assert grid_text(other) == said
        assert heatmap_values(other, 0.3, 0.7) == pytest.approx(heatmap_values(page, 0.3, 0.7), rel=0.01, abs=3)
        other.context.close()
    finally:
        process.terminate()
        process.wait(timeout=20)


def test_an_upload_is_explained_and_survives_the_way_to_another_page_and_back(page, app):
    open_app(page, f"{app}/{ONE}")
    choose(page, "Upload")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        {"name": "my <b>photo</b>.png", "mimeType": "image/png", "buffer": picture()}
    )
    settle(page)
    expect(page.get_by_role("heading", name="my <b>photo</b>.png 320 × 240 px")).to_be_visible()
    grid_is_drawn(page, heatmaps=2)
    before = heatmap_values(page, 0.5, 0.5)
    page.get_by_test_id("stSidebar").get_by_role("link", name="Methods").click()
    expect(page.get_by_role("heading", name="How to read the maps")).to_be_visible()
    page.get_by_test_id("stSidebar").get_by_role("link", name="Compare").click()
    settle(page)
    grid_is_drawn(page, heatmaps=2)
    assert heatmap_values(page, 0.5, 0.5) == before
    assert query(page)["picture"].startswith("upload-")


def test_somebody_elses_link_to_an_upload_says_that_the_file_is_needed(page, app):
    open_app(page, f"{app}/?picture=upload-0123456789abcdef&networks=alexnet")
    expect(page.get_by_role("alert")).to_contain_text("uploads stay with the person who made them")
    expect(pill(page, "AlexNet").first).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        ("broken.png", picture()[:300], "picture"),
        ("notes.txt", b"hello", "picture"),
    ],
)
def test_a_file_that_is_no_picture_gives_a_sentence_and_the_old_grid_stays(page, app, name, data, sentence):
    open_app(page, f"{app}/{ONE}")
    choose(page, "Upload")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        {"name": name, "mimeType": "image/png", "buffer": data}
    )
    settle(page)
    expect(page.get_by_role("alert")).to_contain_text(sentence)
    grid_is_drawn(page, heatmaps=2)


def test_a_picture_is_fetched_by_address_and_the_link_carries_it(page, app, pictures):
    open_app(page, f"{app}/{ONE}")
    choose(page, "URL")
    page.get_by_role("textbox", name="Address of the picture").fill(f"{pictures}/photo.png")
    page.get_by_role("button", name="Fetch picture").click()
    settle(page)
    expect(page.get_by_role("heading", name="320 × 240 px")).to_be_visible()
    grid_is_drawn(page, heatmaps=2)
    assert query(page) == {"picture": f"{pictures}/photo.png"}
    values = heatmap_values(page, 0.4, 0.4)
    open_app(page, f"{app}/?picture={quote(f'{pictures}/photo.png', safe='')}")
    grid_is_drawn(page, heatmaps=2)
    assert heatmap_values(page, 0.4, 0.4) == values


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("{pictures}/page.html", "web page, not a picture"),
        ("{pictures}/nothing.png", "not found"),
        ("http://10.0.0.1/cat.png", "public"),
        ("file:///etc/passwd", "http:// or https://"),
        ("not an address", "not a web address"),
    ],
)
def test_an_address_that_gives_no_picture_says_what_to_do(page, app, pictures, address, sentence):
    open_app(page, f"{app}/{ONE}")
    choose(page, "URL")
    page.get_by_role("textbox", name="Address of the picture").fill(address.format(pictures=pictures))
    page.get_by_role("button", name="Fetch picture").click()
    settle(page)
    expect(page.get_by_role("alert").first).to_contain_text(sentence)
    expect(pill(page, "AlexNet").first).to_be_visible()


def test_a_network_that_is_not_here_shows_its_size_and_is_not_downloaded_unasked(page, app, home):
    open_app(page, f"{app}/?networks=efficientnet_lite0,vgg19")
    grid_is_drawn(page, heatmaps=2)
    areas = panels(page)
    assert len(areas) == 6  # its places are there, and its words are in them
    messages = page.locator(f"{GRID} .infolayer").get_by_text("Not on this computer")
    expect(messages).to_have_count(3)
    for message, area in zip([each.bounding_box() for each in messages.all()], areas[3:], strict=True):
        assert area["x"] < message["x"] + message["width"] / 2 < area["x"] + area["width"]
        assert area["y"] < message["y"] < area["y"] + area["height"]
    button = page.get_by_role("button", name="Download VGG-19, 575 MB")
    expect(button).to_be_visible()
    assert not list((home / "hub" / "checkpoints").glob("vgg19*"))


def test_a_download_that_fails_offline_says_which_file_to_put_where(page, app):
    open_app(page, f"{app}/?networks=efficientnet_lite0,resnet50")
    page.get_by_role("button", name="Download ResNet-50, 103 MB").dblclick()
    expect(page.get_by_role("alert")).to_contain_text("resnet50-11ad3fa6.pth", timeout=60_000)
    grid_is_drawn(page, heatmaps=2)


def test_back_and_forward_walk_through_the_comparisons(page, app):
    open_app(page, f"{app}/{ONE}")
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


def test_an_impatient_person_who_keeps_clicking_ends_where_the_last_click_was(page, app):
    open_app(page, f"{app}/{ONE}")
    for name in ("AlexNet", "ResNet-18", "AlexNet", "AlexNet", "Overlay", "Map"):
        pill(page, name).first.click()
    settle(page)
    grid_is_drawn(page, heatmaps=6)
    expect(pill(page, "Map").first).to_be_checked()
    assert query(page) == {"networks": "efficientnet_lite0,alexnet,resnet18"}


def test_two_tabs_do_not_see_each_other(page, app, browser: Browser):
    open_app(page, f"{app}/{ONE}")
    context = browser.new_context()
    other = context.new_page()
    open_app(other, f"{app}/?networks=alexnet&picture=coffee")
    choose(page, "Overlay")
    assert query(page) == {"show": "overlay"}
    assert query(other) == {"networks": "alexnet", "picture": "coffee"}
    context.close()


def test_words_that_are_no_class_give_candidates_and_never_a_guess(page, app):
    open_app(page, f"{app}/{ONE}")
    choose_class(page, "tabyb kat")
    assert "class" not in query(page)
    group = page.get_by_role("radiogroup", name="Did you mean")
    expect(group).to_be_visible()
    group.get_by_role("radio").first.click()
    settle(page)
    assert "class" in query(page)


def test_a_strangers_nonsense_link_opens_with_what_makes_sense(page, app):
    open_app(page, f"{app}/?networks=nothing,alexnet,<script>&rules=magic&class=99999&show=x&clip=nan&opacity=7")
    grid_is_drawn(page, heatmaps=2)
    assert query(page) == {"networks": "alexnet"}
    open_app(page, f"{app}/?networks=&rules=&class=-1&scale=&fit=")
    grid_is_drawn(page, heatmaps=2)
