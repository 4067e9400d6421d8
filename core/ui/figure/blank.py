"""A figure of nothing: with any figure the browser gets what draws figures."""

from functools import cache

import plotly.graph_objects as go


@cache
def blank() -> go.Figure:
    """A few pixels that are empty."""
    unseen = {"visible": False}
    figure = go.Figure({"layout": {"width": 10, "height": 10, "xaxis": unseen, "yaxis": unseen}})
    figure.layout.template = None  # for which Plotly takes its own
    return figure
