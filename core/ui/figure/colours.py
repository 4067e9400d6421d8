"""The colours of the maps: colour scales, and the bars that say what a colour is worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import plotly.colors

from core.method import Method
from core.ui.figure.layout import Grid
from core.ui.figure.maps import Map, Panel
from core.ui.words import number, shortened
from core.view import View

_LONG = 170  # px, bars shorter than that, with their titles, have fewer ticks
_SHORTEST = 100  # px
_LETTERS = 15  # of a bar's title in a line
DIVERGING = "RdBu_r"  # blue below 0, white at 0, red above
_STEPS = np.linspace(0, 1, 33)


@dataclass(frozen=True, slots=True)
class Colouring:
    """Which colours stand for the values of a scale, from its floor to its ceiling.

    fading: an overlay is transparent where the map is 0, so that the photo shows, and opaque by the value's square
    root, or only peaks would be.
    """

    name: str
    signed: bool
    fading: bool = False

    def by_value(self) -> list[Any]:
        """Plotly's colour scale for values: linear."""
        return _colours(self, tuple(_STEPS), squared=False) if self.fading else _stops(self.name)

    def by_code(self) -> list[Any]:
        """Plotly's colour scale for codes (see codes.py), which shows the same colour for the same value."""
        return _colours(self, _squared(self.name, self.signed), squared=True)


def colouring_of(shown: Map, view: View) -> Colouring:
    """The colours of a network's map."""
    signed = shown.scale.signed
    return Colouring(DIVERGING if signed else view.colours, signed, fading=view.show == "overlay")


def colour_axis(panel: Panel, rules: Sequence[str], view: View) -> str:
    """The name of the colour axis that stands for the scale of a panel."""
    column, rule = panel[0], rules.index(panel[1])
    index = {"all": 0, "row": rule}.get(view.scale, column * len(rules) + rule)
    return f"coloraxis{index + 1}" if index else "coloraxis"


@lru_cache(maxsize=8)  # every caption asks
def has_bars(view: View, grid: Grid) -> bool:
    """Whether scales are shared and their bars have room; else each caption says where its panel's scale ends."""
    if view.show == "channels" or view.scale == "panel" or _has_several_units(view, grid):
        return False
    spans = (_span(rule, view, grid) for rule in grid.rules)
    return all((high - low) * grid.plot_height >= _SHORTEST for low, high in spans)


def _has_several_units(view: View, grid: Grid) -> bool:
    """Whether "one scale for all" are several, which one bar cannot say."""
    about = {(row.unit, row.is_signed) for row in (Method.parse(rule).about for rule in grid.rules)}
    return view.scale == "all" and len(about) > 1


def colour_axes(maps: Mapping[Panel, Map], view: View, grid: Grid) -> dict[str, Any]:
    """One colour axis, with its bar, for each scale that is shared; a scale of one's own is in the caption."""
    if not has_bars(view, grid):
        return {}
    axes: dict[str, Any] = {}
    for panel, shown in maps.items():
        scale, name = shown.scale, colour_axis(panel, grid.rules, view)
        if name not in axes:
            axes[name] = {
                "cmin": scale.floor,
                "cmax": scale.ceiling,
                "colorscale": colouring_of(shown, view).by_value(),
                "colorbar": _bar(panel[1], shown, view, grid),
            }
    return axes


@lru_cache
def _stops(name: str) -> list[Any]:
    """Plotly's colour scale of this name, which Plotly itself looks for in every module that it has."""
    return plotly.colors.get_colorscale(name)


@lru_cache
def _squared(name: str, signed: bool) -> tuple[float, ...]:
    """Where codes have stops: as close as for values, and wherever the colours turn, which are linear in between."""
    turns = np.array([place for place, _ in _stops(name)])
    if not signed:
        return tuple(np.union1d(_STEPS, np.sqrt(turns)))
    half = np.union1d(_STEPS, np.sqrt(2 * turns[turns >= 0.5] - 1)) / 2
    return tuple(np.union1d(0.5 - half, 0.5 + half))


@lru_cache(maxsize=64)
def _colours(colouring: Colouring, places: tuple[float, ...], *, squared: bool) -> list[Any]:
    """Plotly's colour scale with a stop at each place; squared: places are the square roots of shares of the scale."""
    stops = np.array(places)
    if colouring.signed:
        distances = 2 * stops - 1
        shares = 0.5 + (np.sign(distances) * distances**2 if squared else distances) / 2
        strengths = np.abs(distances) if squared else np.sqrt(np.abs(distances))
    else:
        shares, strengths = (stops**2, stops) if squared else (stops, np.sqrt(stops))
    sampled = plotly.colors.sample_colorscale(_stops(colouring.name), shares.tolist(), colortype="tuple")
    texts = [",".join(f"{round(channel * 255)}" for channel in colour) for colour in sampled]
    # Not "#rrggbb": Streamlit's theme replaces some of those, wherever they are.
    if not colouring.fading:
        return [[round(place, 5), f"rgb({text})"] for place, text in zip(places, texts, strict=True)]
    return [
        [round(place, 5), f"rgba({text},{strength:.3f})"]
        for place, text, strength in zip(places, texts, strengths, strict=True)
    ]


def _span(rule: str, view: View, grid: Grid) -> tuple[float, float]:
    """The room for the bar of a rule's scale, as shares of the plot's height from the bottom."""
    rules, rules_are_rows = grid.rules, grid.columns_as == "columns"
    low, high = grid.y_domain(len(rules) if rules_are_rows else len(grid.rows) - 1)[0], 1.0
    if view.scale == "all":
        return low, high
    if rules_are_rows:
        return grid.y_domain(1 + rules.index(rule))
    step = (high - low) / len(rules)  # rules are columns: the bars stand one above the other
    return high - step * (rules.index(rule) + 1), high - step * rules.index(rule)


def _bar(rule: str, shown: Map, view: View, grid: Grid) -> dict[str, Any]:
    """A colour bar at the right, beside the row of its rule where the rules are rows, with raw values as ticks."""
    (low, high), scale = _span(rule, view, grid), shown.scale
    long = (high - low) * grid.plot_height > _LONG
    ticks = np.linspace(scale.floor, scale.ceiling, 5 if long else 3)
    beyond = "≥ " if scale.clipped else ""
    labels = [*(number(tick) for tick in ticks[:-1]), beyond + number(ticks[-1])]
    if scale.signed and scale.clipped:
        labels[0] = "≤ " + labels[0]
    of = shortened(Method.parse(rule).short, _LETTERS) if view.scale == "row" else "all"
    # The last line is blank, but not to the browser: it keeps the title off the ticks.
    title = f"{of}<br>{shown.symbol}, {shown.unit}<br>\u2800"
    return {
        "x": 1.0, "xpad": 12, "xanchor": "left", "y": low, "yanchor": "bottom", "ypad": 0,
        "len": (high - low) * 0.88, "lenmode": "fraction", "thickness": 12, "outlinewidth": 0,
        "tickvals": ticks.tolist(), "ticktext": labels, "tickfont": {"size": 12},
        "title": {"text": title, "side": "top", "font": {"size": 12}},
    }  # fmt: skip
