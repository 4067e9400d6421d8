"""Curves: what a network says while cells of a picture are hidden and shown."""

from html import escape

import plotly.graph_objects as go

from core.evidence.pointing import STEPS, Pointing
from core.ui.palette import DARK_LIME, LIME

_GREY = "#808078"
_HEIGHT, _WIDTH = 290, 460  # px


def pointing_figure(found: Pointing, label: str) -> go.Figure:
    """Both curves; label: the class whose probability they show."""
    shares = [100 * step / STEPS for step in range(STEPS + 1)]
    lines = {"hidden, strongest first": (found.hidden, _GREY), "shown, strongest first": (found.shown, LIME)}
    traces = [
        {"type": "scatter", "x": shares, "y": (100 * curve).tolist(), "name": name, "mode": "lines+markers",
         "line": {"color": colour, "width": 3}, "marker": {"color": colour, "line": {"color": DARK_LIME, "width": 1}},
         "hovertemplate": f"%{{x:.0f}} % {name.split(',')[0]}: %{{y:.2~f}} %<extra></extra>"}
        for name, (curve, colour) in lines.items()
    ]  # fmt: skip
    axis = {"ticksuffix": " %", "gridcolor": "rgba(128,128,128,0.25)", "zeroline": False, "color": _GREY}
    layout = {
        "height": _HEIGHT, "width": _WIDTH, "margin": {"l": 54, "r": 12, "t": 48, "b": 40},
        "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)", "font": {"color": _GREY, "size": 13},
        "xaxis": axis | {"title": {"text": "of the cells"}}, "yaxis": axis | {"title": {"text": escape(label)}},
        "legend": {"y": 1.02, "yanchor": "bottom", "x": 0},
    }  # fmt: skip
    return go.Figure(data=traces, layout=layout)
