"""Figures: values in, Plotly out. No Streamlit here, and no arithmetic on the maps beyond reduction and scale."""

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from PIL import Image
from plotly.colors import get_colorscale, sample_colorscale

from core.comparison import Explanation
from core.saliency.reductions import SIGNED, saliency
from core.selection import Selection
from core.ui.grid import INPUT, LEFT, RIGHT, TOP, Grid
from core.ui.scales import Scale, scale_of, shared_scales
from core.ui.words import REDUCTION_SYMBOLS, RULE_NAMES, RULE_SHORT, number, percent, shortened

DIVERGING = "RdBu_r"  # blue below 0, white at 0, red above
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_NAME, _TEXT, _SMALL = 20, 13, 12  # font sizes in px
_LETTER = 6.3  # px, a letter of the smallest size, on average

Panel = tuple[str, str]  # (network, rule)


@dataclass(frozen=True, slots=True)
class Slot:
    """A network's place in the grid: its explanation, or in its stead a message of why there is none yet.

    missing: whether that is because its weights are not on this computer.
    """

    network: str
    title: str
    explanation: Explanation | None = None
    message: str = ""
    missing: bool = False


def comparison_figure(slots: Sequence[Slot], selection: Selection, grid: Grid) -> go.Figure:
    """The whole grid as one figure: x axes by column and y axes by row, all matched, so zoom and pan are shared.

    Coordinates are shares of each network's square input, from 0 at the top left to 1, so that networks of
    different input sizes stay aligned.
    """
    by_name = {slot.network: slot for slot in slots}
    maps = _maps(slots, selection)
    scales = _scales(slots, selection, maps)
    figure = go.Figure(layout=_layout(grid))
    for row, cells in enumerate(grid.rows):
        for column, (network, kind) in enumerate(cells):
            slot, axes = by_name[network], {"xaxis": _axis("x", column), "yaxis": _axis("y", row)}
            explained = slot.explanation
            if explained is None or kind in explained.refused:
                figure.add_shape(_empty(axes))
                reason = slot.message if explained is None else explained.refused[kind]
                figure.add_annotation(_inside(axes, reason, grid.side))
                continue
            if kind == INPUT:
                figure.add_trace(_photo(explained.seen, axes))
            else:
                scale = scales[network, kind]
                figure.add_traces(_panel(explained, kind, maps[network, kind], scale, selection, axes))
            figure.add_annotation(_caption(axes, _caption_lines(explained, kind, maps, scales, selection, grid)))
    figure.update_layout(annotations=[*figure.layout.annotations, *_headings(slots, grid)])
    figure.update_layout(**_colour_axes(slots, selection, grid, scales))
    return figure


def panel_values(explanation: Explanation, rule: str, reduction: str) -> NDArray[np.float32]:
    """(height, width) of one panel, in logits per unit of normalised input."""
    return saliency(explanation.attributions[rule], reduction)


def _maps(slots: Sequence[Slot], selection: Selection) -> dict[Panel, NDArray[np.float32]]:
    return {
        (slot.network, rule): panel_values(slot.explanation, rule, selection.reduction)
        for slot in slots
        if slot.explanation
        for rule in selection.rules
        if rule in slot.explanation.attributions
    }


def _scales(
    slots: Sequence[Slot], selection: Selection, maps: Mapping[Panel, NDArray[np.float32]]
) -> dict[Panel, Scale]:
    if selection.show == "channels":  # the colours are the three gradients themselves
        maps = {
            (slot.network, rule): slot.explanation.attributions[rule]
            for slot in slots
            if slot.explanation
            for rule in selection.rules
            if rule in slot.explanation.attributions
        }
    return shared_scales(maps, selection.scale, clip=selection.clip, signed=_is_signed(selection)) if maps else {}


def _is_signed(selection: Selection) -> bool:
    return selection.show == "channels" or selection.reduction in SIGNED


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
        "uirevision": "grid",
    }


def _name(axis: str, index: int) -> str:
    return f"{axis}{index + 1}" if index else axis


def _axis(axis: str, index: int) -> str:
    return f"{axis}{index + 1}" if index else axis


def _placed(values: NDArray[Any]) -> dict[str, float]:
    """Pixel centres on an axis from 0 to 1."""
    height, width = values.shape[:2]
    return {"x0": 0.5 / width, "dx": 1 / width, "y0": 0.5 / height, "dy": 1 / height}


def _photo(pixels: NDArray[np.uint8], axes: dict[str, str]) -> go.Image:
    return go.Image(source=_jpeg(pixels), hoverinfo="skip", **_placed(pixels), **axes)


def _panel(
    explained: Explanation, rule: str, values: NDArray[np.float32], scale: Scale, selection: Selection,
    axes: dict[str, str],
) -> list[Any]:  # fmt: skip
    """The traces of one map; the last one is a heatmap, which hover reads raw values from."""
    symbol = REDUCTION_SYMBOLS[selection.reduction]
    own = scale_of([values], clip=100, signed=selection.reduction in SIGNED) if selection.show == "channels" else scale
    heatmap = go.Heatmap(
        z=own.quantise(values),
        zsmooth=False,
        hovertemplate=f"{symbol} = %{{z}} × {_power(own)}<extra></extra>",
        **_placed(values),
        **axes,
    )
    if selection.show == "channels":
        return [
            go.Image(
                source=_png(_as_colours(explained.attributions[rule], scale)),
                hoverinfo="skip",
                **_placed(values),
                **axes,
            ),
            heatmap.update(opacity=0, showscale=False),
        ]
    heatmap.update(coloraxis=_colour_axis(explained.network, rule, selection))
    return [_photo(explained.seen, axes), heatmap] if selection.show == "overlay" else [heatmap]


def _as_colours(attribution: NDArray[np.float32], scale: Scale) -> NDArray[np.uint8]:
    """Signed (3, h, w) -> (h, w, 3): grey is exactly 0, a full or empty colour is plus or minus the ceiling."""
    shares = np.clip(attribution / scale.ceiling, -1, 1)
    return np.rint(127.5 + 127.5 * shares).astype(np.uint8).transpose(1, 2, 0)


def _colour_axis(network: str, rule: str, selection: Selection) -> str:
    index = {"all": 0, "row": selection.rules.index(rule)}.get(
        selection.scale, selection.networks.index(network) * len(selection.rules) + selection.rules.index(rule)
    )
    return _name("coloraxis", index)


def _colour_axes(
    slots: Sequence[Slot], selection: Selection, grid: Grid, scales: Mapping[Panel, Scale]
) -> dict[str, Any]:
    """One colour axis, with its bar, for each scale that is shared; a scale of one's own is in the caption."""
    if selection.show == "channels":
        return {}
    axes: dict[str, Any] = {}
    colours = _colourscale(selection)
    for (network, rule), scale in scales.items():
        name = _colour_axis(network, rule, selection)
        bar: dict[str, Any] = {"showscale": False}
        if selection.scale != "panel" and name not in axes:
            bar = {"showscale": True, "colorbar": _bar(rule, scale, selection, grid)}
        axes.setdefault(
            name, {"cmin": scale.floor / scale.unit, "cmax": scale.ceiling / scale.unit, "colorscale": colours, **bar}
        )
    return axes


def _colourscale(selection: Selection) -> list[Any]:
    signed = _is_signed(selection)
    colours = get_colorscale(DIVERGING if signed else selection.colours)
    if selection.show != "overlay":
        return colours
    # Transparent where the map is 0, so that the photo shows; opaque by its square root, or only peaks would.
    steps = np.linspace(0, 1, 33)
    strengths = selection.opacity * np.sqrt(np.abs(2 * steps - 1) if signed else steps)
    sampled = sample_colorscale(colours, list(steps), colortype="tuple")
    return [
        [step, f"rgba({r * 255:.0f},{g * 255:.0f},{b * 255:.0f},{alpha:.3f})"]
        for step, (r, g, b), alpha in zip(steps, sampled, strengths, strict=True)
    ]


def _bar(rule: str, scale: Scale, selection: Selection, grid: Grid) -> dict[str, Any]:
    """A colour bar at the right, beside the row of its rule where the rules are rows, with raw values as ticks."""
    low, high = grid.y_domain(len(grid.rows) - 1)[0], 1.0
    if selection.scale == "row" and grid.networks_as == "columns":
        low, high = grid.y_domain(1 + selection.rules.index(rule))
    elif selection.scale == "row":  # rules are columns: the bars stand one above the other
        count, index = len(selection.rules), selection.rules.index(rule)
        whole = high - low
        low, high = high - whole * (index + 1) / count, high - whole * index / count
    ticks = np.linspace(scale.floor, scale.ceiling, 5 if scale.signed else 4)
    beyond = "≥ " if scale.clipped else ""
    labels = [*(number(tick) for tick in ticks[:-1]), beyond + number(ticks[-1])]
    if scale.signed and scale.clipped:
        labels[0] = "≤ " + labels[0]
    of = RULE_SHORT[rule] if selection.scale == "row" else "all"
    title = f"{REDUCTION_SYMBOLS[selection.reduction]}, {of}<br>logit / σ<br>\u2800"  # the last line keeps off the ticks
    return {
        "x": 1.0, "xpad": 12, "xanchor": "left", "y": low, "yanchor": "bottom", "ypad": 0,
        "len": (high - low) * 0.94, "lenmode": "fraction", "thickness": 12, "outlinewidth": 0,
        "tickvals": list(ticks / scale.unit), "ticktext": labels, "tickfont": {"size": 12},
        "title": {"text": title, "side": "top", "font": {"size": 12}},
    }  # fmt: skip


def _caption_lines(
    explained: Explanation, kind: str, maps: Mapping[Panel, NDArray[np.float32]], scales: Mapping[Panel, Scale],
    selection: Selection, grid: Grid,
) -> list[str]:  # fmt: skip
    """What a panel says of itself: rule and reduction, class and probability, maximum and scale, coverage.

    Only a class's name is ever shortened.
    """
    if kind == INPUT:
        side, share = explained.framing.side, explained.framing.seen_share
        return [f"input, {side} × {side} px", f"saw {share:.0%} of the picture".replace("%", " %")]
    panel, coverage = (explained.network, kind), str(explained.coverage)
    if selection.show == "channels":
        rule, size = f"{RULE_SHORT[kind]}, R G B", f"full ±{number(scales[panel].ceiling)}"
    else:
        rule, size = f"{RULE_SHORT[kind]}, {REDUCTION_SYMBOLS[selection.reduction]}", f"max {_largest(maps[panel])}"
    own = f"scale to {number(scales[panel].ceiling)}" if selection.scale == "panel" else ""
    if grid.lines == 2:
        return [f"{rule} · {_class(explained, grid, len(rule) + 3)}", _joined(size, own, coverage)]
    if grid.lines == 3:
        return [_joined(rule, own), _class(explained, grid), _joined(size, coverage)]
    return [rule, _class(explained, grid), _joined(size, own), coverage]


def _class(explained: Explanation, grid: Grid, taken: int = 0) -> str:
    probability = percent(explained.target.probability)
    room = int(grid.side / _LETTER) - taken - len(probability) - 1
    return f"{shortened(explained.target.name, max(8, room))} {probability}"


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _largest(values: NDArray[np.float32]) -> str:
    return number(float(np.abs(values).max()))


def _caption(axes: dict[str, str], lines: Sequence[str]) -> dict[str, Any]:
    text = "<br>".join(map(escape, lines))
    return _annotation(axes, 0, 0, text, _SMALL, xanchor="left", yanchor="top", align="left", yshift=-3)


def _inside(axes: dict[str, str], text: str, side: int) -> dict[str, Any]:
    return _annotation(axes, 0.5, 0.5, _wrapped(text, int(side / 8)), _TEXT, align="center")


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
    networks = {slot.network: _network_heading(slot, grid.side) for slot in slots}
    network_first = grid.networks_as == "columns"
    columns = [networks[cell[0]] if network_first else (f"<b>{kinds[cell[1]]}</b>", 16) for cell in grid.rows[0]]
    rows = [(f"{kinds[row[0][1]]}", 14) if network_first else networks[row[0][0]] for row in grid.rows]
    above = [
        _annotation(
            {"xaxis": _axis("x", column), "yaxis": "y"}, 0, 1, text, size, xanchor="left", yanchor="bottom",
            align="left", yshift=6,
        )
        for column, (text, size) in enumerate(columns)
    ]  # fmt: skip
    beside = [
        _annotation(
            {"xaxis": "x", "yaxis": _axis("y", row)}, 0, 0.5, text, size, textangle=-90, xanchor="right",
            yanchor="middle", xshift=-8,
        )
        for row, (text, size) in enumerate(rows)
    ]  # fmt: skip
    return [*above, *beside]


def _network_heading(slot: Slot, side: int) -> tuple[str, int]:
    size = _NAME if side >= 215 else 16
    name = f"<b>{escape(slot.title)}</b>"
    if slot.explanation is None:
        return f"{name}<br><span style='font-size:14px'> </span>", size
    top = slot.explanation.top[0]
    said = shortened(top.name, max(10, int(side / 7.5) - 6))
    return f"{name}<br><span style='font-size:14px'>{escape(said)} {percent(top.probability)}</span>", size


def _wrapped(text: str, width: int) -> str:
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + len(word) >= width:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    return "<br>".join(escape(part) for part in [*lines, line])


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
