"""The maps of a grid, and the colour scale of each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.estimators.cam import enlarged
from core.method import Method
from core.saliency.reductions import SIGNED, saliency
from core.saliency.references import REFERENCES, reference_map
from core.ui.figure.columns import Column
from core.ui.figure.scales import Panel, Scale, is_faint, scale_of, shared_scales
from core.ui.figure.space import Space
from core.ui.words import REDUCTION_SYMBOLS, number
from core.view import View

Part = tuple[slice, slice]
_WHOLE: Part = (slice(None), slice(None))


@dataclass(frozen=True, slots=True, eq=False)
class Map:
    """One map: values (height, width), what they are, and the scale of their colours.

    symbol: of the values. unit: see core.estimators.kinds. grid: of how many places it is, if it was enlarged.
    in_colours: whether the three gradients themselves are shown, as red, green and blue.
    has_sign: whether the values have one; the scale of RGB gradients has one even where their reduction has none.
    is_faint: whether what is shown ends so far below the end of its scale that it looks like nothing.
    drawn: the rows and columns that are drawn, of which extremes and scales are: on the picture, none that were padded.
    ends: the least and the largest of the three gradients, where those are shown.
    """

    values: NDArray[np.float32]
    scale: Scale
    has_sign: bool
    is_faint: bool = False
    symbol: str = ""
    unit: str = ""
    grid: tuple[int, int] | None = None
    in_colours: bool = False
    drawn: Part = _WHOLE
    ends: tuple[float, float] = (0.0, 0.0)

    @property
    def shows(self) -> str:
        """The symbol of what is shown."""
        return "R G B" if self.in_colours else self.symbol

    @property
    def extremes(self) -> str:
        """The raw maximum of what is shown in words, or both extremes where values have a sign."""
        if self.in_colours:
            return f"{number(self.ends[0])} to {number(self.ends[1])}"
        drawn = self.values[self.drawn]
        low, high = float(drawn.min()), float(drawn.max())
        return f"{number(low)} to {number(high)}" if self.has_sign else f"max {number(high)}"


def maps_of(columns: Sequence[Column], rules: Sequence[str], view: View) -> dict[Panel, Map]:
    """Every map of a network that there is."""
    attributions = {
        (place, rule): column.explanation.attributions[rule]
        for place, column in enumerate(columns)
        if column.explanation
        for rule in rules
        if rule in column.explanation.attributions
    }
    methods = {panel: Method.parse(panel[1]) for panel in attributions}
    values = {
        panel: _values(attribution, methods[panel], view, explanation.framing.side)
        for panel, attribution in attributions.items()
        if (explanation := columns[panel[0]].explanation)
    }
    # RGB shows the three gradients themselves, where there are such.
    in_colours = {panel: view.show == "channels" and method.about.has_colours for panel, method in methods.items()}
    drawn = {panel: _drawn(columns[panel[0]], view) for panel in values}
    coloured = {
        panel: attributions[panel][:, *drawn[panel]] if in_colours[panel] else values[panel][drawn[panel]]
        for panel in values
    }
    signs = {panel: _has_sign(methods[panel], view) for panel in values}
    scales = shared_scales(
        coloured,
        view.scale,
        clip=view.clip,
        signed={panel: signs[panel] or in_colours[panel] for panel in values},
        units={panel: method.about.unit for panel, method in methods.items()},
    )
    return {
        panel: Map(
            values[panel],
            scale := scales[panel],
            has_sign=signs[panel],
            is_faint=is_faint(coloured[panel], scale, clip=view.clip),
            symbol=method.about.symbol or REDUCTION_SYMBOLS[view.reduction],
            unit=method.about.unit,
            grid=_grid(attributions[panel], columns[panel[0]]),
            in_colours=in_colours[panel],
            drawn=drawn[panel],
            ends=(float(coloured[panel].min()), float(coloured[panel].max())),
        )
        for panel, method in methods.items()
    }


def map_alone(attribution: NDArray[np.float32], source: str, view: View, side: int) -> Map:
    """One map of an input of so many pixels on a side, on a scale of its own.

    source: the text of its method, or a reference's name, whose one channel is what it marks.
    """
    if source in REFERENCES:
        return Map(attribution[0], scale_of([attribution], clip=view.clip, signed=False), has_sign=False)
    method = Method.parse(source)
    values, signed = _values(attribution, method, view, side), _has_sign(method, view)
    return Map(values, scale_of([values], clip=view.clip, signed=signed), signed)


def _has_sign(method: Method, view: View) -> bool:
    """Whether its reduced values have a sign."""
    return view.reduction in SIGNED if method.about.is_signed is None else method.about.is_signed


def _grid(attribution: NDArray[np.float32], column: Column) -> tuple[int, int] | None:
    rows, columns = attribution.shape[-2:]
    return (rows, columns) if column.explanation and (rows, columns) != (column.explanation.framing.side,) * 2 else None


def _drawn(column: Column, view: View) -> Part:
    """On the picture, what was padded around it is not drawn."""
    if view.space != "picture" or column.explanation is None:
        return _WHOLE
    cells = Space(column.explanation.framing.picture).cells(column.explanation.framing)
    return cells.rows, cells.columns


def _values(attribution: NDArray[np.float32], method: Method, view: View, side: int) -> NDArray[np.float32]:
    """(side, side), reduced; a layer's few places as large as the network's input, smooth or as cells."""
    values = saliency(attribution, method.reduction(view.reduction))
    if values.shape[0] == side:
        return values
    import torch  # is there, or there would be no values

    return enlarged(torch.from_numpy(values)[None], side, side, smooth=view.coarse == "smooth")[0].numpy()


def references_of(columns: Sequence[Column], view: View) -> dict[Panel, Map]:
    """The reference maps, each with a scale of its own, which ends at the selected percentile."""
    values = {
        (place, name): reference_map(name, column.explanation.seen, column.network)
        for place, column in enumerate(columns)
        if column.explanation
        for name in view.references
    }
    return {
        panel: Map(
            shown,
            scale_of([shown[drawn := _drawn(columns[panel[0]], view)]], clip=view.clip, signed=False),
            has_sign=False,
            symbol=REFERENCES[panel[1]].symbol,
            drawn=drawn,
        )
        for panel, shown in values.items()
    }
