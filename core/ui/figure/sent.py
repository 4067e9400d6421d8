"""Figures as the browser gets them: arrays travel as bytes, which Plotly's JavaScript reads."""

from base64 import b64encode
from typing import Any

import numpy as np

from core.ui.figure.traces import Spec


def sent(spec: Spec) -> dict[str, Any]:
    """Data and layout, where numpy's arrays are allowed, as JSON has it."""
    traces = [{name: _typed(value) for name, value in trace.items()} for trace in spec["data"]]
    return {"data": traces, "layout": spec["layout"]}


def _typed(value: object) -> object:
    """An array as Plotly's JavaScript reads it: its bytes in base64, with their type and shape."""
    if not isinstance(value, np.ndarray):
        return value
    shape = {"shape": ", ".join(map(str, value.shape))} if value.ndim > 1 else {}
    return {"dtype": value.dtype.str[1:], "bdata": b64encode(value.tobytes()).decode()} | shape
