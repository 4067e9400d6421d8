"""Panels: what is drawn in one cell of the grid, as plain values that Plotly understands."""

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.images.framing import Framing
from core.images.region import Box
from core.ui.figure.colours import Colouring
from core.ui.figure.maps import Map
from core.ui.figure.photos import Photo, photo_of_colours, photo_of_gradients
from core.ui.figure.quantise import quantiser_for
from core.ui.figure.scales import Scale
from core.ui.figure.space import Space
from core.ui.palette import DARK, LIME
from core.ui.words import number
from core.values import Pixels

_ON_NOTHING = "rgba(128,128,128,0.75)", "rgba(128,128,128,0.12)"  # colours of hatching: its lines, its ground
_ON_PHOTO = "rgba(255,255,255,0.6)", "rgba(16,17,14,0.5)"

Axes = dict[str, str]  # {"xaxis": "x2", "yaxis": "y3"}
Spec = dict[str, Any]


def heatmap(
    shown: Map, label: str, colouring: Colouring, framing: Framing, space: Space, axes: Axes, *, exact: bool = False
) -> Spec:
    """One map. label: what its values are.

    exact: values are sent as they are; else as codes of one byte, with the law in `meta`, by which chart.js
    writes the raw value at the mouse. Colours are the same.
    """
    cells = space.cells(framing)
    values, scale = np.ascontiguousarray(shown.values[cells.rows, cells.columns]), shown.scale
    if exact:
        sent: Spec = {
            "z": values, "zmin": scale.floor, "zmax": scale.ceiling, "colorscale": colouring.by_value(),
            "hovertemplate": f"{label} = %{{z:.4~g}}<extra></extra>",
        }  # fmt: skip
    else:
        codes = quantiser_for(values, signed=scale.signed)
        end = codes.end(scale.ceiling)
        sent = {
            "z": codes.encode(values), "zmin": -end if scale.signed else 0, "zmax": end,
            "colorscale": colouring.by_code(codes, scale.ceiling),
            "meta": json.dumps({"label": label, "bend": codes.bend, "knee": codes.knee, "growth": codes.growth}),
            "hovertemplate": f"{label}: level %{{z}}; level {codes.levels} is {number(codes.largest)}<extra></extra>",
        }  # fmt: skip
    place = {"x0": cells.x0, "dx": cells.dx, "y0": cells.y0, "dy": cells.dy}
    return {"type": "heatmap", "zsmooth": False, "showscale": False, **sent, **place, **axes}


def colours_of(
    attribution: NDArray[np.float32], scale: Scale, framing: Framing, space: Space, axes: Axes, *, exact: bool = False
) -> Spec:
    """Signed gradients (3, side, side) as a trace in the colours of `rgb_of`; in all their bits, or a third of them."""
    cells = space.cells(framing)
    pixels = rgb_of(attribution[:, cells.rows, cells.columns], scale)
    place = {"x0": cells.x0, "dx": cells.dx, "y0": cells.y0, "dy": cells.dy}
    return _image((photo_of_colours if exact else photo_of_gradients)(pixels), axes) | place


def rgb_of(attribution: NDArray[np.float32], scale: Scale) -> Pixels:
    """Signed gradients (3, height, width) as red, green and blue: grey is exactly 0, a full colour is the ceiling.

    One gradient a pixel, (1, height, width), is a shade.
    """
    shares = np.clip(attribution / scale.ceiling, -1, 1)
    pixels = np.rint(127.5 + 127.5 * shares).astype(np.uint8).transpose(1, 2, 0)
    return np.ascontiguousarray(np.broadcast_to(pixels, (*pixels.shape[:2], 3)))


def photo(shown: Photo, axes: Axes) -> Spec:
    """A photo that fills the axes from 0 to 1."""
    width, height = shown.size
    return _image(shown, axes) | {"x0": 0.5 / width, "dx": 1 / width, "y0": 0.5 / height, "dy": 1 / height}


def hatched(boxes: list[Box], axes: Axes, *, over_photo: bool) -> Spec:
    """Thin lines over what was not seen; over a photo they are light, and the photo is dimmed."""
    x, y = [], []
    for left, top, right, bottom in boxes:
        x += [left, right, right, left, left, None]
        y += [top, top, bottom, bottom, top, None]
    lines, ground = _ON_PHOTO if over_photo else _ON_NOTHING
    pattern = {"shape": "/", "size": 9, "solidity": 0.12, "fgcolor": lines, "bgcolor": ground, "fillmode": "replace"}
    return {
        "type": "scatter", "x": x, "y": y, "mode": "lines", "line": {"width": 0}, "fill": "toself",
        "fillpattern": pattern, "hoverinfo": "skip", **axes,
    }  # fmt: skip


def nothing(axes: Axes) -> Spec:
    """An axis without a trace does not exist for Plotly, which then puts its text on another panel."""
    return {"type": "scatter", "x": [None], "y": [None], "hoverinfo": "skip", **axes}


def bar_of(colour_axis: str) -> Spec:
    """Nothing to see: a colour axis without a trace would have no bar."""
    marker = {"color": [0], "coloraxis": colour_axis}
    return {"type": "scatter", "x": [None], "y": [None], "mode": "markers", "marker": marker, "hoverinfo": "skip"}


def empty(axes: Axes) -> Spec:
    """The ground of a panel that has nothing to show yet."""
    return {
        "type": "rect", "x0": 0, "x1": 1, "y0": 0, "y1": 1, "layer": "below", "line": {"width": 0},
        "fillcolor": "rgba(128,128,128,0.14)",
        "xref": f"{axes['xaxis']} domain", "yref": f"{axes['yaxis']} domain",
    }  # fmt: skip


def outlined(box: Box, axes: Axes) -> list[Spec]:
    """The outline of a box: lime between dark, so that it shows on every map."""
    left, top, right, bottom = box
    corners = {"x0": left, "y0": top, "x1": right, "y1": bottom}
    place = {"type": "rect", "xref": axes["xaxis"], "yref": axes["yaxis"]} | corners
    return [place | {"line": {"color": colour, "width": width}} for colour, width in ((DARK, 5), (LIME, 2))]


def _image(shown: Photo, axes: Axes) -> Spec:
    return {"type": "image", "source": shown.source, "hoverinfo": "skip", **axes}
