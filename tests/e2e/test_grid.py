"""What the grid does under the mouse: its zoom, a region, raw values; and what it costs to send and to draw."""

import math

import pytest
from playwright.sync_api import expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.e2e.driving import (
    GRID,
    choose,
    figure,
    follow,
    grid_is_drawn,
    grid_text,
    open_app,
    panels,
    query,
    ranges,
    settle,
    shows,
)  # fmt: skip

pytestmark = pytest.mark.timeout(240)

TWO = "networks=efficientnet_lite0,alexnet"


def open_grid(page, address, heatmaps=4):
    """Open the app and wait until its chart is not replaced any more, for the page's size or for a network."""
    open_app(page, address)
    grid_is_drawn(page, heatmaps)
    for _ in range(20):
        page.evaluate(f"document.querySelector('{GRID}').dataset.known = 'yes'")
        page.wait_for_timeout(800)
        if page.locator(f"{GRID}[data-known]").count():
            return
        grid_is_drawn(page, heatmaps)


def drag(page, panel, corner, opposite):
    """Drag over a panel (they are counted column by column) from one place to another, in shares of it."""
    box = panels(page)[panel]
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (corner, opposite)]
    page.mouse.move(*places[0])
    page.mouse.down()
    page.mouse.move(*[(a + b) / 2 for a, b in zip(*places, strict=True)], steps=4)
    page.mouse.move(*places[1], steps=4)
    page.mouse.up()
    settle(page)


def outlines(page):
    """The lime rectangles on the figure, by the axes of their panel."""
    found = page.evaluate(
        f"""() => document.querySelector('{GRID}').layout.shapes.filter(shape => shape.line.color === '#c3f53c')
        .map(shape => [shape.xref + shape.yref, [shape.x0, shape.y0, shape.x1, shape.y1]])"""
    )
    return dict(found)


def region_of(page):
    return [float(share) for share in query(page)["region"].split(",")]


def test_it_is_a_light_message_zoomed_as_one_and_each_map_is_drawn_once(page, app):
    messages = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: messages.append(frame)))
    open_grid(page, f"{app}/?{TWO}")
    # a byte a value; four networks, which not every machine of a test has weights of, are twice that
    assert 4 * 224 * 224 < max(map(len, messages)) <= 210_000
    zooming_one_panel_moves_all_and_survives_a_change_of_view(page)
    a_double_click_shows_all_again(page)
    in_another_size_it_shows_all_and_no_more(page)
    page.get_by_text("Scale, colours, framing").click()
    a_map_that_the_browser_has_is_not_sent_again(page, messages)
    another_view_is_drawn_before_the_page_around_it(page, messages)
    a_repaint_draws_each_map_once_and_never_takes_it_away(page)
    a_zoom_stays_with_what_the_axes_measure(page)


def a_map_that_the_browser_has_is_not_sent_again(page, messages):
    messages.clear()
    for view in ("Overlay", "All panels", "RGB", "Each gradient", "Map"):
        choose(page, view)
        grid_is_drawn(page, heatmaps=4)
    assert 0 < max(map(len, messages)) < 4 * 224 * 224


def another_view_is_drawn_before_the_page_around_it(page, messages):
    for change, back in (("All panels", "Each gradient"), ("Overlay", "Map")):
        messages.clear()
        choose(page, change)
        runs, sent = [[]], {}
        for message in map(ForwardMsg.FromString, messages):
            runs += [[]] if message.HasField("new_session") else []
            sent[message.hash] = message
            if message.ref_hash:  # what the browser is known to have is sent by its name alone
                message = sent.get(message.ref_hash, message)
            runs[-1].append(message.delta.new_element.bidi_component.component_name)
        alone, whole, *_ = (run for run in runs if "limelight_chart" in run)  # not the one that ends in a callback
        assert len(alone) < 20 < len(whole), change
        choose(page, back)


def zooming_one_panel_moves_all_and_survives_a_change_of_view(page):
    box = panels(page)[1]
    assert box["width"] == pytest.approx(box["height"], abs=1)
    drag(page, 1, (0.25, 0.25), (0.75, 0.75))
    zoomed = ranges(page)
    assert len(zoomed) == 5  # two columns and three rows
    for axis, found in zoomed.items():
        expected = (0.25, 0.75) if axis.startswith("x") else (0.75, 0.25)
        assert found == pytest.approx(expected, abs=0.02), axis
    choose(page, "Overlay")
    shows(page, "xaxis", *zoomed["xaxis"])
    for axis, found in ranges(page).items():
        assert found == pytest.approx(zoomed[axis], abs=0.002), axis
    choose(page, "Map")
    grid_is_drawn(page, heatmaps=4)


def a_double_click_shows_all_again(page):
    box = panels(page)[2]
    for _ in range(2):
        page.mouse.dblclick(box["x"] + 50, box["y"] + 50)
        page.wait_for_timeout(600)  # the second must not bring the zoom back
        shows(page, "xaxis", 0, 1)
        assert ranges(page)["xaxis"] == pytest.approx([0, 1], abs=0.002)
        assert ranges(page)["yaxis"] == pytest.approx([1, 0], abs=0.002)


def in_another_size_it_shows_all_and_no_more(page):
    whole, size = figure(page)["width"], page.viewport_size
    page.set_viewport_size({"width": 1000, "height": 700})
    page.wait_for_function(f"document.querySelector('{GRID}')?.clientWidth < {whole}")
    grid_is_drawn(page, heatmaps=4)
    assert ranges(page)["xaxis"] == pytest.approx([0, 1], abs=0.002)
    page.set_viewport_size(size)
    page.wait_for_function(f"document.querySelector('{GRID}')?.clientWidth === {whole}")
    grid_is_drawn(page, heatmaps=4)
    assert ranges(page)["xaxis"] == pytest.approx([0, 1], abs=0.002)
    assert ranges(page)["yaxis"] == pytest.approx([1, 0], abs=0.002)


WATCHED = """grid => {
    const { prototype } = HTMLCanvasElement, draw = prototype.toDataURL, marks = '.heatmaplayer image'
    window.watched = { drawn: 0, fewest: Infinity, frames: 0 }
    prototype.toDataURL = function (...all) { window.watched.drawn += 1; return draw.apply(this, all) }
    const look = () => {
        window.watched.fewest = Math.min(window.watched.fewest, document.querySelectorAll(`${grid} ${marks}`).length)
        window.watched.frames += 1
        requestAnimationFrame(look) }
    look() }"""


def a_repaint_draws_each_map_once_and_never_takes_it_away(page):
    page.evaluate(WATCHED, GRID)
    choose(page, "Each panel")
    assert "scale to" in grid_text(page)
    watched = page.evaluate("window.watched")
    assert watched["drawn"] == 4
    assert watched["fewest"] == 4  # in no frame was one missing
    assert watched["frames"] > 5


def a_zoom_stays_with_what_the_axes_measure(page):
    drag(page, 1, (0.25, 0.25), (0.75, 0.75))
    shows(page, "xaxis", 0.25, 0.75)
    choose(page, "The picture")
    grid_is_drawn(page, heatmaps=4)
    shows(page, "xaxis", 0, 1)
    choose(page, "What each saw")
    grid_is_drawn(page, heatmaps=4)
    shows(page, "xaxis", 0.25, 0.75)


def test_on_the_picture_a_place_is_read_and_a_region_dragged_on_any_panel(page, app):
    open_grid(page, f"{app}/?{TWO}&on=picture")
    the_same_place_is_read_in_every_panel(page)
    follow(page, f"?{TWO}&on=picture&ask=region")
    grid_is_drawn(page, heatmaps=4)
    a_box_that_is_dragged_on_one_panel_is_the_region_on_all(page)


def the_same_place_is_read_in_every_panel(page):
    box = panels(page)[1]
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_function("document.querySelectorAll('.st-key-grid .hoverlayer .hovertext').length === 2")
    page.mouse.move(box["x"] + 0.05 * box["width"], box["y"] + box["height"] / 2)  # hatched: nothing was seen there
    page.wait_for_function("document.querySelectorAll('.st-key-grid .hoverlayer .hovertext').length === 0")
    assert "rest hatched" in grid_text(page)


def a_box_that_is_dragged_on_one_panel_is_the_region_on_all(page):
    drag(page, 4, (0.3, 0.3), (0.7, 0.6))
    assert region_of(page) == pytest.approx([0.3, 0.3, 0.7, 0.6], abs=0.02)
    drawn = outlines(page)
    assert len(drawn) == 6
    assert all(box == pytest.approx(region_of(page)) for box in drawn.values())
    assert page.locator(f"{GRID} .selectionlayer path").count() == 0  # Plotly's own does not stay behind
    chosen = query(page)["region"]
    choose(page, "Overlay")
    grid_is_drawn(page, heatmaps=4)
    choose(page, "Map")
    assert query(page)["region"] == chosen
    drag(page, 1, (0.6, 0.8), (0.2, 0.1))  # from any corner, again, elsewhere
    assert region_of(page) == pytest.approx([0.2, 0.1, 0.6, 0.8], abs=0.02)


def test_a_region_on_the_input_is_of_the_picture_and_a_zoom_outlives_it(page, app):
    # the sample is 451 x 300 and its middle 300 x 300 / 1.14 are seen
    open_grid(page, f"{app}/?{TWO}&ask=region")
    page.evaluate(
        f"Plotly.relayout(document.querySelector('{GRID}'), {{'xaxis.range': [0.2, 0.7], 'yaxis.range': [0.8, 0.3]}})"
    )
    drag(page, 4, (0.2, 0.2), (0.8, 0.6))
    left, top, right, bottom = region_of(page)
    seen = 224 / 256 * 300
    expected = [0.5 + (x - 0.5) * seen / 451 for x in (0.3, 0.6)] + [0.5 + (y - 0.5) * seen / 300 for y in (0.4, 0.6)]
    assert [left, right, top, bottom] == pytest.approx(expected, abs=0.02)
    assert all(box == pytest.approx([0.3, 0.4, 0.6, 0.6], abs=0.02) for box in outlines(page).values())
    choose(page, "Overlay")
    grid_is_drawn(page, heatmaps=4)
    shows(page, "xaxis", 0.2, 0.7)
    assert ranges(page)["xaxis"] == pytest.approx([0.2, 0.7], abs=0.002)
    assert len(outlines(page)) == 6
    box = panels(page)[0]
    page.mouse.dblclick(box["x"] + 50, box["y"] + 50)
    shows(page, "xaxis", 0, 1)
    assert ranges(page)["xaxis"] == pytest.approx([0, 1], abs=0.002)
    assert "region" in query(page)


DECODED = """([x, y]) => document.querySelector('.st-key-grid .js-plotly-plot')._fullData
    .filter(trace => trace.type === 'heatmap')
    .map(({ z, meta }) => [z[Math.floor(y * z.length)][Math.floor(x * z[0].length)], JSON.parse(meta)])"""


def test_hovering_says_raw_values_of_one_place_in_every_panel_of_the_row(page, app):
    open_grid(page, f"{app}/?{TWO}&reduction=sum&scale=panel")
    they_are_in_logits(page)
    follow(page, "?networks=efficientnet_lite0&reduction=sum&scale=panel")
    grid_is_drawn(page, heatmaps=2)
    expect(page.locator(f"{GRID} .hoverlayer .hovertext")).to_have_count(0)  # those panels are gone
    follow(page, "?networks=efficientnet_lite0,alexnet,resnet18")
    grid_is_drawn(page, heatmaps=6)
    of_three_networks_there_are_three(page)
    follow(page, f"?{TWO}&with=edges,random")
    grid_is_drawn(page, heatmaps=8)
    assert grid_text(page).count("no network, class or unit") == 4  # references are rows of their own


def they_are_in_logits(page):
    box = panels(page)[1]
    x, y = int(box["x"] + 0.4 * box["width"]), int(box["y"] + 0.6 * box["height"])
    page.mouse.move(x, y)
    labels = page.locator(f"{GRID} .hoverlayer .hovertext")
    page.wait_for_function("document.querySelectorAll('.st-key-grid .hoverlayer .hovertext').length === 2")
    said = sorted(float(text.split("≈")[1].replace("−", "-")) for text in labels.all_text_contents())
    place = [(x - box["x"]) / box["width"], (y - box["y"]) / box["height"]]
    codes = page.evaluate(DECODED, place)[:2]
    expected = sorted(by_hand(code, law) for code, law in codes)
    assert said == pytest.approx(expected, rel=0.08, abs=1e-4)


def by_hand(code, law):
    steps = abs(code)
    if steps <= law["knee"]:
        return math.copysign(law["bend"] * (steps / law["knee"]) ** 2, code)
    return math.copysign(law["bend"] * math.exp(law["growth"] * (steps - law["knee"])), code)


def of_three_networks_there_are_three(page):
    box = panels(page)[1]  # the first network's vanilla map
    page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 0.6 * box["height"])
    labels = page.locator(f"{GRID} .hoverlayer .hovertext")
    expect(labels).to_have_count(3)
    assert all(float(text.split("≈")[1].split()[0]) >= 0 for text in labels.all_text_contents())
