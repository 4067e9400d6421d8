"""The scripts of components alone, called as Streamlit calls them: also in the wrong order, too early, and again."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from core.ui.frame.assets import script

MOUNT = """async script => {
    const module = await import(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })))
    window.told = []
    const block = () => {
        const block = document.createElement('div')
        block.dataset.testid = 'stVerticalBlock'
        block.innerHTML = '<i hidden></i><p><nav></nav></p>'
        document.body.append(block)
        return block }
    window.blocks = { old: block(), now: block() }
    window.call = (data, where = 'now') => {
        const encoded = typeof data === 'string' ? new TextEncoder().encode(data) : data
        const block = window.blocks[where], parentElement = block.querySelector('p').shadowRoot ?? block
        const tell = (...all) => window.told.push(all)
        return module.default({ parentElement, data: encoded, setTriggerValue: tell, setStateValue: tell }) }
    let at = 0
    window.mark = (place, mark, where = 'now') => {
        Object.assign(window.blocks[where].querySelector('i').dataset, { place, mark, at: at += 1 }) } }"""
PLOTLY = """window.drawn = []
    window.Plotly = { Fx: { unhover: () => {} }, purge: (chart) => { delete chart._fullLayout },
        react: (chart, data, layout) => {
            Object.assign(chart, { data, layout, _fullLayout: layout, on: () => {} })
            window.drawn.push([layout.width, layout.xaxis.range]) } }"""
LARGE = "window.limelight = { 'whole arrays': new Map([['none', []]]), 'whole photos': new Map([['none', []]]) }"


@pytest.fixture
def bare(browser: Browser) -> Iterator[Page]:
    """A page of nothing."""
    page = browser.new_page()
    yield page
    page.close()


def chart(mark: str, width: int = 640, space: str = "input") -> str:
    """What the chart's script is told."""
    axis: dict[str, Any] = {"range": [0, 1], "domain": [0, 1]}
    layout = {"width": width, "height": 480, "xaxis": axis, "yaxis": axis, "annotations": [], "shapes": []}
    figure = {"data": [], "layout": layout | {"margin": dict.fromkeys("lrtb", 0), "font": {"family": "serif"}}}
    told = {"place": "whole", "space": space, "figure": figure, "config": {}, "alt": "Maps"}
    told |= {"arrays": "none", "photos": "none"}
    return mark + json.dumps(told)


def drawn(page: Page) -> list[int]:
    """How wide each figure was that Plotly was given."""
    page.wait_for_timeout(100)
    return [width for width, _ in page.evaluate("window.drawn")]


def test_the_latest_figure_is_drawn_in_whatever_order_they_come(bare):
    bare.evaluate(PLOTLY)
    bare.evaluate(LARGE)
    bare.evaluate(MOUNT, script("chart.js"))
    bare.evaluate("mark('whole', '00000002')")
    bare.evaluate("([one, other]) => { call(one); call(other) }", [chart("00000002", 700), chart("00000001", 900)])
    assert drawn(bare) == [700]
    bare.evaluate("([one, other]) => { call(one); call(other) }", [chart("00000001", 900), chart("00000002", 700)])
    assert drawn(bare) == [700, 700]
    bare.evaluate("mark('second', '00000002')")  # of another place
    bare.evaluate("told => { call(told) }", chart("00000002", 800))
    assert drawn(bare) == [700, 700]


def test_what_was_left_in_another_place_for_a_moment_is_not_drawn(bare):
    bare.evaluate(PLOTLY)
    bare.evaluate(LARGE)
    bare.evaluate(MOUNT, script("chart.js"))
    bare.evaluate("mark('whole', '00000001', 'old')")
    bare.evaluate("told => { call(told) }", chart("00000001", 900))
    assert drawn(bare) == []
    for mark in ("00000002", "00000001"):  # also if it is the same there
        bare.evaluate("mark => window.mark('whole', mark)", mark)
        bare.evaluate("told => { call(told, 'now'); call(told, 'old') }", chart(mark, 700))
        bare.evaluate("told => { call(told, 'old') }", chart("00000001", 900))
    assert drawn(bare) == [700, 700]
    assert bare.evaluate("blocks.now.contains(document.querySelector('[role=figure]'))")


def test_one_chart_is_drawn_into_again_and_again(bare):
    bare.evaluate(PLOTLY)
    bare.evaluate(LARGE)
    bare.evaluate(MOUNT, script("chart.js"))
    for number in (1, 2):
        bare.evaluate(f"mark('whole', '0000000{number}')")
        bare.evaluate("told => { call(told) }", chart(f"0000000{number}"))
        bare.evaluate("document.querySelector('[role=figure]').dataset.known ??= 'yes'")
    assert drawn(bare) == [640, 640]
    assert bare.locator("[role=figure]").count() == bare.locator("[data-known]").count() == 1
    assert bare.get_by_role("figure", name="Maps").bounding_box()["width"] == 640


def test_it_waits_for_plotly_and_for_who_drags_and_then_draws_the_latest(bare):
    bare.evaluate(LARGE)
    bare.evaluate(MOUNT, script("chart.js"))
    for number, width in ((1, 600), (2, 700)):
        bare.evaluate(f"mark('whole', '0000000{number}')")
        bare.evaluate("told => { call(told) }", chart(f"0000000{number}", width))
    bare.evaluate(PLOTLY)
    assert drawn(bare) == [700]
    bare.evaluate("document.querySelector('[role=figure]')._dragging = true")
    bare.evaluate("mark('whole', '00000003')")
    bare.evaluate("told => { call(told) }", chart("00000003", 800))
    assert drawn(bare) == [700]
    bare.evaluate("document.querySelector('[role=figure]')._dragging = false")
    assert drawn(bare) == [700, 800]


def test_without_plotly_it_says_what_to_do_and_draws_once_it_is_there(bare):
    bare.clock.install()
    bare.evaluate(LARGE)
    bare.evaluate(MOUNT, script("chart.js"))
    bare.evaluate("mark('whole', '00000001')")
    bare.evaluate("told => { call(told) }", chart("00000001"))
    bare.clock.run_for(31_000)
    figure = bare.get_by_role("figure")
    assert figure.inner_text() == "Colour bars and values are late: wait, or reload the page."
    bare.evaluate(PLOTLY)  # on a slow line, in the end
    bare.clock.run_for(100)
    assert figure.inner_text() == ""
    assert bare.evaluate("window.drawn.length") == 1


@pytest.fixture
def telling(bare: Page) -> Callable[[bytes], None]:
    """Tells large.js something."""
    bare.evaluate(MOUNT, script("large.js"))
    bare.evaluate("() => { window.keep = window.call }")

    def tell(data: bytes) -> None:
        bare.evaluate("data => keep(new Uint8Array(data))", list(data))

    return tell


def test_what_is_large_is_put_in_its_place_as_soon_as_it_is_there(bare, telling):
    bare.evaluate(PLOTLY)
    bare.evaluate(MOUNT, script("chart.js"))
    told = json.loads(chart("")) | {"arrays": "a2", "photos": "p1"}
    z = {"dtype": "i1", "bdata": [1, 5], "shape": "2, 2"}
    told["figure"]["data"] = [{"z": z, "x": [None]}, {"source": {"text": [2, 6]}}]
    bare.evaluate("mark('whole', '00000001')")
    bare.evaluate("told => { call(told) }", "00000001" + json.dumps(told))
    telling(b"a1 whole arrays\n" + bytes(9))
    telling(b"a2 whole arrays\n\x00\x0a\xff\x02\x03\x04")  # a line's end may be among the numbers
    telling(b"p1 second photos\nno")
    assert drawn(bare) == []
    telling(b"p1 whole photos\n--data--")
    assert drawn(bare) == [640]
    read = "const [map, photo] = document.querySelector('[role=figure]').data;"
    assert bare.evaluate(f"(() => {{ {read} return [...new Int8Array(map.z.bdata)] }})()") == [10, -1, 2, 3]
    assert bare.evaluate(f"(() => {{ {read} return [photo.source, map.x] }})()") == ["data", [None]]


def test_of_what_is_large_the_latest_are_kept(bare, telling):
    for number in (*range(20), 15, *range(20, 26)):
        telling(f"{number} whole arrays\n".encode())
    assert bare.evaluate("[...window.limelight['whole arrays'].keys()]") == ["19", "15", *map(str, range(20, 26))]


def test_who_waits_in_vain_for_something_large_is_told_and_then_sees_the_next_one(bare):
    bare.clock.install()
    bare.evaluate(PLOTLY)
    bare.evaluate(LARGE)
    bare.evaluate(MOUNT, script("chart.js"))
    bare.evaluate("mark('whole', '00000001')")
    bare.evaluate("told => { call(told) }", chart("00000001"))
    bare.evaluate("mark('whole', '00000002')")
    bare.evaluate("told => { call(told) }", chart("00000002").replace('"none"', '"missing"'))
    bare.clock.run_for(31_000)
    figure = bare.get_by_role("figure")
    assert figure.inner_text() == "The maps are late: wait, or reload the page."
    for number in (3, 4, 5):  # the fourth one waits in vain, too, but there is a later one
        bare.evaluate(f"mark('whole', '0000000{number}')")
        told = chart(f"0000000{number}")
        bare.evaluate("told => { call(told) }", told.replace('"none"', '"missing"') if number == 4 else told)
    assert figure.inner_text() == ""
    bare.clock.run_for(31_000)
    assert figure.inner_text() == ""
    assert bare.evaluate("window.drawn.length") == 3


def test_buttons_are_those_of_the_latest_maps(bare):
    bare.evaluate(MOUNT, script("ask.js"))
    bare.evaluate("blocks.now.querySelector('p').attachShadow({ mode: 'open' }).innerHTML = '<nav></nav>'")
    bare.evaluate("mark('ask', 'b')")
    for mark in ("b", "a"):
        told = {"place": "ask", "mark": mark, "maps": [{"name": mark, "title": mark.upper(), "x": 1, "y": 1}]}
        bare.evaluate("told => { call(told) }", told)
    bare.get_by_role("button").click()
    assert bare.get_by_role("button").count() == 1
    assert bare.evaluate("window.told") == [["asked", "b"]]


def test_a_key_presses_a_button_once_however_often_keys_were_told(bare):
    bare.evaluate(MOUNT, script("keys.js"))
    bare.evaluate("""() => { window.pressed = 0
        document.body.insertAdjacentHTML('beforeend', '<p class="st-key-next"><button>Next</button></p>')
        document.querySelector('button').onclick = () => { window.pressed += 1 } }""")
    for keys in ({"x": "next"}, {"n": "next"}):
        bare.evaluate("told => { call(told) }", {"keys": keys})
    bare.keyboard.press("n")
    bare.keyboard.press("x")  # no longer
    assert bare.evaluate("window.pressed") == 1
    bare.evaluate("() => call({ keys: {} }, 'old')()")  # a place that goes, and ends its own call alone
    bare.keyboard.press("n")
    assert bare.evaluate("window.pressed") == 2


def test_the_room_is_told_once_however_often_the_script_was_called(bare):
    bare.set_viewport_size({"width": 800, "height": 600})
    bare.evaluate("document.body.innerHTML = '<main data-testid=stMainBlockContainer></main>'")
    bare.evaluate(MOUNT, script("viewport.js"))
    for room in (None, None, [784, 600]):
        bare.evaluate("told => { call(told) }", {"room": room})
    bare.evaluate("window.told = []")
    bare.set_viewport_size({"width": 600, "height": 500})
    bare.wait_for_timeout(600)
    assert bare.evaluate("window.told") == [["room", [584, 500]]]
