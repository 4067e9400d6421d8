"""Taking away, pinning, stepping and presenting, in a real browser and with the real files."""

import csv
import io
import json
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.conftest import picture
from tests.e2e.driving import (
    GRID,
    GROUNDS,
    SECONDS,
    button,
    choose,
    follow,
    grid_is_drawn,
    heatmap_values,
    light_or_dark,
    open_app,
    panels,
    press,
    query,
    settle,
)  # fmt: skip

pytestmark = pytest.mark.timeout(240)
TWO = "networks=efficientnet_lite0,alexnet"
NAME = "limelight-chelsea-efficientnet-lite0-alexnet"


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


def take(page: Page, kind: str, folder):
    """Click a download and keep its file."""
    with page.expect_download() as saved:
        page.get_by_role("button", name=kind).click()
    path = folder / saved.value.suggested_filename
    saved.value.save_as(path)
    return path


def upload(page: Page, count: int) -> None:
    choose(page, "Upload")
    page.get_by_test_id("stSidebar").get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        [{"name": f"p{i}.png", "mimeType": "image/png", "buffer": picture(seed=i)} for i in range(count)]
    )
    settle(page)


def test_what_is_taken_away_is_what_the_grid_shows(page, app, browser, tmp_path):
    open_app(page, f"{app}/?{TWO}&ask=export")
    grid_is_drawn(page, heatmaps=4)
    the_page_zooms_and_hovers_without_a_network(page, browser, tmp_path)
    the_picture_has_twice_the_size_a_ground_and_text_that_can_be_read(page, "dark", tmp_path)
    light_or_dark(page, "light")
    grid_is_drawn(page, heatmaps=4)
    the_picture_has_twice_the_size_a_ground_and_text_that_can_be_read(page, "light", tmp_path)
    the_picture_is_drawn_as_it_is_zoomed(page, tmp_path)
    follow(page, f"?{TWO}&rules=guided&class=281&ask=export")
    grid_is_drawn(page, heatmaps=2)
    numbers_and_manifest_hold_the_same(page, tmp_path)


def the_picture_has_twice_the_size_a_ground_and_text_that_can_be_read(page, scheme, tmp_path):
    size = page.evaluate(f"(({{_fullLayout: l}}) => [l.width, l.height])(document.querySelector('{GRID}'))")
    path = take(page, "Picture, PNG", tmp_path)
    assert path.name == f"{NAME}.png"
    image = Image.open(path).convert("RGBA")
    assert image.size == (2 * size[0], 2 * size[1])
    pixels = np.asarray(image).astype(int)
    assert pixels[..., 3].min() == 255
    assert tuple(pixels[2, 2, :3]) == GROUNDS[scheme]
    assert differ(pixels, 0.0, 0.06) > 400  # the columns' names
    assert differ(pixels[:, -220:], 0.3, 1.0) > 400  # the bars and their numbers


def differ(pixels, top, bottom):
    """How many pixels between two heights, in shares, are as far from the ground as text is."""
    part = pixels[int(top * len(pixels)) : int(bottom * len(pixels)), ..., :3]
    return int((np.abs(part - pixels[2, -2, :3]).min(axis=-1) > 150).sum())


def the_picture_is_drawn_as_it_is_zoomed(page, tmp_path):
    whole = np.asarray(Image.open(take(page, "Picture, PNG", tmp_path)).convert("RGB"))
    page.evaluate(f"window.Plotly.relayout(document.querySelector('{GRID}'), {{'xaxis.range': [0.4, 0.6]}})")
    page.wait_for_timeout(500)
    zoomed = np.asarray(Image.open(take(page, "Picture, PNG", tmp_path)).convert("RGB"))
    assert zoomed.shape == whole.shape
    assert (zoomed != whole).any(axis=-1).mean() > 0.1


def the_page_zooms_and_hovers_without_a_network(page, browser, tmp_path):
    path = take(page, "Web page, HTML", tmp_path)
    assert path.name == f"{NAME}.html"
    context = browser.new_context(viewport={"width": 1600, "height": 1000}, offline=True)
    other, wrong = context.new_page(), []
    other.on("pageerror", lambda error: wrong.append(str(error)))
    other.goto(path.as_uri())
    expect(other.locator(".heatmaplayer image")).to_have_count(4)
    expect(other.locator("figcaption")).to_contain_text("EfficientNet-Lite0 explains")
    box = other.locator(".nsewdrag").nth(1).bounding_box()
    x, y, side = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, box["width"]
    other.mouse.move(x, y)
    expect(other.locator(".hoverlayer text").first).to_contain_text("max |g| =")
    other.mouse.move(x - side / 4, y - side / 4)
    other.mouse.down()
    other.mouse.move(x + side / 4, y + side / 4, steps=4)
    other.mouse.up()
    other.wait_for_function("document.querySelector('.js-plotly-plot').layout.xaxis.range[0] > 0.1")
    context.close()
    assert wrong == []


def numbers_and_manifest_hold_the_same(page, tmp_path):
    arrays = np.load(take(page, "Maps, NPZ", tmp_path), allow_pickle=False)
    assert set(arrays) == {
        "manifest.json", "efficientnet_lite0/seen", "efficientnet_lite0/guided", "alexnet/seen", "alexnet/guided",
    }  # fmt: skip
    assert arrays["alexnet/guided"].dtype == np.float32
    assert arrays["alexnet/guided"].shape == (3, 224, 224)
    manifest = json.loads(take(page, "Manifest, JSON", tmp_path).read_text())
    within = json.loads(arrays["manifest.json"].tobytes())
    assert {**within, "created": ""} == {**manifest, "created": ""}
    assert manifest["view"] == query(page)
    rows = list(csv.DictReader(io.StringIO(take(page, "Predictions, CSV", tmp_path).read_text("utf-8-sig"))))
    assert {(row["network"], row["class_name"]) for row in rows if row["explained"] == "1"} == {
        ("efficientnet_lite0", "tabby"), ("alexnet", "tabby"),
    }  # fmt: skip


def test_another_person_gets_a_link_and_with_a_manifest_and_the_file_the_same_numbers(page, app, browser, tmp_path):
    open_app(page, f"{app}/?networks=alexnet&ask=export")
    the_link_is_copied_whole_and_shown_where_there_is_no_clipboard(page)
    expect(page.get_by_text("The other person needs")).to_have_count(0)
    upload(page, 1)
    expect(page.get_by_text("The other person needs the picture file.")).to_be_visible()
    grid_is_drawn(page, heatmaps=2)
    a_manifest_and_its_file_bring_it_back_in_another_session(page, app, browser, tmp_path)


def the_link_is_copied_whole_and_shown_where_there_is_no_clipboard(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    copy = page.get_by_role("button", name=re.compile("Copy link|Link copied"))
    copy.click()
    expect(page.get_by_role("button", name="Link copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    copy.click()
    field = page.get_by_role("textbox", name="Address of this comparison")
    expect(field).to_be_visible()
    expect(field).to_have_value(page.url)
    expect(field).to_be_focused()


def a_manifest_and_its_file_bring_it_back_in_another_session(page, app, browser, tmp_path):
    values = heatmap_values(page, 0.4, 0.6)
    path = take(page, "Manifest, JSON", tmp_path)
    context = browser.new_context(viewport={"width": 1600, "height": 1000})
    other = context.new_page()
    open_app(other, f"{app}/?ask=export")
    other.get_by_text("Load a manifest").click()
    place = other.locator(".st-key-manifest_place").get_by_test_id("stFileUploaderDropzoneInput")
    place.set_input_files(path)
    settle(other)
    expect(other.get_by_text("The manifest needs the very file, a picture of 320 × 240 px")).to_be_visible()
    upload(other, 1)
    grid_is_drawn(other, heatmaps=2)
    expect(other.locator(".st-key-agreement")).to_contain_text("2 of 2 maps agree, bit for bit.")
    assert heatmap_values(other, 0.4, 0.6) == values
    assert query(other) == query(page)
    context.close()


def test_pins_are_opened_renamed_and_compared_with_one_zoom(page, app):
    open_app(page, f"{app}/?networks=alexnet")
    a_click_on_pin_before_the_maps_are_there_waits_for_them(page)
    choose(page, "ResNet-18")
    grid_is_drawn(page, heatmaps=4)
    press(page, "Pin")
    expect(page.locator(".st-key-tray img")).to_have_count(2)
    page.locator(".st-key-pin_more_1 button").first.click()
    page.get_by_label("Name").fill("Only AlexNet")
    page.get_by_label("Name").press("Enter")
    settle(page)
    page.keyboard.press("Escape")
    press(page, "Only AlexNet")
    grid_is_drawn(page, heatmaps=2)
    assert query(page) == {"networks": "alexnet", "picture": "astronaut"}
    page.get_by_role("button", name="Compare two").click()
    press(page, "Show side by side")
    grid_is_drawn(page, heatmaps=6)
    boxes = [plot.bounding_box() for plot in page.locator(GRID).all()]
    assert len(boxes) == 2
    assert boxes[0]["y"] == pytest.approx(boxes[1]["y"], abs=2)
    assert boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"]
    press(page, "Back to one comparison")
    grid_is_drawn(page, heatmaps=2)


def a_click_on_pin_before_the_maps_are_there_waits_for_them(page):
    astronaut = page.get_by_test_id("stSidebar").get_by_role("radio", name="Astronaut", exact=True)
    expect(astronaut.get_by_role("img")).to_be_visible()  # pictures that arrive move what is clicked
    astronaut.click()
    expect(astronaut).to_be_checked()
    button(page, "Pin").click()
    settle(page)
    settle(page)
    expect(page.locator(".st-key-tray img")).to_have_count(1)
    expect(button(page, "Pinned")).to_be_disabled()
    grid_is_drawn(page, heatmaps=2)


def test_arrow_keys_step_through_pictures_but_not_while_they_move_a_slider(page, app):
    open_app(page, f"{app}/?networks=alexnet&show=overlay")
    upload(page, 3)
    assert heading(page).startswith("p0.png")
    page.locator("h1").click()
    for key, name, place in (
        ("ArrowRight", "p1", "2 of 3"),
        ("ArrowLeft", "p0", "1 of 3"),
        ("ArrowLeft", "p2", "3 of 3"),
    ):
        page.keyboard.press(key)
        settle(page)
        assert heading(page).startswith(name)
        expect(page.locator("p.lime-step")).to_have_text(place)
    assert query(page)["networks"] == "alexnet"
    page.get_by_role("slider", name="Overlay strength").focus()
    page.keyboard.press("ArrowLeft")
    settle(page)
    assert query(page)["opacity"] == "0.75"
    assert heading(page).startswith("p2")


def test_the_presenter_view_is_the_grid_alone_and_left_with_tab_and_enter_or_escape(page, app):
    open_app(page, f"{app}/?networks=alexnet&present=1")
    the_way_out_is_reached_with_the_tab_key(page)
    follow(page, f"?{TWO}&colours=hot")
    the_grid_is_alone_and_larger_until_escape(page)


def the_way_out_is_reached_with_the_tab_key(page):
    reached = ""
    for _ in range(12):
        page.keyboard.press("Tab")
        # Of a button: the page itself, which has the focus while it is drawn anew, also ends in these words.
        reached = page.evaluate("document.activeElement.closest('button')?.innerText ?? ''").strip()
        if reached.endswith("Leave presenter view"):
            break
    assert reached.endswith("Leave presenter view")
    page.keyboard.press("Enter")
    expect(button(page, "Present")).to_be_visible(timeout=SECONDS)
    settle(page)
    assert query(page) == {"networks": "alexnet"}


def the_grid_is_alone_and_larger_until_escape(page):
    grid_is_drawn(page, heatmaps=4)
    usual = panels(page)[0]["width"]
    press(page, "Pin")
    press(page, "Present")
    settle(page)
    for hidden in ("stSidebar", "stHeader"):
        expect(page.get_by_test_id(hidden)).not_to_be_visible()
    for hidden in ("controls", "tools", "tray", "around"):
        expect(page.locator(f".st-key-{hidden}")).not_to_be_visible()
    grid_is_drawn(page, heatmaps=4)
    assert panels(page)[0]["width"] > 1.3 * usual
    assert page.evaluate("(e => e.scrollHeight - e.clientHeight)(document.querySelector('[data-testid=stMain]'))") <= 0
    page.keyboard.press("Tab")
    expect(button(page, "Leave presenter view")).to_be_visible()
    page.keyboard.press("1")
    settle(page)
    assert query(page)["present"] == "1"
    page.keyboard.press("Escape")
    settle(page)
    assert query(page) == {"networks": "efficientnet_lite0,alexnet", "colours": "hot"}
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
