"""The colours of the maps: Plotly's colour axes, and the bars that say what a colour is worth."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from plotly.colors import get_colorscale, sample_colorscale

from core.selection import Selection
from core.ui.grid import TOP, Grid
from core.ui.maps import Map, is_signed
from core.ui.scales import Scale
from core.ui.words import REDUCTION_SYMBOLS, number

_LONG = 170  # px, bars shorter than that have fewer ticks
DIVERGING = "RdBu_r"  # blue below 0, white at 0, red above


def colour_axis(panel: tuple[str, str], selection: Selection) -> str:
    """The name of the colour axis that a panel (network, rule) uses."""
    network, rule = panel
    index = {"all": 0, "row": selection.rules.index(rule)}.get(
        selection.scale, selection.networks.index(network) * len(selection.rules) + selection.rules.index(rule)
    )
    return f"coloraxis{index + 1}" if index else "coloraxis"


def colour_axes(maps: Mapping[tuple[str, str], Map], selection: Selection, grid: Grid) -> dict[str, Any]:
    """One colour axis, with its bar, for each scale that is shared; a scale of one's own is in the caption."""
    if selection.show == "channels":
        return {}
    axes: dict[str, Any] = {}
    colours = _colourscale(selection)
    for panel, shown in maps.items():
        scale, name = shown.scale, colour_axis(panel, selection)
        if name in axes:
            continue
        axes[name] = {
            "cmin": scale.floor / scale.unit,
            "cmax": scale.ceiling / scale.unit,
            "colorscale": colours,
            "showscale": selection.scale != "panel",
            "colorbar": _bar(panel[1], scale, selection, grid),
        }
    return axes


def _colourscale(selection: Selection) -> list[Any]:
    signed = is_signed(selection)
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
    long = (high - low) * (grid.height - TOP - grid.caption) > _LONG
    ticks = np.linspace(scale.floor, scale.ceiling, 5 if long else 3)
    beyond = "≥ " if scale.clipped else ""
    labels = [*(number(tick) for tick in ticks[:-1]), beyond + number(ticks[-1])]
    if scale.signed and scale.clipped:
        labels[0] = "≤ " + labels[0]
    of = rule if selection.scale == "row" else "all"
    # The last line is blank, but not to the browser: it keeps the title off the ticks.
    title = f"{REDUCTION_SYMBOLS[selection.reduction]}, {of}<br>logit / σ<br>\u2800"
    return {
        "x": 1.0, "xpad": 12, "xanchor": "left", "y": low, "yanchor": "bottom", "ypad": 0,
        "len": (high - low) * 0.94, "lenmode": "fraction", "thickness": 12, "outlinewidth": 0,
        "tickvals": list(ticks / scale.unit), "ticktext": labels, "tickfont": {"size": 12},
        "title": {"text": title, "side": "top", "font": {"size": 12}},
    }  # fmt: skip
