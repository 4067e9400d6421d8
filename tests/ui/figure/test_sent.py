"""What the browser is given says what Plotly's Python would make of it, and nothing that it would not allow."""

import json
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest

from core.images.region import Region
from core.ui.figure.figure import comparison
from core.ui.figure.layout import lay_out
from core.ui.figure.sent import sent
from tests.ui.figure.drawing import ON_PICTURE, PICTURE, ROOM, RULES, VIEW, two


@pytest.mark.parametrize(
    ("view", "more"),
    [
        (VIEW, {}),
        (VIEW, {"drawn_on": True}),
        (replace(VIEW, show="overlay", region=Region(0.1, 0.2, 0.6, 0.7)), {}),
        (replace(VIEW, show="channels"), {}),
        (replace(VIEW, references=("edges",), scale="panel", reduction="sum"), {"exact": True}),
        (ON_PICTURE, {"picture": PICTURE}),
    ],
)
def test_it_is_sent_as_plotly_would_send_it(view, more):
    grid = lay_out(2, RULES, view.arrangement, ROOM, references=view.references)
    spec = comparison(two(), view, grid, **more)
    figure = go.Figure(spec)
    figure.layout.template = None
    given, checked = json.loads(json.dumps(sent(spec))), json.loads(figure.to_json())
    assert given == checked | {"layout": {"shapes": [], "template": None} | checked["layout"]}


@pytest.mark.parametrize("kind", [np.uint8, np.int8, np.float32])
@pytest.mark.parametrize("shape", [(4,), (2, 3)])
def test_numbers_travel_as_bytes(kind, shape):
    values = np.arange(np.prod(shape)).reshape(shape).astype(kind)[::-1]
    (trace,) = sent({"data": [{"type": "heatmap", "z": values}], "layout": {}})["data"]
    (expected,) = go.Figure(go.Heatmap(z=values)).to_dict()["data"]
    assert trace == expected
