"""Maps are seen before Plotly is there, exactly as it draws them; and what is said where it never comes."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.driving import GRID, grid_is_drawn, settle

pytestmark = pytest.mark.timeout(120)

SKETCH = ".st-key-grid .lime-sketch"
# Where each map and photo lies, and its pixels: of the sketch before, of Plotly's after.
READ = """async images => {
    const all = []
    for (const image of document.querySelectorAll(images)) {
        const source = image.getAttribute('href') ?? image.src
        const drawn = source ? Object.assign(new Image(), { src: source }) : image
        await drawn.decode?.()
        const [width, height] = source ? [drawn.naturalWidth, drawn.naturalHeight] : [image.width, image.height]
        const canvas = Object.assign(document.createElement('canvas'), { width, height })
        const paint = canvas.getContext('2d')
        paint.drawImage(drawn, 0, 0)
        const { x, y, width: across, height: down } = image.getBoundingClientRect()
        const { opacity } = getComputedStyle(image)
        if (opacity === '0') continue
        all.push({ box: [x, y, across, down], opacity, pixels: paint.getImageData(0, 0, width, height).data })
    }
    return all.sort((a, b) => a.box[1] - b.box[1] || a.box[0] - b.box[0] || b.box[2] - a.box[2]) }"""
KEEP = f"async images => {{ window.sketched = await ({READ})(images) }}"
COMPARE = f"""async images => (await ({READ})(images)).map(({{ box, opacity, pixels }}, i) => {{
    const sketched = window.sketched[i]
    const differences = pixels.map((value, at) => Math.abs(value - sketched.pixels[at]))
    return {{
        count: window.sketched.length, moved: Math.max(...box.map((side, at) => Math.abs(side - sketched.box[at]))),
        opacity: [opacity, sketched.opacity], sizes: [pixels.length, sketched.pixels.length],
        most: differences.reduce((most, each) => Math.max(most, each), 0) }} }})"""
TEXTS = "texts => [...document.querySelectorAll(texts)].map(text => text.textContent).sort()"


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Page]:
    """A page of a window of its own, where what is set for one test ends with it."""
    page = browser.new_page(viewport={"width": 1600, "height": 900})
    yield page
    page.close()


@pytest.fixture
def let_plotly_come(visitor: Page) -> Callable[[], None]:
    """Plotly's script is held back until this is called."""
    requests: list[Route] = []
    held = True

    def ask(request: Route) -> None:
        requests.append(request)
        if not held:
            request.continue_()

    def let() -> None:
        nonlocal held
        held = False
        for request in requests:
            request.continue_()

    visitor.route("**/PlotlyChart*", ask)
    return let


@pytest.mark.parametrize(
    ("query", "images"),
    [
        ("networks=efficientnet_lite0,alexnet", 6),
        ("networks=efficientnet_lite0&show=overlay&on=picture&region=0.2,0.2,0.6,0.7", 5),
        ("networks=alexnet&show=channels&networks_as=rows", 3),
        ("networks=efficientnet_lite0,vgg19&reduction=sum&scale=panel&with=edges", 4),  # without VGG-19's weights
    ],
    ids=["maps", "overlay on the picture", "colours", "signed"],
)
def test_it_is_what_plotly_draws(visitor, app, let_plotly_come, query, images):
    visitor.goto(f"{app}/?{query}")
    drawn = visitor.locator(f"{SKETCH} :is(canvas, img)")
    expect(drawn).to_have_count(images)
    settle(visitor)  # the browser has told its size
    assert visitor.locator(".main-svg").count() == 0
    visitor.evaluate(KEEP, f"{SKETCH} :is(canvas, img)")
    said = visitor.evaluate(TEXTS, f"{SKETCH} > span")
    let_plotly_come()
    visitor.wait_for_selector(f"{GRID} .heatmaplayer image", state="attached")
    expect(visitor.locator(SKETCH)).to_have_count(0)
    for each in visitor.evaluate(COMPARE, f"{GRID} :is(.heatmaplayer, .imagelayer) image"):
        assert each["count"] == images
        assert each["sizes"][0] == each["sizes"][1]
        assert each["opacity"][0] == each["opacity"][1]
        assert each["moved"] < 1
        assert each["most"] <= 1
    assert visitor.evaluate(TEXTS, f"{GRID} .annotation") == said


def test_without_plotly_maps_stay_and_it_is_said_what_is_missing(visitor, app):
    visitor.clock.install()
    visitor.route("**/PlotlyChart*", lambda route: route.abort())
    visitor.goto(f"{app}/?networks=alexnet")
    expect(visitor.locator(f"{SKETCH} canvas")).to_have_count(2)
    visitor.clock.run_for(40_000)
    expect(visitor.locator(".st-key-grid")).to_contain_text("Colour bars and values are late")
    expect(visitor.locator(f"{SKETCH} canvas")).to_have_count(2)


def test_a_second_run_does_not_take_the_maps_away(visitor, app, let_plotly_come):
    """The first one is drawn for a guessed size of the page."""
    visitor.add_init_script("""
        window.gaps = 0
        let seen = false
        const watch = () => {
            const now = document.querySelector('.lime-sketch canvas') !== null
            if (seen && !now) window.gaps += 1
            seen ||= now
            requestAnimationFrame(watch)
        }
        requestAnimationFrame(watch)""")
    visitor.goto(f"{app}/?networks=efficientnet_lite0,alexnet")
    expect(visitor.locator(f"{SKETCH} canvas")).to_have_count(4)
    settle(visitor)
    assert visitor.evaluate("window.gaps") == 0
    let_plotly_come()
    grid_is_drawn(visitor, 4)
