"""A figure of nothing: with any figure the browser gets what draws figures."""

from functools import cache

import pandas  # type: ignore[import-untyped]  # noqa: F401  # see figure.py
import plotly.graph_objects as go


@cache
def blank() -> go.Figure:
    """A few pixels that are empty."""
    figure = go.Figure({"data": [{"type": "heatmap"}], "layout": {"width": 10, "height": 10}})
    figure.layout.template = None  # for which Plotly takes its own
    return figure
