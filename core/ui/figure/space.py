"""Space: what the panels' axes measure, and where a network's map, its margins and a region lie on them."""

import math
from dataclasses import dataclass

from core.images.framing import Framing
from core.images.placing import box_on_input
from core.images.region import Box, Region
from core.values import Picture
from core.view import View

_NARROWEST, _WIDEST = 1 / 2.5, 2.5  # of a panel; other pictures have bars beside or above them

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Cells:
    """The values of a map that are drawn, and the place of their centres on the axes: the first, and the step."""

    rows: slice
    columns: slice
    x0: float
    dx: float
    y0: float
    dy: float


@dataclass(frozen=True, slots=True)
class Space:
    """Axes from 0 to 1, from the top left: of the picture of this (width, height), or, if None, of each input."""

    picture: tuple[int, int] | None

    @property
    def name(self) -> str:
        """The same for the same coordinates, so that a zoom can be kept."""
        return "picture {}x{}".format(*self.picture) if self.picture else "input"

    @property
    def aspect(self) -> float:
        """A panel's width as a multiple of its height."""
        return min(max(self._proportion, _NARROWEST), _WIDEST)

    @property
    def ratio(self) -> float:
        """The length of y's unit on screen as a multiple of x's, so that pixels are square."""
        return 1 / self._proportion

    def ranges(self, panel: tuple[int, int]) -> tuple[Range, Range]:
        """What the axes x and y show in a panel of this (width, height), with bars where the shapes differ."""
        excess = panel[0] / panel[1] / self._proportion
        wide, tall = max(excess, 1) / 2, max(1 / excess, 1) / 2
        return (0.5 - wide, 0.5 + wide), (0.5 + tall, 0.5 - tall)

    def cells(self, framing: Framing) -> Cells:
        """Where a network's map lies; on the picture, values of what was padded around it are left out."""
        (columns, x0, dx), (rows, y0, dy) = (self._along(framing, axis) for axis in (0, 1))
        return Cells(rows, columns, x0, dx, y0, dy)

    def unseen(self, framing: Framing) -> list[Box]:
        """What the network did not see, in boxes that do not overlap; nothing on its own input."""
        if not self.picture:
            return []
        (width, height), seen = self.picture, framing.seen
        left, right = seen[0] / width, seen[2] / width
        top, bottom = seen[1] / height, seen[3] / height
        around = [(0, 0, 1, top), (0, bottom, 1, 1), (0, top, left, bottom), (right, top, 1, bottom)]
        return [box for box in around if _solid(box)]

    def box(self, framing: Framing, region: Region) -> Box | None:
        """Where a region lies; None if the network, on its own input, did not see it."""
        if self.picture:
            return region.left, region.top, region.right, region.bottom
        left, top, right, bottom = box_on_input(framing, region.box(framing.picture))
        box = left / framing.side, top / framing.side, right / framing.side, bottom / framing.side
        return box if _solid(box) else None

    def region(self, framing: Framing, corner: tuple[float, float], opposite: tuple[float, float]) -> Region | None:
        """The region of a box that was drawn from corner to corner; None if nothing of the picture is in it."""
        return Region.between(self._to_picture(framing, corner), self._to_picture(framing, opposite))

    @property
    def _proportion(self) -> float:
        return self.picture[0] / self.picture[1] if self.picture else 1.0

    def _along(self, framing: Framing, axis: int) -> tuple[slice, float, float]:
        side = framing.side
        if not self.picture:
            return slice(0, side), 0.5 / side, 1 / side
        near, far = framing.to_input(0, 0)[axis], framing.to_input(*framing.picture)[axis]
        first, after = max(0, math.ceil(near - 0.5)), min(side, math.ceil(far - 0.5))
        step = 1 / (far - near)
        return slice(first, after), (first + 0.5 - near) * step, step

    def _to_picture(self, framing: Framing, place: tuple[float, float]) -> tuple[float, float]:
        if self.picture:
            return place
        x, y = framing.to_picture(place[0] * framing.side, place[1] * framing.side)
        return x / framing.picture[0], y / framing.picture[1]


def space_of(view: View, picture: Picture | None) -> Space:
    """That of a view; without a picture, each network's own input."""
    return Space(picture.size if picture and view.space == "picture" else None)


def _solid(box: Box) -> bool:
    return box[2] - box[0] > 1e-9 and box[3] - box[1] > 1e-9
