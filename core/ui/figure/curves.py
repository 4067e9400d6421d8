"""Curves: what a network says, or how a map changes, while more and more is hidden or erased."""

from html import escape
from typing import Any

import plotly.graph_objects as go

from core.evidence.finding import Curves
from core.ui.palette import DARK_LIME, GREY, LIME

_HEIGHT, _WIDTH = 290, 460  # px


def curves_figure(curves: Curves) -> go.Figure:
    """All lines, the last one in the accent; lines of one name stand once in the legend."""
    number = "%{y:.2~f}" if curves.unit else "%{y:.2f}"
    names = [line.name for line in curves.lines]
    traces = [
        {
            "type": "scatter", "x": list(line.x), "y": list(line.y), "name": line.name,
            "mode": "markers" if line.dots else "lines+markers", "showlegend": line.name not in names[:place],
            "line": {"color": colour, "width": 3},
            "marker": {"color": colour, "line": {"color": DARK_LIME, "width": 1}},
            "hovertemplate": f"{line.name}, %{{x:.0f}}{curves.unit}: {number}{curves.unit}<extra></extra>",
        }
        for place, line in enumerate(curves.lines)
        for colour in [LIME if line is curves.lines[-1] else GREY]
    ]  # fmt: skip
    layout = {
        "height": _HEIGHT, "width": _WIDTH, "margin": {"l": 54, "r": 12, "t": 48, "b": 40},
        "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)", "font": {"color": GREY, "size": 13},
        "xaxis": _axis(curves.across, curves.unit), "yaxis": _axis(curves.up, curves.unit) | {"range": curves.span},
        "legend": {"y": 1.02, "yanchor": "bottom", "x": 0},
    }  # fmt: skip
    return go.Figure(data=traces, layout=layout)


def _axis(title: str, suffix: str) -> dict[str, Any]:
    return {
        "ticksuffix": suffix, "gridcolor": "rgba(128,128,128,0.25)", "zeroline": False, "color": GREY,
        "title": {"text": escape(title)},
    }  # fmt: skip
