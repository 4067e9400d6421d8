"""Opening pages and reading what they show."""

import io
import json
from base64 import b64encode
from pathlib import Path

from PIL import Image
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[1]
HOME = "streamlit_app.py"
PAGES = [HOME, *sorted(f"pages/{page.name}" for page in (ROOT / "pages").glob("*.py"))]


ROOM = (1240, 860)  # what a browser would say
MARK = 8  # letters before what a chart is told, see core.ui.frame.order
NETWORK = "efficientnet_lite0"  # what a link means that names none


def open_app(page=HOME, details=True, **query):
    """Open a page from a link, by default to one network; "class" is a keyword of Python, so it is written class_."""
    return open_bare(page, details, **query or {"networks": NETWORK})


def open_bare(page=HOME, details=True, **query):
    """Open a page as a first visitor does, whose address says nothing; else as `open_app`.

    details: whether the place of the scale, colours and framing is open.
    """
    app = AppTest.from_file(str(ROOT / HOME), default_timeout=60)
    app.session_state["room"] = ROOM
    app.session_state["details"] = details
    for key, value in query.items():
        app.query_params[key.rstrip("_")] = value
    if page != HOME:
        app.switch_page(page)
    return app.run()


def widget(app, key):
    return app.get_by_key(key)


def has(app, key):
    """Whether there is a widget of this key."""
    try:
        return widget(app, key) is not None
    except KeyError:
        return False


def own_setting(app, kind, name):
    """A setting of the checkpoint that is given, whose key ends with the file's digest; kind: "number_input"..."""
    (found,) = [each for each in getattr(app, kind) if each.key.startswith(f"own_{name}")]
    return found


def query(app):
    """What the address says, but for the one network that it would mean anyway."""
    said = {key: values[0] if isinstance(values, list) else values for key, values in app.query_params.items()}
    return {key: value for key, value in said.items() if (key, value) != ("networks", NETWORK)}


def charts(app):
    """What the browser is given of each grid."""
    drawn = [each.proto for each in app.get("bidi_component")]
    large = dict(kept(each.bytes) for each in drawn if each.component_name == "limelight_large")
    return [whole(each.bytes, large) for each in drawn if each.component_name == "limelight_chart"]


def whole(chart, large):
    """What a chart is told, with what is large in its place. large: bytes by their names (see core.ui.grid.large)."""
    told = json.loads(chart[MARK:])
    completed(told["figure"], large[told["arrays"]], large[told["photos"]])
    return told


def completed(figure, arrays, photos):
    """A figure with what is large in its place, as Plotly's Python writes it (see core.ui.figure.sent)."""
    for trace in figure["data"]:
        for name, value in trace.items():
            if isinstance(value, dict) and "bdata" in value:
                value["bdata"] = b64encode(arrays[slice(*value["bdata"])]).decode()
            elif isinstance(value, dict) and "text" in value:
                trace[name] = photos[slice(*value["text"])].decode()
    return figure


def kept(data):
    """The name and the bytes of something large."""
    line, _, large = data.partition(b"\n")
    return line.decode().split(" ")[0], large


def figure(app):
    (chart,) = charts(app)
    return chart["figure"]


def texts(app):
    return [annotation["text"].replace("<br>", " ") for annotation in figure(app)["layout"]["annotations"]]


def drawn(app):
    """The kinds of the grid's traces that are seen; others carry the colour bars."""
    return [trace["type"] for trace in figure(app)["data"] if trace["type"] != "scatter"]


def captions(app):
    return " ".join(caption.value for caption in app.caption)


def errors(app):
    return [error.value for error in app.error]


def png(colour="red", size=(300, 200)):
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "png")
    return buffer.getvalue()


def upload(app, data, name="red.png", key="file"):
    if widget(app, "source").value != "upload":
        widget(app, "source").set_value("upload").run()
    return app.file_uploader(key=key).set_value((name, data, "image/png")).run()


def title(app):
    """The heading of the Compare page, as HTML; "" where there is none."""
    return next((html.proto.body for html in app.get("html") if "<h1" in html.proto.body), "")
