"""Figures: values in, Plotly out. No Streamlit here, and no arithmetic on the maps beyond reduction and scale."""

import base64
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from PIL import Image

from core.comparison import Explanation
from core.saliency.reductions import SIGNED
from core.selection import Selection
from core.ui.captions import caption, network_heading, wrapped
from core.ui.colours import colour_axes, colour_axis
from core.ui.grid import INPUT, LEFT, RIGHT, TOP, Grid
from core.ui.maps import Map, Slot, maps_of
from core.ui.scales import Scale, scale_of
from core.ui.words import REDUCTION_SYMBOLS, RULE_NAMES

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_TEXT, _SMALL = 13, 12  # font sizes in px


def comparison_figure(slots: Sequence[Slot], selection: Selection, grid: Grid) -> go.Figure:
    """The whole grid as one figure: x axes by column and y axes by row, all matched, so zoom and pan are shared.

    Coordinates are shares of each network's square input, from 0 at the top left to 1, so that networks of
    different input sizes stay aligned.
    """
    by_name = {slot.network: slot for slot in slots}
    maps = maps_of(slots, selection)
    figure = go.Figure(layout=_layout(grid))
    for row, cells in enumerate(grid.rows):
        for column, (network, kind) in enumerate(cells):
            slot, axes = by_name[network], {"xaxis": _name("x", column), "yaxis": _name("y", row)}
            explained = slot.explanation
            if explained is None or kind in explained.refused:
                figure.add_trace(_nothing(axes)).add_shape(_empty(axes))
                reason = slot.message if explained is None else explained.refused[kind]
                figure.add_annotation(_inside(axes, reason, grid.side))
                continue
            shown = maps.get((network, kind))
            figure.add_traces(
                _panel(explained, kind, shown, selection, axes) if shown else _photo(explained.seen, axes)
            )
            figure.add_annotation(_below(axes, caption(explained, kind, shown, selection, grid)))
    figure.update_layout(annotations=[*figure.layout.annotations, *_headings(slots, grid)])
    figure.update_layout(**colour_axes(maps, selection, grid))
    return figure


def _layout(grid: Grid) -> dict[str, Any]:
    hidden = {"visible": False, "constrain": "range"}
    axes: dict[str, Any] = {}
    for column in range(len(grid.rows[0])):
        axes[_name("xaxis", column)] = hidden | {
            "domain": grid.x_domain(column), "range": [0, 1], "anchor": "y", "matches": "x" if column else None,
        }  # fmt: skip
    for row in range(len(grid.rows)):
        axes[_name("yaxis", row)] = hidden | {
            "domain": grid.y_domain(row), "range": [1, 0], "anchor": "x", "matches": "y" if row else None,
            "scaleanchor": "x",  # pixels stay square
        }  # fmt: skip
    return axes | {
        "width": grid.width,
        "height": grid.height,
        "margin": {"l": LEFT, "r": RIGHT, "t": TOP, "b": grid.caption, "pad": 0},
        "hovermode": "closest",
        "hoverlabel": {"bgcolor": "#10110e", "bordercolor": "#c3f53c", "font": {"color": "#f3f0e6", "size": _TEXT}},
        "dragmode": False if grid.swiped else "zoom",
        "showlegend": False,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"size": _TEXT},
    }


def _name(axis: str, index: int) -> str:
    return f"{axis}{index + 1}" if index else axis


def _placed(values: NDArray[Any]) -> dict[str, float]:
    """Pixel centres on an axis from 0 to 1."""
    height, width = values.shape[:2]
    return {"x0": 0.5 / width, "dx": 1 / width, "y0": 0.5 / height, "dy": 1 / height}


def _photo(pixels: NDArray[np.uint8], axes: dict[str, str]) -> go.Image:
    return go.Image(source=_jpeg(pixels), hoverinfo="skip", **_placed(pixels), **axes)


def _nothing(axes: dict[str, str]) -> go.Scatter:
    """An axis without a trace does not exist for Plotly, which then puts its text on another panel."""
    return go.Scatter(x=[None], y=[None], hoverinfo="skip", **axes)


def _panel(explained: Explanation, rule: str, shown: Map, selection: Selection, axes: dict[str, str]) -> list[Any]:
    """The traces of one map; the last one is a heatmap, which hover reads raw values from."""
    values, scale = shown.values, shown.scale
    if selection.show == "channels":  # an invisible heatmap, of the reduced values, under the colours' hover
        scale = scale_of([values], clip=100, signed=selection.reduction in SIGNED)
    heatmap = go.Heatmap(
        z=scale.quantise(values),
        zsmooth=False,
        hovertemplate=f"{REDUCTION_SYMBOLS[selection.reduction]} = %{{z:.5~r}} × {_power(scale)}<extra></extra>",
        **_placed(values),
        **axes,
    )
    if selection.show == "channels":
        colours = _as_colours(explained.attributions[rule], shown.scale)
        image = go.Image(source=_png(colours), hoverinfo="skip", **_placed(values), **axes)
        return [image, heatmap.update(opacity=0, showscale=False)]
    heatmap.update(coloraxis=colour_axis((explained.network, rule), selection))
    return [_photo(explained.seen, axes), heatmap] if selection.show == "overlay" else [heatmap]


def _as_colours(attribution: NDArray[np.float32], scale: Scale) -> NDArray[np.uint8]:
    """Signed (3, h, w) -> (h, w, 3): grey is exactly 0, a full or empty colour is plus or minus the ceiling."""
    shares = np.clip(attribution / scale.ceiling, -1, 1)
    return np.rint(127.5 + 127.5 * shares).astype(np.uint8).transpose(1, 2, 0)


def _below(axes: dict[str, str], text: str) -> dict[str, Any]:
    return _annotation(axes, 0, 0, text, _SMALL, xanchor="left", yanchor="top", align="left", yshift=-3)


def _inside(axes: dict[str, str], text: str, side: int) -> dict[str, Any]:
    return _annotation(axes, 0.5, 0.5, wrapped(text, int(side / 8)), _TEXT, align="center")


def _annotation(axes: dict[str, str], x: float, y: float, text: str, size: int, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Text at a place of a panel that zooming does not move."""
    place = {"xref": f"{axes['xaxis']} domain", "yref": f"{axes['yaxis']} domain", "x": x, "y": y}
    return place | {"text": text, "showarrow": False, "font": {"size": size}} | more


def _empty(axes: dict[str, str]) -> dict[str, Any]:
    return {
        "type": "rect", "x0": 0, "x1": 1, "y0": 0, "y1": 1, "layer": "below", "line": {"width": 0},
        "fillcolor": "rgba(128,128,128,0.14)",
        "xref": f"{axes['xaxis']} domain", "yref": f"{axes['yaxis']} domain",
    }  # fmt: skip


def _headings(slots: Sequence[Slot], grid: Grid) -> list[dict[str, Any]]:
    """Names of columns above and of rows at the left; a network's name comes with its own top class."""
    kinds = {INPUT: "What it saw", **RULE_NAMES}
    networks = {slot.network: network_heading(slot, grid.side) for slot in slots}
    network_first = grid.networks_as == "columns"
    columns = [networks[cell[0]] if network_first else (f"<b>{kinds[cell[1]]}</b>", 16) for cell in grid.rows[0]]
    rows = [(f"{kinds[row[0][1]]}", 14) if network_first else networks[row[0][0]] for row in grid.rows]
    above = [
        _annotation(
            {"xaxis": _name("x", column), "yaxis": "y"}, 0, 1, text, size, xanchor="left", yanchor="bottom",
            align="left", yshift=6,
        )
        for column, (text, size) in enumerate(columns)
    ]  # fmt: skip
    beside = [
        _annotation(
            {"xaxis": "x", "yaxis": _name("y", row)}, 0, 0.5, text, size, textangle=-90, xanchor="right",
            yanchor="middle", xshift=-8,
        )
        for row, (text, size) in enumerate(rows)
    ]  # fmt: skip
    return [*above, *beside]


def _power(scale: Scale) -> str:
    return f"10{str(scale.exponent).translate(_SUPERSCRIPTS)}"


def _jpeg(pixels: NDArray[np.uint8]) -> str:
    return _data_uri(pixels, "jpeg", quality=92, subsampling=0)


def _png(pixels: NDArray[np.uint8]) -> str:
    return _data_uri(pixels, "png")


def _data_uri(pixels: NDArray[np.uint8], kind: str, **settings: Any) -> str:  # noqa: ANN401
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, kind, **settings)
    return f"data:image/{kind};base64,{base64.b64encode(buffer.getvalue()).decode()}"
