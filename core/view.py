"""The view: how an answer is shown. Changing it computes nothing; figures take a View."""

from dataclasses import dataclass

from core.images.region import Region
from core.saliency.reductions import SIGNED

SHOWS = ("map", "overlay", "channels")
COLOURS = ("cividis", "inferno", "viridis", "gray", "hot")
SCALES = ("row", "all", "panel")
CLIPS = (100.0, 99.9, 99.5, 99.0, 95.0)
ARRANGEMENTS = ("auto", "columns", "rows")
SPACES = ("input", "picture")
COARSE = ("smooth", "cells")


@dataclass(frozen=True, slots=True)
class View:
    """How maps are shown.

    show: "map", "overlay" on the photo, or "channels" (red, green and blue gradients). reduction: see
    core.saliency.reductions. scale: which panels share one colour scale: those of one rule ("row"), "all", or none
    ("panel"). clip: the percentile at which the scale ends. opacity: of the overlay. arrangement: whether the grid's
    columns stand as "columns", as "rows", or "auto" (a single one as a row). space: what panels measure, each
    network's own "input", or the whole "picture". coarse: whether maps of a few places are drawn "smooth" or as
    "cells". references: rows of maps that know no network, see core.saliency.references. region: the box that is asked
    about.
    """

    show: str = "map"
    reduction: str = "max_abs"
    colours: str = "cividis"
    scale: str = "row"
    clip: float = 99.5
    opacity: float = 0.8
    arrangement: str = "auto"
    space: str = "input"
    coarse: str = "smooth"
    references: tuple[str, ...] = ()
    region: Region | None = None

    @property
    def is_signed(self) -> bool:
        """Whether the colours tell positive from negative."""
        return self.show == "channels" or self.reduction in SIGNED
