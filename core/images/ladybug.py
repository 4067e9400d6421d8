"""A cat and a ladybug: two animals that every network knows, each in its own part of one picture.

The ladybug is drawn, since scikit-image brings no second animal; it is lit as in a photo, for a flat one is
a gong to networks.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.images.made import made
from core.images.region import Region
from core.values import Picture

Array = NDArray[np.float64]

SIDE = 400  # px of the picture
CAT_REGION, LADYBUG_REGION = Region(0, 0, 1, 0.455), Region(0.67, 0.63, 0.8925, 0.8525)
_CAT_AT = (45, 58)  # px, the part of the photo that is shown
_LAWN = (170, 232, 90)  # the photo of the grass is grey
_RED, _INK, _WHITE = (232, 68, 17), (16, 12, 10), (240, 235, 225)
_AHEAD = (0.9346, 0.3557)  # the way it is turned, (sine, cosine)
_SHADOW = 0.45


def with_ladybug(cat: Picture, grass: Picture) -> Picture:
    """The cat's face above a lawn, on which there is a ladybug."""
    left, top, _, edge = CAT_REGION.pixels((SIDE, SIDE))
    x, y = _CAT_AT
    scene = grass.pixels[:SIDE, :SIDE] / 255 * _LAWN
    scene[top:edge, left:] = cat.pixels[y : y + edge, x : x + SIDE]
    left, top, right, bottom = LADYBUG_REGION.pixels((SIDE, SIDE))
    colours, cover = _ladybug(right - left)
    away = (right - left) // 24
    scene[top + away : bottom + away, left + away : right + away] *= 1 - _SHADOW * cover
    scene[top:bottom, left:right] += (colours - scene[top:bottom, left:right]) * cover
    return made(Image.fromarray(scene.round().astype(np.uint8)))


def _ladybug(side: int) -> tuple[Array, Array]:
    """Its colours, (side, side, 3) in [0, 255], and how much of each pixel it covers, (side, side, 1) in [0, 1]."""
    down, right = (np.mgrid[:side, :side] + 0.5) / side * 2 - 1
    across, along = _AHEAD[1] * right - _AHEAD[0] * down, _AHEAD[0] * right + _AHEAD[1] * down
    colours, cover = np.zeros((side, side, 3)), np.zeros((side, side, 1))

    def paint(depth: Array, colour: tuple[int, int, int], within: Array | float = np.inf) -> None:
        soft = (0.5 + np.minimum(depth, within) * side / 2.4).clip(0, 1)[..., None]
        colours[:] += (colour - colours) * soft
        np.maximum(cover, soft, out=cover)

    def mirrored(shape: Callable[..., Array], x: float, *more: float) -> Array:
        return np.maximum(shape(across, along, x, *more), shape(-across, along, x, *more))

    for hip, foot_x, foot_y in ((-0.3, 0.82, -0.42), (0.05, 0.9, 0.1), (0.35, 0.8, 0.6)):
        paint(mirrored(_leg, 0.4, hip, foot_x, foot_y), _INK)
    paint(_oval(across, along, 0, -0.78, 0.2, 0.15), _INK)  # head
    thorax = _oval(across, along, 0, -0.6, 0.365, 0.24)
    paint(thorax, _INK)
    paint(mirrored(_oval, 0.263, -0.6, 0.13, 0.13), _WHITE, within=thorax - 0.02)
    body = _oval(across, along, 0, 0.1, 0.6, 0.72)
    paint(body, _RED)
    for x, y, radius in ((0.32, -0.2, 0.092), (0.435, 0.22, 0.087), (0.193, 0.5, 0.074)):
        paint(mirrored(_oval, x, y, radius, 1.1 * radius), _INK, within=body)
    paint(_oval(across, along, 0, -0.5, 0.14, 0.16), _INK, within=body)
    paint(0.01 - abs(across), _INK, within=body)
    return _lit(colours, right, down, across, along, body), cover


def _lit(colours: Array, right: Array, down: Array, across: Array, along: Array, body: Array) -> Array:
    """The body as half a ball under a light from the upper left, which shines on it."""
    height = np.sqrt((1 - (across / 0.6) ** 2 - ((along - 0.1) / 0.72) ** 2).clip(0))
    light = 0.37 + 0.63 * (0.72 * height - 0.64 * right - 0.79 * down).clip(0, 1)
    shine = 0.77 * (1 - ((right + 0.2) ** 2 + (down + 0.25) ** 2) / 0.053).clip(0) ** 2
    colours = colours * np.where(body > 0, light, 1)[..., None]
    return colours + (255 - colours) * np.where(body > 0, shine, 0)[..., None]


def _oval(x: Array, y: Array, middle_x: float, middle_y: float, radius_x: float, radius_y: float) -> Array:
    """How deep each place is inside an oval; below 0 outside."""
    return (1 - np.sqrt(((x - middle_x) / radius_x) ** 2 + ((y - middle_y) / radius_y) ** 2)) * min(radius_x, radius_y)


def _leg(x: Array, y: Array, from_x: float, from_y: float, to_x: float, to_y: float) -> Array:
    long, high = to_x - from_x, to_y - from_y
    share = (((x - from_x) * long + (y - from_y) * high) / (long**2 + high**2)).clip(0, 1)
    return 0.03 - np.sqrt((x - from_x - share * long) ** 2 + (y - from_y - share * high) ** 2)
