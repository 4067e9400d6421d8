"""Figures drawn of two networks, and what is found in them."""

import base64
import io
import json
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
from PIL import Image
from plotly.colors import get_colorscale, sample_colorscale

from core.ui.figure.figure import comparison
from core.ui.figure.layout import lay_out
from core.ui.figure.quantise import Quantiser
from core.ui.figure.space import space_of
from core.values import Picture
from core.view import View
from tests.ui.made import column, gradient

ROOM = (1500, 944)
RULES = ("vanilla", "guided")
VIEW = View(clip=100.0)
PICTURE = Picture(np.full((8, 16, 3), 90, np.uint8), "0" * 64)  # the middle half of which is seen
ON_PICTURE = replace(VIEW, space="picture")


def two():
    return [column("alexnet"), column("vgg19", maps={"vanilla": gradient(2.0, 16), "guided": gradient(8.0, 16)})]


def draw(columns, view, available=ROOM, picture=None, *, rules=RULES, present=False, **more):
    aspect = space_of(view, picture).aspect
    grid = lay_out(
        len(columns), rules, view.arrangement, available, references=view.references, aspect=aspect, presented=present
    )
    return go.Figure(comparison(columns, view, grid, picture, **more))  # validates, for which the app has no time


def draw_two(available=ROOM, *, exact=False, present=False, drawn_on=False, **view):
    return draw(two(), replace(VIEW, **view), available, exact=exact, present=present, drawn_on=drawn_on)


def heatmaps(figure):
    return [trace for trace in figure.data if isinstance(trace, go.Heatmap)]


def decoded(heatmap):
    """The raw values of a map, as the page's script reads them."""
    return law_of(heatmap).decode(heatmap.z)


def law_of(heatmap):
    law = json.loads(heatmap.meta)
    del law["label"]
    return Quantiser(**law, levels=127 if heatmap.z.dtype == np.int8 else 255)


def ceiling_of(heatmap):
    """The raw value at which a panel's colours end, to a hundredth: by the share of them that its last code has."""
    shares = np.linspace(0, 1, 2001)
    colours = 255 * np.array(sample_colorscale(get_colorscale(View().colours), shares.tolist(), colortype="tuple"))
    last = [int(channel) for channel in heatmap.colorscale[-1][1][4:-1].split(",")]
    share = shares[np.abs(colours - last).sum(1).argmin()]
    return float(law_of(heatmap).decode(np.array(heatmap.zmax))) / share


def photos(figure):
    return [trace for trace in figure.data if isinstance(trace, go.Image)]


def colour_axes(figure):
    layout = figure.layout.to_plotly_json()
    return {name: axis for name, axis in layout.items() if name.startswith("coloraxis")}


def texts(figure):
    return [annotation.text for annotation in figure.layout.annotations]


def captions(figure):
    return [a.text for a in figure.layout.annotations if a.xanchor == "left" and a.yanchor == "top"]


def pixels(image):
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(image.source.split(",")[1]))))


def width_of(axis, layout):
    return (axis.domain[1] - axis.domain[0]) * (layout.width - layout.margin.l - layout.margin.r)
