"""Figures that Streamlit takes as they are.

st.plotly_chart takes figures of Plotly's Python. What else it is given it has checked value by value, and those it asks
for a copy: either takes longer than all else on a page. What is drawn here is made for Plotly's JavaScript, and the
tests have it checked.
"""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import numpy as np
from plotly.basedatatypes import BaseFigure


class Ready(BaseFigure):
    """Data and layout as Plotly's JavaScript wants them, but for arrays of numbers, which may be numpy's."""

    def __init__(self, spec: Mapping[str, Any]) -> None:
        traces = [{name: _typed(value) for name, value in trace.items()} for trace in spec["data"]]
        self._spec = {"data": traces, "layout": spec["layout"]}

    def to_dict(self) -> dict[str, Any]:
        """Itself, and no copy."""
        return self._spec


def _typed(value: object) -> object:
    """An array as Plotly's JavaScript reads it: its bytes in base64, with their type and shape."""
    if not isinstance(value, np.ndarray):
        return value
    shape = {"shape": ", ".join(map(str, value.shape))} if value.ndim > 1 else {}
    return {"dtype": value.dtype.str[1:], "bdata": b64encode(value.tobytes()).decode()} | shape
