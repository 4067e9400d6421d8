"""What the panels of a grid show: each network's place, its maps, and the colour scale of each map."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.comparison import Explanation
from core.saliency.reductions import SIGNED, saliency
from core.selection import Selection
from core.ui.figure.scales import Scale, shared_scales
from core.ui.words import number


@dataclass(frozen=True, slots=True)
class Column:
    """A network's place in the grid: its explanation, or in its stead a message of why there is none yet.

    missing: whether that is because its weights are not on this computer. beneath: what stands below the title; None,
    the network's own top class.
    """

    network: str
    title: str
    explanation: Explanation | None = None
    message: str = ""
    missing: bool = False
    beneath: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Map:
    """One map: values (height, width) in logits per unit of normalised input, and the scale of its colours.

    has_sign: whether the values have one; the scale of RGB gradients has one even where their reduction has none.
    """

    values: NDArray[np.float32]
    scale: Scale
    has_sign: bool

    @property
    def extremes(self) -> str:
        """The raw maximum in words, or both extremes where values have a sign."""
        low, high = float(self.values.min()), float(self.values.max())
        return f"{number(low)} to {number(high)}" if self.has_sign else f"max {number(high)}"


def maps_of(slots: Sequence[Column], selection: Selection) -> dict[tuple[str, str], Map]:
    """Every map there is, by (network, rule)."""
    attributions = {
        (slot.network, rule): slot.explanation.attributions[rule]
        for slot in slots
        if slot.explanation
        for rule in selection.rules
        if rule in slot.explanation.attributions
    }
    values = {panel: saliency(attribution, selection.reduction) for panel, attribution in attributions.items()}
    coloured = attributions if selection.show == "channels" else values  # RGB shows the three gradients themselves
    scales = shared_scales(coloured, selection.scale, clip=selection.clip, signed=is_signed(selection))
    return {panel: Map(values[panel], scales[panel], selection.reduction in SIGNED) for panel in values}


def is_signed(selection: Selection) -> bool:
    """Whether the colours tell positive from negative."""
    return selection.show == "channels" or selection.reduction in SIGNED
