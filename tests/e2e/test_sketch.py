"""Maps are seen before Plotly is there, exactly as it draws them; and what is said where it never comes."""

import pytest
from playwright.sync_api import expect

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
def held(page):
    """Plotly's script is held back; what lets it come."""
    requests = []
    page.route("**/PlotlyChart*", lambda route: requests.append(route))

    def let() -> None:
        for request in requests:
            request.continue_()

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
def test_it_is_what_plotly_draws(page, app, held, query, images):
    page.goto(f"{app}/?{query}")
    drawn = page.locator(f"{SKETCH} :is(canvas, img)")
    expect(drawn).to_have_count(images)
    settle(page)  # the browser has told its size
    assert page.locator(".main-svg").count() == 0
    page.evaluate(KEEP, f"{SKETCH} :is(canvas, img)")
    said = page.evaluate(TEXTS, f"{SKETCH} > span")
    held()
    page.wait_for_selector(f"{GRID} .heatmaplayer image", state="attached")
    expect(page.locator(SKETCH)).to_have_count(0)
    for each in page.evaluate(COMPARE, f"{GRID} :is(.heatmaplayer, .imagelayer) image"):
        assert each["count"] == images
        assert each["sizes"][0] == each["sizes"][1]
        assert each["opacity"][0] == each["opacity"][1]
        assert each["moved"] < 1
        assert each["most"] <= 1
    assert page.evaluate(TEXTS, f"{GRID} .annotation") == said


def test_without_plotly_maps_stay_and_it_is_said_what_is_missing(page, app):
    page.clock.install()
    page.route("**/PlotlyChart*", lambda route: route.abort())
    page.goto(f"{app}/?networks=alexnet")
    expect(page.locator(f"{SKETCH} canvas")).to_have_count(2)
    page.clock.run_for(40_000)
    expect(page.locator(".st-key-grid")).to_contain_text("a part of the page could not be loaded: reload it.")
    expect(page.locator(f"{SKETCH} canvas")).to_have_count(2)


def test_a_second_run_does_not_take_the_maps_away(page, app, held):
    """The first one is drawn for a guessed size of the page."""
    page.add_init_script("""
        window.gaps = 0
        let seen = false
        const watch = () => {
            const now = document.querySelector('.lime-sketch canvas') !== null
            if (seen && !now) window.gaps += 1
            seen ||= now
            requestAnimationFrame(watch)
        }
        requestAnimationFrame(watch)""")
    page.set_viewport_size({"width": 1600, "height": 900})
    page.goto(f"{app}/?networks=efficientnet_lite0,alexnet")
    expect(page.locator(f"{SKETCH} canvas")).to_have_count(4)
    settle(page)
    assert page.evaluate("window.gaps") == 0
    held()
    grid_is_drawn(page, 4)
