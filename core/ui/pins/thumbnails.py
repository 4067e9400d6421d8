"""Thumbnails of comparisons: the first maps in their colours, in one small strip."""

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor

from core.ui.figure.colours import colouring_of
from core.ui.figure.columns import Column, answers
from core.ui.figure.maps import Map, maps_of
from core.ui.figure.traces import rgb_of
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


def _tiles(columns: Sequence[Column], rules: Sequence[str], view: View) -> list[NDArray[np.uint8]]:
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


def _coloured(shown: Map, seen: NDArray[np.uint8], view: View) -> NDArray[Any]:
    scale, colours = shown.scale, _colours(shown, view)
    shares = np.clip((shown.values - scale.floor) / (scale.ceiling - scale.floor), 0, 1)
    image = colours[np.rint(shares * 255).astype(int)]
    if view.show != "overlay" or seen.shape[:2] != shares.shape:
        return image
    strength = view.opacity * np.sqrt(np.abs(2 * shares - 1) if scale.signed else shares)[..., None]
    return np.rint(image * strength + seen * (1 - strength)).astype(np.uint8)


def _colours(shown: Map, view: View) -> NDArray[np.uint8]:
    """(256, 3), the maps' colours from the low end to the high end."""
    stops = replace(colouring_of(shown, view), opacity=None).by_value()
    colours = np.array([ImageColor.getrgb(colour)[:3] for _, colour in stops])
    places, steps = np.linspace(0, 1, 256), [step for step, _ in stops]
    return np.stack([np.interp(places, steps, colours[:, i]) for i in range(3)], axis=1).round().astype(np.uint8)
