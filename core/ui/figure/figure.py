"""Figures: values in, Plotly out. No Streamlit here, and no arithmetic on the maps beyond reduction and scale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from zlib import crc32

import pandas  # type: ignore[import-untyped]  # noqa: F401  # Plotly looks at it, also while another thread imports it
import plotly.graph_objects as go

from core.explanation import Explanation
from core.saliency.references import REFERENCES
from core.ui.figure.annotations import TEXT, axis_name, badge, below, headings, inside
from core.ui.figure.captions import caption, remark
from core.ui.figure.colours import Colouring, colour_axes, colouring_of
from core.ui.figure.columns import COMPUTING, Column
from core.ui.figure.layout import INPUT, LEFT, RIGHT, Grid
from core.ui.figure.maps import Map, Panel, maps_of, references_of
from core.ui.figure.photos import PIXELS, Photo, photo_of_input, photo_of_picture
from core.ui.figure.scales import scale_of
from core.ui.figure.space import Space, space_of
from core.ui.figure.traces import Axes, Spec, bar_of, colours_of, empty, hatched, heatmap, nothing, outlined, photo
from core.ui.palette import DARK, GREY, LIME, TEXT_ON_DARK
from core.values import Picture
from core.view import View

_FONT = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

Figure: TypeAlias = go.Figure  # Plotly is imported here and nowhere above


def comparison_figure(
    columns: Sequence[Column], view: View, grid: Grid, picture: Picture | None = None, *, exact: bool = False
) -> Figure:
    """The whole grid as a figure of Plotly's, see `comparison`."""
    figure = Figure(comparison(columns, view, grid, picture, exact=exact), _validate=False)  # the tests do that
    figure.layout.template = None  # for which Plotly takes its own
    return figure


def comparison(
    columns: Sequence[Column],
    view: View,
    grid: Grid,
    picture: Picture | None = None,
    *,
    maps: Mapping[Panel, Map] | None = None,
    drawn_on: bool = False,
    exact: bool = False,
) -> Spec:
    """The whole grid as data and layout: x axes by column and y axes by row, all matched, so zoom and pan are shared.

    Coordinates are shares, from 0 at the top left to 1: of each network's square input, so that networks of different
    input sizes stay aligned, or of the picture if the view says so and it is given. maps: what `maps_of` gives, if it
    is at hand. drawn_on: whether dragging draws a box instead of zooming. exact: maps are float32, which a file without
    the app's script can read out; else they are codes of one byte, a quarter as large (see quantise.py), and gradients
    in colours a third as large (see photos.py).
    """
    space = space_of(view, picture)
    maps = maps_of(columns, grid.rules, view) if maps is None else maps
    drawing = _Drawing(view, grid, space, {**maps, **references_of(columns, view)}, picture, exact)
    cells = [
        drawing.cell(columns[place], (place, kind), {"xaxis": axis_name("x", x), "yaxis": axis_name("y", y)})
        for y, cells in enumerate(grid.rows)
        for x, (place, kind) in enumerate(cells)
    ]
    bars = colour_axes(maps, view, grid)
    words = headings(columns, grid, on_picture=space.picture is not None)
    traces = [trace for cell in cells for trace in cell.traces] + [bar_of(name) for name in bars]
    layout = (
        _layout(grid, space, drawn_on=drawn_on)
        | bars
        | {
            "annotations": [*(each for cell in cells for each in cell.words), *words],
            "shapes": [shape for cell in cells for shape in cell.shapes],
            "datarevision": _revision(traces),
            "template": None,  # see _revision
        }
    )
    return {"data": traces, "layout": layout}


@dataclass(frozen=True, slots=True)
class _Cell:
    traces: list[Spec]
    words: list[Spec]
    shapes: list[Spec]


@dataclass(frozen=True, slots=True, eq=False)
class _Drawing:
    """What all cells of one figure have in common."""

    view: View
    grid: Grid
    space: Space
    maps: dict[Panel, Map]
    picture: Picture | None
    exact: bool

    def cell(self, column: Column, panel: Panel, axes: Axes) -> _Cell:
        """One panel: its map or what was seen, or the reason why there is none."""
        explained, space, kind = column.explanation, self.space, panel[1]
        if explained is None or (reason := _why_none(explained, kind)):
            reason = column.message if explained is None else reason
            return _Cell([nothing(axes)], [inside(axes, reason, self.grid)], [empty(axes)])
        shown = self.maps.get(panel)
        traces = self._map(explained, kind, shown, axes) if shown else [photo(self._photo(explained), axes)]
        if unseen := space.unseen(explained.framing):
            traces.append(hatched(unseen, axes, over_photo=self._has_photo(kind)))
        region = self.view.region
        box = space.box(explained.framing, region) if region else None
        on_picture = space.picture is not None
        words = caption(explained, kind, shown, self.view, self.grid, on_picture=on_picture)
        said = remark(explained, kind, shown, self.view) if shown else ""
        remarks = [badge(axes, said, self.grid)] if said else []
        return _Cell(traces, [below(axes, words, self.grid), *remarks], outlined(box, axes) if box else [])

    def _map(self, explained: Explanation, kind: str, shown: Map, axes: Axes) -> list[Spec]:
        """The traces of one map; the last one is a heatmap, which hover reads values from."""
        view, place = self.view, (explained.framing, self.space, axes)
        if kind in REFERENCES:
            plain = Colouring(view.colours, signed=False)
            return [heatmap(shown, REFERENCES[kind].symbol, plain, *place, exact=self.exact)]
        label = shown.symbol
        if shown.in_colours:  # an invisible heatmap, of the reduced values, under the colours' hover
            whole = scale_of([shown.values], clip=100, signed=shown.has_sign)
            under = Map(shown.values, whole, shown.has_sign)
            read = heatmap(under, label, Colouring("gray", whole.signed), *place, exact=self.exact)
            colours = colours_of(explained.attributions[kind], shown.scale, *place, exact=self.exact)
            return [colours, read | {"opacity": 0}]
        trace = heatmap(shown, label, colouring_of(shown, view), *place, exact=self.exact)
        if view.show != "overlay":
            return [trace]
        # Not in the colours: of a map whose opacity is another one, Plotly changes that alone.
        return [photo(self._photo(explained), axes), trace | {"opacity": view.opacity}]

    def _has_photo(self, kind: str) -> bool:
        return kind == INPUT or (self.view.show == "overlay" and kind not in REFERENCES)

    def _photo(self, explained: Explanation) -> Photo:
        if self.picture is None or self.space.picture is None:
            return photo_of_input(explained.seen)
        # All panels have the same, but each has to have its own: together they travel as one would.
        photos = sum(self._has_photo(kind) for row in self.grid.rows for _, kind in row)
        return photo_of_picture(self.picture, PIXELS if self.exact else PIXELS // photos)


def _why_none(explained: Explanation, kind: str) -> str:
    """Why there is no map of this kind, "" if there is one or a photo."""
    if kind in explained.refused:
        return explained.refused[kind]
    is_there = kind == INPUT or kind in REFERENCES or kind in explained.attributions
    return "" if is_there else COMPUTING


def _revision(traces: Sequence[Spec]) -> int:
    """A number that is another one whenever a trace's numbers are.

    Every figure is a copy to Plotly, which looks at this number instead of their arrays, and at values, but not of
    objects: hence no template, and `meta` is text. Where nothing is another one, no map is drawn again.
    """
    numbers = [trace["z"].tobytes() if "z" in trace else repr((trace.get("x"), trace.get("y"))) for trace in traces]
    return crc32(b"".join(each if isinstance(each, bytes) else each.encode() for each in numbers))


def _layout(grid: Grid, space: Space, *, drawn_on: bool) -> dict[str, Any]:
    hidden = {"visible": False, "constrain": "range"}
    across, down = map(list, space.ranges((grid.panel_width, grid.panel_height)))
    axes: dict[str, Any] = {}
    for column in range(len(grid.rows[0])):
        axes[axis_name("xaxis", column)] = hidden | {
            "domain": [*grid.x_domain(column)], "range": across, "anchor": "y", **({"matches": "x"} if column else {}),
        }  # fmt: skip
    for row in range(len(grid.rows)):
        axes[axis_name("yaxis", row)] = hidden | {
            "domain": [*grid.y_domain(row)], "range": down, "anchor": "x", **({"matches": "y"} if row else {}),
            "scaleanchor": "x", "scaleratio": space.ratio,  # pixels stay square
        }  # fmt: skip
    drag = "select" if drawn_on else "zoom"
    text = {"size": TEXT, "family": _FONT}
    return axes | {
        "width": grid.width,
        "height": grid.height,
        "margin": {"l": LEFT, "r": RIGHT, "t": grid.top, "b": grid.captions[-1], "pad": 0, "autoexpand": False},
        "hovermode": "closest",
        "hoverlabel": {"bgcolor": DARK, "bordercolor": LIME, "font": {"color": TEXT_ON_DARK} | text},
        "dragmode": False if grid.swiped else drag,
        "newselection": {"line": {"color": LIME, "width": 2, "dash": "solid"}},
        "showlegend": False,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": GREY} | text,
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": GREY, "activecolor": GREY},
    }
