"""What a person does and sees, in words; used by all browser tests."""

from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

APP = "[data-testid=stApp]"
IDLE = f"{APP}[data-test-connection-state=CONNECTED][data-test-script-state=notRunning]"
GRID = ".st-key-grid .js-plotly-plot"
SECONDS = 60_000
FOUR = "networks=efficientnet_lite0,alexnet,resnet18,squeezenet1_1"
GROUNDS = {"dark": (16, 17, 14), "light": (253, 253, 251)}
ONE = "?networks=efficientnet_lite0"  # what a link means that names no network

# Between a click and the server's first answer the app says that it is idle, however long that takes: so what was
# sent and not yet answered is counted here. An upload comes before the message that tells of it.
COUNT = """(() => {
    if (window.underway) return
    const underway = window.underway = new Set(), heard = new WeakSet()
    const { send } = WebSocket.prototype, upload = XMLHttpRequest.prototype.send
    WebSocket.prototype.send = function (...all) {
        if (!heard.has(this)) for (const event of ['message', 'close'])
            this.addEventListener(event, () => underway.delete(this))
        heard.add(this)
        underway.add(this)
        return send.apply(this, all) }
    XMLHttpRequest.prototype.send = function (...all) {
        this.addEventListener('loadend', () => underway.delete(this))
        underway.add(this)
        return upload.apply(this, all) } })()"""
PAUSE = 320  # ms: longer than any debounce, of a widget or of the page's size, and the drawing before it
# A frame counts 50 ms at most: a page that is drawing for a second says nothing meanwhile.
QUIET = """([idle, grid, heatmaps, pause]) => {
    const now = performance.now(), { last, quiet } = window.heard ?? { last: now, quiet: 0 }
    const drawn = heatmaps === null || document.querySelectorAll(grid + ' .heatmaplayer image').length === heatmaps
    const silent = drawn && !window.underway?.size && document.querySelector(idle) !== null
    window.heard = { last: now, quiet: silent ? quiet + Math.min(now - last, 50) : 0 }
    return window.heard.quiet >= pause }"""


def settle(page: Page, heatmaps: int | None = None) -> None:
    """Wait until the app has nothing left to do: a widget's debounce, the run, and the run that follows it.

    That is, until it was idle, with so many heatmaps on screen, all the time of a pause, by the page's own clock,
    which also a debounce waits for.
    """
    page.evaluate("delete window.heard")
    try:
        page.wait_for_function(QUIET, arg=[IDLE, GRID, heatmaps, PAUSE], timeout=SECONDS)
    except PlaywrightTimeout:
        raise AssertionError(f"never quiet: {shown(page)}") from None


def shown(page: Page) -> str:
    """Where the page is, what it does and what it says, for a test that waited in vain."""
    script = page.get_by_test_id("stApp").get_attribute("data-test-script-state")
    underway = page.evaluate("[...(window.underway ?? [])].join()")
    charts = page.locator(GRID).evaluate_all("all => all.map(e => e.querySelectorAll('.heatmaplayer image').length)")
    said = page.get_by_test_id("stMain").text_content()[-600:]
    return f"{page.url}, script {script}, underway {underway or 'nothing'}, heatmaps {charts}, says\n{said}"


def open_app(page: Page, address: str) -> None:
    page.add_init_script(COUNT)
    page.goto(address)
    page.wait_for_function("document.title.endsWith('Limelight')", timeout=SECONDS)  # idle until then, too
    page.wait_for_selector(IDLE, timeout=SECONDS)
    settle(page)  # the browser tells its size, and the page runs again


def follow(page: Page, address: str) -> None:
    """Go to another address of the app, and wait for what it shows."""
    go_to(page, address)
    settle(page)


def go_to(page: Page, address: str) -> None:
    """As Back and Forward do: in the same session, and nothing is loaded anew.

    address: as a link has it, "?networks=alexnet" of this page or "/Methods".
    """
    page.evaluate(
        "address => { history.pushState({}, '', address); dispatchEvent(new PopStateEvent('popstate')) }", address
    )


def light_or_dark(page: Page, scheme: Literal["light", "dark"]) -> None:
    """Let the reader's system become so, which the app follows."""
    page.emulate_media(color_scheme=scheme)
    ground = ", ".join(map(str, GROUNDS[scheme]))
    page.wait_for_function(f"getComputedStyle(document.querySelector('{APP}')).backgroundColor === 'rgb({ground})'")
    settle(page)


def query(page: Page) -> dict[str, str]:
    """What the address says, but for the one network that it would mean anyway."""
    said = {key: values[0] for key, values in parse_qs(urlsplit(page.url).query).items()}
    return {key: value for key, value in said.items() if f"?{key}={value}" != ONE}


def grid_is_drawn(page: Page, heatmaps: int) -> None:
    """Wait until the grid has that many heatmaps on screen, and is not about to be drawn in another size."""
    try:
        expect(page.locator(f"{GRID} .heatmaplayer image")).to_have_count(heatmaps, timeout=SECONDS)
    except AssertionError:
        raise AssertionError(f"not {heatmaps} heatmaps: {shown(page)}") from None
    settle(page, heatmaps)


def grid_text(page: Page) -> str:
    return " ".join(page.locator(f"{GRID} .infolayer text").all_text_contents())


def ranges(page: Page) -> dict[str, list[float]]:
    """The visible range of every axis of the grid."""
    return page.evaluate(
        """() => { const layout = document.querySelector('.st-key-grid .js-plotly-plot')._fullLayout
        return Object.fromEntries(Object.keys(layout).filter(key => /^[xy]axis\\d*$/.test(key))
          .map(key => [key, layout[key].range])) }"""
    )


def shows(page: Page, axis: str, low: float, high: float) -> None:
    """Wait until an axis of the grid shows this range, to a fiftieth."""
    try:
        page.wait_for_function(
            """([axis, low, high]) => {
            const range = document.querySelector('.st-key-grid .js-plotly-plot')?._fullLayout?.[axis]?.range
            return range && Math.abs(range[0] - low) < 0.02 && Math.abs(range[1] - high) < 0.02 }""",
            arg=[axis, low, high],
            timeout=SECONDS,
        )
    except PlaywrightTimeout:
        raise AssertionError(f"{axis} shows {ranges(page)[axis]}, not {[low, high]}: {shown(page)}") from None


def panels(page: Page) -> list[dict[str, float]]:
    """The boxes of all panels on screen, column by column, all of the same moment."""
    return page.evaluate(
        """selector => [...document.querySelectorAll(selector)].map(panel => {
        const { x, y, width, height } = panel.getBoundingClientRect()
        return { x, y, width, height } }).toSorted((a, b) => a.x - b.x || a.y - b.y)""",
        f"{GRID} .nsewdrag",
    )


def heatmap_values(page: Page, x: float, y: float) -> list[float]:
    """What every heatmap of the grid has at a place of the input, in shares from the top left, from its own data."""
    return page.evaluate(
        """([x, y]) => document.querySelector('.st-key-grid .js-plotly-plot')._fullData
        .filter(trace => trace.type === 'heatmap')
        .map(trace => trace.z[Math.floor(y * trace.z.length)][Math.floor(x * trace.z[0].length)])""",
        [x, y],
    )


def pill(page: Page, name: str) -> Locator:
    return (
        page.locator("[data-testid=stSidebar]")
        .get_by_role("button", name=name, exact=True)
        .or_(page.locator("[data-testid=stSidebar]").get_by_role("radio", name=name, exact=True))
    )


def choose(page: Page, name: str) -> None:
    """Click a pill or a segment in the sidebar and wait for its effect."""
    pill(page, name).first.click()
    settle(page)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def press(page: Page, name: str) -> None:
    """Click a button and wait for its effect."""
    button(page, name).click()
    settle(page)


def choose_class(page: Page, text: str) -> None:
    """Type into the box of classes and press Enter."""
    box = page.get_by_role("combobox", name="Class to explain")
    box.click()
    box.fill(text)
    page.wait_for_timeout(300)
    box.press("Enter")
    settle(page)


def figure(page: Page) -> dict[str, Any]:
    """How many traces the grid has, and its size."""
    return page.evaluate(
        """() => { const plot = document.querySelector('.st-key-grid .js-plotly-plot')
        return {traces: plot.data.length, width: plot.clientWidth, height: plot.clientHeight} }"""
    )


def serious(page: Page) -> list[tuple[str, list[Any]]]:
    """What axe finds wrong with the page, and where."""
    report = Axe().run(page).response
    assert len(report["passes"]) > 10, page.url  # it looked
    return [
        (violation["id"], [node["target"] for node in violation["nodes"]])
        for violation in report["violations"]
        if violation["impact"] in ("serious", "critical")
    ]
