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
from tests.opening import completed
from tests.ui.figure.drawing import ON_PICTURE, PICTURE, ROOM, RULES, VIEW, two


def put_back(figure):
    """A figure as the browser has it in the end."""
    return completed(json.loads(json.dumps(figure.spec)), figure.arrays, figure.photos)


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
    given, checked = put_back(sent(spec)), json.loads(figure.to_json())
    assert given == checked | {"layout": {"shapes": [], "template": None} | checked["layout"]}


@pytest.mark.parametrize("kind", [np.uint8, np.int8, np.float32])
@pytest.mark.parametrize("shape", [(4,), (2, 3)])
def test_numbers_travel_as_bytes(kind, shape):
    values = np.arange(np.prod(shape)).reshape(shape).astype(kind)[::-1]
    traces = [{"type": "heatmap", "z": each} for each in (values, values + 1)]
    found = put_back(sent({"data": traces, "layout": {}}))["data"]
    assert found == list(go.Figure([go.Heatmap(z=values), go.Heatmap(z=values + 1)]).to_dict()["data"])


def test_only_what_is_small_is_in_the_json():
    view = replace(VIEW, show="overlay")
    given = sent(comparison(two(), view, lay_out(2, RULES, view.arrangement, ROOM)))
    assert len(given.arrays) == 2 * 8 * 8 + 2 * 16 * 16  # a byte a value
    assert given.photos.count(b"base64") == 6  # what both saw, and below each map
    assert "base64" not in json.dumps(given.spec)


def test_colours_and_opacity_change_nothing_that_is_large():
    grid = lay_out(2, RULES, VIEW.arrangement, ROOM)
    one, other, over = (
        sent(comparison(two(), replace(VIEW, **change), grid))
        for change in ({}, {"colours": "gray"}, {"show": "overlay", "opacity": 0.4})
    )
    assert (one.arrays, one.photos) == (other.arrays, other.photos)
    assert one.arrays == over.arrays
