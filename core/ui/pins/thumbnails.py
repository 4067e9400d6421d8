"""Thumbnails of comparisons: the first maps in their colours, in one small strip."""

import io
from collections.abc import Sequence

from PIL import Image

from core.ui.figure.columns import Column, answers
from core.ui.figure.maps import Map, maps_of
from core.ui.figure.painted import laid_over, painted
from core.ui.figure.traces import rgb_of
from core.values import Pixels
from core.view import View

SIDE = 72  # px of one panel, drawn at twice that
_PANELS = 3
_GAP = 4


def thumbnail(columns: Sequence[Column], rules: Sequence[str], view: View) -> bytes:
    """A PNG: what the first network saw, and the first maps; grey in their stead where there are none."""
    tiles = _tiles(columns, rules, view)
    side = 2 * SIDE
    strip = Image.new("RGBA", (_PANELS * side + (_PANELS - 1) * _GAP, side))
    for index in range(_PANELS):
        tile = Image.fromarray(tiles[index]) if index < len(tiles) else Image.new("RGB", (1, 1), "#8a8a84")
        strip.paste(tile.resize((side, side), Image.Resampling.BILINEAR), (index * (side + _GAP), 0))
    buffer = io.BytesIO()
    strip.save(buffer, "PNG")
    return buffer.getvalue()


def _tiles(columns: Sequence[Column], rules: Sequence[str], view: View) -> list[Pixels]:
    """(height, width, 3) each; what was seen comes first."""
    seen = [answer.seen for answer in answers(columns)]
    shown = [
        (answer, rule, each)
        for (place, rule), each in maps_of(columns, rules, view).items()
        if (answer := columns[place].explanation)
    ][: _PANELS - 1]
    tiles = (
        rgb_of(answer.attributions[rule], each.scale) if each.in_colours else _coloured(each, answer.seen, view)
        for answer, rule, each in shown
    )
    return [*seen[:1], *tiles]


def _coloured(shown: Map, seen: Pixels, view: View) -> Pixels:
    over = view.show == "overlay" and seen.shape[:2] == shown.values.shape
    return laid_over(shown, seen, view) if over else painted(shown, view)
