"""Thumbnails of comparisons: the first maps in their colours, in one small strip."""

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor

from core.selection import Selection
from core.ui.figure.colours import colouring_of
from core.ui.figure.maps import Column, Map, maps_of
from core.ui.figure.traces import rgb_of

SIDE = 72  # px of one panel, drawn at twice that
_PANELS = 3
_GAP = 4


def thumbnail(slots: Sequence[Column], selection: Selection) -> bytes:
    """A PNG: what the first network saw, and the first maps; grey in their stead where there are none."""
    tiles = _tiles(slots, selection)
    side = 2 * SIDE
    strip = Image.new("RGBA", (_PANELS * side + (_PANELS - 1) * _GAP, side))
    for index in range(_PANELS):
        tile = Image.fromarray(tiles[index]) if index < len(tiles) else Image.new("RGB", (1, 1), "#8a8a84")
        strip.paste(tile.resize((side, side), Image.Resampling.BILINEAR), (index * (side + _GAP), 0))
    buffer = io.BytesIO()
    strip.save(buffer, "PNG")
    return buffer.getvalue()


def _tiles(slots: Sequence[Column], selection: Selection) -> list[NDArray[np.uint8]]:
    """(height, width, 3) each; what was seen comes first."""
    explanations = {slot.network: slot.explanation for slot in slots if slot.explanation}
    seen = [explanation.seen for explanation in explanations.values()]
    maps = maps_of(slots, selection)
    shown = [panel for panel in maps if panel[0] in explanations][: _PANELS - 1]
    if selection.show == "channels":
        rgb = (rgb_of(explanations[name].attributions[rule], maps[name, rule].scale) for name, rule in shown)
        return [*seen[:1], *rgb]
    colours = _colours(selection)
    return [*seen[:1], *(_coloured(maps[panel], explanations[panel[0]].seen, colours, selection) for panel in shown)]


def _coloured(shown: Map, seen: NDArray[np.uint8], colours: NDArray[np.uint8], selection: Selection) -> NDArray[Any]:
    scale = shown.scale
    shares = np.clip((shown.values - scale.floor) / (scale.ceiling - scale.floor), 0, 1)
    image = colours[np.rint(shares * 255).astype(int)]
    if selection.show != "overlay" or seen.shape[:2] != shares.shape:
        return image
    strength = selection.opacity * np.sqrt(np.abs(2 * shares - 1) if scale.signed else shares)[..., None]
    return np.rint(image * strength + seen * (1 - strength)).astype(np.uint8)


def _colours(selection: Selection) -> NDArray[np.uint8]:
    """(256, 3), the maps' colours from the low end to the high end."""
    stops = replace(colouring_of(selection), opacity=None).by_value()
    colours = np.array([ImageColor.getrgb(colour)[:3] for _, colour in stops])
    places, steps = np.linspace(0, 1, 256), [step for step, _ in stops]
    return np.stack([np.interp(places, steps, colours[:, i]) for i in range(3)], axis=1).round().astype(np.uint8)
