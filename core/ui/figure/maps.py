"""The maps of a grid, and the colour scale of each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.saliency.reductions import SIGNED, saliency
from core.saliency.references import reference_map
from core.ui.figure.columns import Column
from core.ui.figure.scales import Scale, is_faint, scale_of, shared_scales
from core.ui.words import number
from core.view import View

Panel = tuple[int, str]  # a column by its position, and a kind: a rule or a reference


@dataclass(frozen=True, slots=True, eq=False)
class Map:
    """One map: values (height, width) in logits per unit of normalised input, and the scale of its colours.

    has_sign: whether the values have one; the scale of RGB gradients has one even where their reduction has none.
    is_faint: whether what is shown ends so far below the end of its scale that it looks like nothing.
    """

    values: NDArray[np.float32]
    scale: Scale
    has_sign: bool
    is_faint: bool = False

    @property
    def extremes(self) -> str:
        """The raw maximum in words, or both extremes where values have a sign."""
        low, high = float(self.values.min()), float(self.values.max())
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
    values = {panel: saliency(attribution, view.reduction) for panel, attribution in attributions.items()}
    coloured = attributions if view.show == "channels" else values  # RGB shows the three gradients themselves
    scales = shared_scales(coloured, view.scale, clip=view.clip, signed=view.is_signed)
    return {
        panel: Map(
            values[panel],
            scale := scales[panel],
            has_sign=view.reduction in SIGNED,
            is_faint=is_faint(coloured[panel], scale, clip=view.clip),
        )
        for panel in values
    }


def references_of(columns: Sequence[Column], view: View) -> dict[Panel, Map]:
    """The reference maps, each with a scale of its own, which ends at the selected percentile."""
    values = {
        (place, name): reference_map(name, column.explanation.seen, column.network)
        for place, column in enumerate(columns)
        if column.explanation
        for name in view.references
    }
    return {
        panel: Map(shown, scale_of([shown], clip=view.clip, signed=False), has_sign=False)
        for panel, shown in values.items()
    }
