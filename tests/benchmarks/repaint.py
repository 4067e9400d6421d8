"""How long a change of the view takes in Chromium, from the click to the frame with the new maps:
python -m tests.benchmarks.repaint

For grids of 1, 2 and 4 networks by two gradients, on a screen of 1920 x 1080, against Plotly alone drawing the very
same figure in the same page. Four networks have real and random weights: painting does not care. And how much of it
travels: all that the server sends for another scale, and for RGB gradients. With --megabits, through a line of so many
a second, on which everything takes 20 ms either way.
"""

import argparse
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Locator, Page, sync_playwright

from tests.benchmarks.afar import afar
from tests.e2e.conftest import FLAGS, chromium, start_server
from tests.e2e.driving import GRID, grid_is_drawn, open_app, pill, settle
from tests.networks.made_weights import write_random_weights

_DELAY = 0.02  # seconds
NETWORKS = ("efficientnet_lite0", "alexnet", "resnet18", "squeezenet1_1")

# Times are taken in the page: from the press of a key or button to the end of the first frame whose maps are others.
_STOPWATCH = """selector => {
    const painted = () => new Promise(done => requestAnimationFrame(() => {
        const channel = new MessageChannel()
        channel.port1.onmessage = () => done(performance.now())
        channel.port2.postMessage(0)
    }))
    window.repainted = () => new Promise(done => {
        let pressed = null
        const press = () => { pressed ??= performance.now() }
        for (const event of ['pointerdown', 'keydown']) window.addEventListener(event, press, { capture: true })
        const watch = new MutationObserver(async changes => {
            if (pressed === null || !changes.some(change => change.target.matches('.heatmaplayer image'))) return
            watch.disconnect()
            for (const event of ['pointerdown', 'keydown']) window.removeEventListener(event, press, { capture: true })
            done(await painted() - pressed)
        })
        const attributes = { attributeFilter: ['href', 'xlink:href', 'style'], subtree: true }
        watch.observe(document.querySelector(selector), attributes)
    })
    window.drawnAlone = async () => {
        const { data, layout } = document.querySelector(selector)
        const copy = structuredClone({ data, layout }), place = document.createElement('div')
        document.body.append(place)
        const start = performance.now()
        await window.Plotly.newPlot(place, copy.data, copy.layout)
        const taken = await painted() - start
        window.Plotly.purge(place)
        place.remove()
        return taken
    }
}"""


@contextmanager
def opened(megabits: float | None = None) -> Iterator[tuple[Page, str]]:
    """A page of Chromium, and the address of a running app that has the four networks' weights."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright, ExitStack() as line:
        for name in NETWORKS[1:]:
            write_random_weights(name, Path(folder) / "hub" / "checkpoints")
        process, address = start_server(Path(folder))
        if megabits:
            address = line.enter_context(afar(address, megabits=megabits, delay=_DELAY))
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            yield browser.new_page(viewport={"width": 1920, "height": 1080}), address
        finally:
            browser.close()
            process.terminate()
            process.wait(timeout=20)


def repaint(page: Page, act: Callable[[], None]) -> float:
    """Milliseconds from what act presses to the frame with new maps."""
    page.evaluate("() => { window.taken = window.repainted() }")
    act()
    return float(page.evaluate("window.taken"))


def ready(page: Page, control: Locator) -> Locator:
    """The control, on the screen and at rest: what scrolls moves away from a click, and closes choices."""
    control.scroll_into_view_if_needed()
    settle(page)
    return control


def pick(page: Page, label: str, option: str) -> Callable[[], None]:
    """Open a box of choices; what is returned clicks one of them."""
    box = ready(page, page.get_by_role("combobox", name=label, exact=True))
    choice = page.get_by_role("option", name=option, exact=True)
    for _ in range(5):
        box.focus()
        page.keyboard.press("ArrowDown")
        settle(page)
        if choice.is_visible():
            break
    return choice.click


def measured(page: Page, runs: int) -> dict[str, list[float]]:
    """Milliseconds of each change, there and back; the expander with the widgets is open."""
    times: dict[str, list[float]] = {name: [] for name in ("colours", "scale", "reduction", "opacity")}
    for run in range(runs):
        there = run % 2 == 0
        colours = "Viridis" if there else "Cividis"
        times["colours"].append(repaint(page, pick(page, "Colours", colours)))
        segment = pill(page, "All panels" if there else "Each gradient")
        times["scale"].append(repaint(page, ready(page, segment).click))
        reduction = "Euclidean norm, L2" if there else "Largest magnitude, max |g|"
        times["reduction"].append(repaint(page, pick(page, "From three colours to one value", reduction)))
    pill(page, "Overlay").click()
    for run in range(runs):
        ready(page, page.get_by_role("slider", name="Overlay strength")).focus()
        key = "ArrowRight" if run % 2 == 0 else "ArrowLeft"
        times["opacity"].append(repaint(page, lambda key=key: page.keyboard.press(key)))
    return times


class Received:
    """Counts what a page's server sends."""

    def __init__(self, page: Page) -> None:
        self._bytes = 0
        page.on("websocket", lambda socket: socket.on("framereceived", self._add))

    def _add(self, frame: bytes | str) -> None:
        self._bytes += len(frame)

    def by(self, page: Page, act: Callable[[], None]) -> float:
        """Megabytes for the change that act presses."""
        before = self._bytes
        act()
        settle(page)
        return (self._bytes - before) / 1e6


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--megabits", type=float, help="of the line; none if left out")
    asked = parser.parse_args()
    runs = asked.runs
    print(f"medians of {runs} changes each, and the slowest, in ms\n")
    print("| grid | colours | scale | reduction | opacity | Plotly alone | MB, scale | MB, RGB |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    with opened(asked.megabits) as (page, address):
        received = Received(page)
        for count in (1, 2, 4):
            open_app(page, f"{address}/?networks={','.join(NETWORKS[:count])}")
            grid_is_drawn(page, heatmaps=2 * count)
            page.evaluate(_STOPWATCH, GRID)
            page.get_by_text("Scale, colours, framing").click()
            times = measured(page, runs)
            alone = statistics.median(page.evaluate("drawnAlone()") for _ in range(runs))
            pill(page, "Map").click()
            settle(page)
            scale, in_colours = (received.by(page, pill(page, name).click) for name in ("All panels", "RGB"))
            cells = (f"{statistics.median(each):.0f}, {max(each):.0f}" for each in times.values())
            sent = f"{scale:.2f} | {in_colours:.2f}"
            print(f"| {count} x 2 | {' | '.join(cells)} | {alone:.0f} | {sent} |", flush=True)


if __name__ == "__main__":
    main()
