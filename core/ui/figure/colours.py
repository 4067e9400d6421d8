"""The colours of the maps: colour scales, and the bars that say what a colour is worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import plotly.colors
from numpy.typing import NDArray

from core.method import Method
from core.ui.figure.layout import Grid
from core.ui.figure.maps import Map, Panel
from core.ui.figure.quantise import Quantiser
from core.ui.figure.scales import Scale
from core.ui.words import abridged, number
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
        if not self.fading:
            return _stops(self.name)
        return self._colour_scale(_STEPS, 2 * _STEPS - 1 if self.signed else _STEPS)

    def by_code(self, codes: Quantiser, ceiling: float) -> list[Any]:
        """Plotly's colour scale for codes, which shows the same colour for the same value.

        It ends with the code of the ceiling of the map's scale, or with the last code if no value is as large.
        """
        end = min(1.0, codes.largest / ceiling)
        shares = _shares(self.name, self.signed)
        shares = np.union1d(shares[shares < end], [min(codes.bend / ceiling, end), end])  # at the bend codes turn
        places = codes.places(shares * ceiling)
        places /= places[-1]
        if self.signed:
            places, shares = (np.concatenate([-half[:0:-1], half]) for half in (places, shares))
            places = (places + 1) / 2
        return self._colour_scale(places, shares)

    def _colour_scale(self, places: NDArray[np.float64], shares: NDArray[np.float64]) -> list[Any]:
        """A stop at each place, in the colour of a share of the scale, from 0 (or -1, where it has a sign) to 1."""
        turns, colours = _turns(self.name)
        at = (shares + 1) / 2 if self.signed else shares
        channels = (np.interp(at, turns, channel).round().astype(int).tolist() for channel in colours.T)
        texts = [f"{red},{green},{blue}" for red, green, blue in zip(*channels, strict=True)]
        if not self.fading:
            return [[place, f"rgb({text})"] for place, text in zip(places.round(5).tolist(), texts, strict=True)]
        strengths = np.sqrt(np.abs(shares)).tolist()
        return [
            [place, f"rgba({text},{strength:.3f})"]
            for place, text, strength in zip(places.round(5).tolist(), texts, strengths, strict=True)
        ]


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
    symbols: dict[str, set[str]] = {}
    for panel, shown in maps.items():
        symbols.setdefault(colour_axis(panel, grid.rules, view), set()).add(shown.symbol)
    for panel, shown in maps.items():
        scale, name = shown.scale, colour_axis(panel, grid.rules, view)
        if name not in axes:
            of = f"{shown.symbol}, {shown.unit}" if len(symbols[name]) == 1 else shown.unit  # else it is of one of them
            axes[name] = {
                "cmin": scale.floor,
                "cmax": scale.ceiling,
                "colorscale": colouring_of(shown, view).by_value(),
                "colorbar": _bar(panel[1], of, scale, view, grid),
            }
    return axes


@lru_cache
def _stops(name: str) -> list[Any]:
    """Plotly's colour scale of this name, which Plotly itself looks for in every module that it has."""
    return plotly.colors.get_colorscale(name)


@lru_cache
def _turns(name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where a colour scale turns, (n,), and its colours there, (n, 3) from 0 to 255: linear in between."""
    places = [place for place, _ in _stops(name)]
    colours = plotly.colors.sample_colorscale(_stops(name), places, colortype="tuple")
    return np.array(places), 255 * np.array(colours)


@lru_cache
def _shares(name: str, signed: bool) -> NDArray[np.float64]:
    """Shares of a scale that have a stop among codes: close where codes are, and wherever the colours turn."""
    turns, _ = _turns(name)
    return np.union1d(_STEPS**2, 2 * turns[turns >= 0.5] - 1 if signed else turns)


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


def _bar(rule: str, of: str, scale: Scale, view: View, grid: Grid) -> dict[str, Any]:
    """A colour bar at the right, beside the row of its rule where the rules are rows, with raw values as ticks.

    of: what the values are.
    """
    low, high = _span(rule, view, grid)
    long = (high - low) * grid.plot_height > _LONG
    ticks = np.linspace(scale.floor, scale.ceiling, 5 if long else 3)
    beyond = "≥ " if scale.clipped else ""
    labels = [*(number(tick) for tick in ticks[:-1]), beyond + number(ticks[-1])]
    if scale.signed and scale.clipped:
        labels[0] = "≤ " + labels[0]
    whose = abridged(Method.parse(rule).short, _LETTERS) if view.scale == "row" else "all"
    # The last line is blank, but not to the browser: it keeps the title off the ticks.
    title = f"{whose}<br>{of}<br>\u2800"
    return {
        "x": 1.0, "xpad": 12, "xanchor": "left", "y": low, "yanchor": "bottom", "ypad": 0,
        "len": (high - low) * 0.88, "lenmode": "fraction", "thickness": 12, "outlinewidth": 0,
        "tickvals": ticks.tolist(), "ticktext": labels, "tickfont": {"size": 12},
        "title": {"text": title, "side": "top", "font": {"size": 12}},
    }  # fmt: skip
