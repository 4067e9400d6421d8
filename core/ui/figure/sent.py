"""Figures as the browser gets them: what is large in them apart from the rest, which is JSON."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.ui.figure.traces import Spec


@dataclass(frozen=True, slots=True)
class Sent:
    """A figure without what is large in it.

    spec: data and layout as JSON has them. Where an array was, there is what Plotly's JavaScript has for it,
    {"dtype": "u1", "bdata": ..., "shape": "224, 224"}, but that bdata says where it is among the arrays, [from, to];
    where a photo's address was, there is {"text": [from, to]}. arrays, photos: all of them, one after another.
    """

    spec: Spec
    arrays: bytes
    photos: bytes


def sent(spec: Spec) -> Sent:
    """A figure whose data may have numpy's arrays."""
    arrays, photos = bytearray(), bytearray()

    def told(name: str, value: Any) -> object:  # noqa: ANN401
        if isinstance(value, np.ndarray):
            shape = {"shape": ", ".join(map(str, value.shape))} if value.ndim > 1 else {}
            return {"dtype": value.dtype.str[1:], "bdata": _put(value.tobytes(), arrays)} | shape
        return {"text": _put(value.encode(), photos)} if name == "source" else value

    data = [{name: told(name, value) for name, value in trace.items()} for trace in spec["data"]]
    return Sent({"data": data, "layout": spec["layout"]}, bytes(arrays), bytes(photos))


def _put(data: bytes, among: bytearray) -> list[int]:
    """From where to where it then is."""
    start = len(among)
    among += data
    return [start, len(among)]
