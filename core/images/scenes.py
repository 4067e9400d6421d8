"""Scenes: faint silhouettes on photos, of four classes, with or without a photographer's line. Drawn, so nobody's.

A task that a network can learn by its shapes, or by the line where one class always has it: a clever Hans (Lapuschkin
et al. 2019, arXiv:1902.10178). The photos are scikit-image's, CC0 or in the public domain by its documentation.
"""

from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageOps

from core.images.made import made
from core.images.region import Region
from core.images.stamp import STAMP_REGION, put_stamp
from core.values import Picture

KINDS = ("horse", "house", "tree", "ball")
SIDE = 256  # px of a scene
PHOTOS = ("chelsea.png", "coffee.png", "grass.png", "rocket.jpg", "hubble_deep_field.jpg", "brick.png", "astronaut.png")

_SHAPE = 200  # px that a shape is drawn on
_JITTER = 3  # px that a line may be off its place, to each side
_OFF = (_JITTER + 1) / SIDE  # rounding
LINE_REGION = Region(  # where a line lies, wherever it lies
    STAMP_REGION.left - _OFF, STAMP_REGION.top - _OFF, STAMP_REGION.right + _OFF, STAMP_REGION.bottom + _OFF
)


def scene(kind: str, seed: int, *, stamped: bool = False) -> Picture:
    """The same arguments give the same scene; with and without a stamp it is the same but for that."""
    rng = np.random.default_rng((KINDS.index(kind), seed))
    ground = _ground(rng)
    shape = _placed(_silhouette(kind, rng), rng)
    opacity, colour = rng.uniform(0.45, 0.85), tuple(int(value) for value in rng.integers(0, 256, 3))
    ground.paste(Image.new("RGB", ground.size, colour), mask=shape.point(lambda value: round(value * opacity)))
    x, y = (int(value) for value in rng.integers(-_JITTER, _JITTER + 1, 2))
    if stamped:
        left, top, right, bottom = STAMP_REGION.pixels(ground.size)
        put_stamp(ground, (left + x, top + y, right + x, bottom + y))
    return made(ground)


def _ground(rng: np.random.Generator) -> Image.Image:
    """A square anywhere in one of the photos, of any size."""
    photo = _photo(PHOTOS[rng.integers(len(PHOTOS))])
    side = int(rng.integers(110, min(photo.size)))
    left, top = (int(rng.integers(length - side + 1)) for length in photo.size)
    return photo.crop((left, top, left + side, top + side)).resize((SIDE, SIDE), Image.Resampling.BICUBIC)


def _placed(shape: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Tilted and somewhere, wholly inside, on a mask of the scene's size."""
    side = int(rng.integers(90, 170))
    shape = shape.resize((side, side)).rotate(float(rng.uniform(-20, 20)), expand=True)
    mask = Image.new("L", (SIDE, SIDE))
    left, top = (int(rng.integers(10, max(11, SIDE - 10 - length))) for length in shape.size)
    mask.paste(shape, (left, top))
    return mask


def _silhouette(kind: str, rng: np.random.Generator) -> Image.Image:
    mask = Image.new("L", (_SHAPE, _SHAPE))
    draw, middle = ImageDraw.Draw(mask), _SHAPE // 2
    match kind:
        case "horse":
            outline = ImageOps.contain(_horse(), (190, 190))
            mask.paste(outline, (middle - outline.width // 2, middle - outline.height // 2))
        case "house":
            eaves = int(rng.integers(60, 95))
            draw.rectangle((35, eaves, 165, 185), fill=255)
            draw.polygon(((20, eaves), (middle, 15), (180, eaves)), fill=255)
        case "tree":
            draw.rectangle((88, 130, 112, 192), fill=255)
            for tier in range(int(rng.integers(2, 4))):
                top, half = 15 + 40 * tier, 40 + 18 * tier
                draw.polygon(((middle, top), (middle - half, top + 75), (middle + half, top + 75)), fill=255)
        case "ball":
            radius = int(rng.integers(70, 90))
            box = (middle - radius, middle - radius, middle + radius, middle + radius)
            draw.ellipse(box, fill=255)
            draw.arc((box[0], 60, box[2], 140), 0, 180, fill=0, width=9)
    return mask


@cache
def _photo(name: str) -> Image.Image:
    return _opened(name).convert("RGB")


@cache
def _horse() -> Image.Image:
    """scikit-image's outline (Andreas Preuss, CC0), white on black, without the rim around it."""
    outline = _opened("horse.png").convert("L").point(lambda value: 255 * (value < 128))
    return outline.crop(outline.getbbox())


def _opened(name: str) -> Image.Image:
    return Image.open(BytesIO((files("skimage") / "data" / name).read_bytes()))
