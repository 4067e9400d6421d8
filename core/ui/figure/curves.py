"""Curves: what a network says, or how a map changes, while more and more is hidden or erased."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import plotly.graph_objects as go

from core.evidence.cascade import Cascade
from core.evidence.pointing import STEPS, Pointing
from core.evidence.road import SHARES, Road
from core.ui.palette import DARK_LIME, LIME

_GREY = "#808078"
_HEIGHT, _WIDTH = 290, 460  # px

Spec = dict[str, Any]


def pointing_figure(found: Pointing, label: str) -> go.Figure:
    """Both curves; label: the class whose probability they show."""
    shares = [100 * step / STEPS for step in range(STEPS + 1)]
    curves = {"hidden, strongest first": found.hidden, "shown, strongest first": found.shown}
    return _of_probability(shares, {name: curve.tolist() for name, curve in curves.items()}, label)


def road_figure(found: Road, label: str) -> go.Figure:
    """Both curves; they begin with the whole picture. label: the class whose probability they show."""
    shares = [0.0, *(100 * share for share in SHARES)]
    curves = {"strongest mended": found.strongest, "weakest mended": found.weakest}
    return _of_probability(shares, {name: [found.whole, *curve.tolist()] for name, curve in curves.items()}, label)


def cascade_figure(found: Cascade) -> go.Figure:
    """The mean of the draws, each draw as dots."""
    layers = list(found.layers)
    dots = [_line(layers, draw.tolist(), "one draw", _GREY, mode="markers") for draw in found.likeness]
    for each in dots[1:]:
        each["showlegend"] = False
    mean = _line(layers, found.likeness.mean(0).tolist(), "mean", LIME)
    hover = {"hovertemplate": "%{x} of " + str(layers[-1]) + " layers erased: %{y:.2f}<extra></extra>"}
    axes = _axis("layers erased, from the logits down"), _axis("rank correlation") | {"range": [-0.25, 1.05]}
    return _figure([each | hover for each in (*dots, mean)], *axes)


def _of_probability(shares: Sequence[float], curves: Mapping[str, Sequence[float]], label: str) -> go.Figure:
    traces = [
        _line(shares, [100 * value for value in curve], name, colour)
        | {"hovertemplate": f"%{{x:.0f}} % {name.split(',')[0]}: %{{y:.2~f}} %<extra></extra>"}
        for (name, curve), colour in zip(curves.items(), (_GREY, LIME), strict=True)
    ]
    return _figure(traces, _axis("of the cells", " %"), _axis(escape(label), " %"))


def _line(x: Sequence[float], y: Sequence[float], name: str, colour: str, mode: str = "lines+markers") -> Spec:
    return {
        "type": "scatter", "x": x, "y": y, "name": name, "mode": mode, "line": {"color": colour, "width": 3},
        "marker": {"color": colour, "line": {"color": DARK_LIME, "width": 1}},
    }  # fmt: skip


def _axis(title: str, suffix: str = "") -> Spec:
    return {
        "ticksuffix": suffix, "gridcolor": "rgba(128,128,128,0.25)", "zeroline": False, "color": _GREY,
        "title": {"text": title},
    }  # fmt: skip


def _figure(traces: list[Spec], x: Spec, y: Spec) -> go.Figure:
    layout = {
        "height": _HEIGHT, "width": _WIDTH, "margin": {"l": 54, "r": 12, "t": 48, "b": 40},
        "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)", "font": {"color": _GREY, "size": 13},
        "xaxis": x, "yaxis": y, "legend": {"y": 1.02, "yanchor": "bottom", "x": 0},
    }  # fmt: skip
    return go.Figure(data=traces, layout=layout)
