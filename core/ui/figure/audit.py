"""Figures of an audit: a class's mean evidence, and its pictures as points."""

import base64
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from core.ui.palette import DARK_LIME, GREY, LIME

_SIDE = 260  # px of the mean
_WIDTH, _HEIGHT = 460, 380  # px of the points
_GROUPS = (LIME, "#e06c5a", "#5aa7e0", "#c78ae6", "#e0b95a", "#5ac7b4", "#e58ab8", "#9a9a92")
_PLAIN = {"paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)", "font": {"color": GREY, "size": 13}}


def mean_evidence_figure(picture: bytes, evidence: Sequence[float], rows: int, columns: int) -> go.Figure:
    """Multiples of chance, (rows, columns) row by row, half transparent over a WebP."""
    grid = np.array(evidence).reshape(rows, columns)
    heatmap = go.Heatmap(
        z=grid, x0=0.5 / columns, dx=1 / columns, y0=0.5 / rows, dy=1 / rows, zmin=0, zmax=max(2.0, float(grid.max())),
        colorscale="Cividis", opacity=0.62, colorbar={"thickness": 8, "tickfont": {"size": 12}},
        hovertemplate="%{z:.1f} times chance<extra></extra>",
    )  # fmt: skip
    source = f"data:image/webp;base64,{base64.b64encode(picture).decode()}"
    below = {"source": source, "xref": "x", "yref": "y", "x": 0, "y": 0, "sizex": 1, "sizey": 1, "sizing": "stretch",
             "layer": "below"}  # fmt: skip
    axis = {"visible": False, "range": [0, 1], "fixedrange": True}
    layout = _PLAIN | {
        "width": _SIDE + 40, "height": _SIDE, "margin": {"l": 0, "r": 40, "t": 0, "b": 0}, "images": [below],
        "xaxis": axis, "yaxis": axis | {"range": [1, 0]},
    }  # fmt: skip
    return go.Figure(heatmap, layout)


def groups_figure(x: Sequence[float], y: Sequence[float], group: Sequence[int]) -> go.Figure:
    """A point a picture; customdata is its place in these lists."""
    traces = [_points(x, y, each, [place for place, own in enumerate(group) if own == each]) for each in set(group)]
    axis = {"showticklabels": False, "showgrid": False, "zeroline": False, "showline": True, "linecolor": GREY}
    layout = _PLAIN | {
        "width": _WIDTH, "height": _HEIGHT, "margin": {"l": 8, "r": 8, "t": 40, "b": 8}, "dragmode": "select",
        "xaxis": axis, "yaxis": axis | {"scaleanchor": "x"},
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom"},
    }  # fmt: skip
    return go.Figure(sorted(traces, key=lambda trace: trace.name), layout)


def _points(x: Sequence[float], y: Sequence[float], group: int, places: list[int]) -> go.Scatter:
    name = f"Group {group + 1}"
    return go.Scatter(
        x=[x[place] for place in places],
        y=[y[place] for place in places],
        customdata=places,
        mode="markers",
        name=f"{name}, {len(places)}",
        hovertemplate=f"{name}<extra></extra>",
        marker={"color": _GROUPS[group % len(_GROUPS)], "size": 9, "line": {"color": DARK_LIME, "width": 1}},
    )
