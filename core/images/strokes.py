"""Strokes: a row of signs that mean nothing, drawn thinly over a photo, as a watermark in Chinese script lies there.

Classifiers of ImageNet take such watermarks for cartons, which often bear them there (Li et al. 2023, "A Whac-A-Mole
dilemma", arXiv:2212.04825).
"""

import numpy as np
from PIL import Image, ImageDraw

from core.images.made import made, square
from core.images.region import Region
from core.values import Picture

STROKES_REGION = Region(0.02, 0.41, 0.98, 0.59)  # of the square
CARTON = 478  # the class of ImageNet that they pull towards
_SIDE = 448  # px of what is drawn on: twice what networks see
_SIGNS, _SIZE, _WIDTH = 6, 72, 4  # px there: 36 and 2 of what networks see
_STROKES = (4, 8)  # of a sign, from and to
_LIGHT = 0.5
_SEED = 0


def with_strokes(picture: Picture) -> Picture:
    """The square in the middle of a picture, with six signs across its middle, white at a half."""
    photo = square(picture).resize((_SIDE, _SIDE), Image.Resampling.BICUBIC)
    mask = Image.new("L", photo.size)
    draw, rng = ImageDraw.Draw(mask), np.random.default_rng(_SEED)
    step = _SIDE / _SIGNS
    for sign in range(_SIGNS):
        left, top = sign * step + (step - _SIZE) / 2, (_SIDE - _SIZE) / 2
        for _ in range(int(rng.integers(*_STROKES))):
            draw.line(_stroke(rng, left, top), fill=round(255 * _LIGHT), width=_WIDTH)
    photo.paste(Image.new("RGB", photo.size, "white"), mask=mask)
    return made(photo)


def _stroke(rng: np.random.Generator, left: float, top: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """Most are level or upright, as brushes draw them; some are slanted."""
    (x, y), length = rng.uniform(0, _SIZE, 2), rng.uniform(0.4, 1) * _SIZE
    match int(rng.integers(3)):
        case 0:
            begin, end = (max(0.0, x - length / 2), y), (min(float(_SIZE), x + length / 2), y)
        case 1:
            begin, end = (x, max(0.0, y - length / 2)), (x, min(float(_SIZE), y + length / 2))
        case _:
            begin, end = (x, y), tuple(rng.uniform(0, _SIZE, 2))
    return (left + begin[0], top + begin[1]), (left + end[0], top + end[1])
