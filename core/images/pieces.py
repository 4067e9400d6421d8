"""Pieces: a picture cut up and laid out anew, so that its parts are all there and its shape is gone.

Networks that see small parts only do nearly as well as others on ImageNet (Brendel and Bethge 2019, arXiv:1904.00760).
"""

import numpy as np
from PIL import Image

from core.images.made import made, square
from core.values import Picture

_ORDER = (8, 7, 1, 11, 10, 0, 4, 9, 5, 13, 6, 14, 15, 3, 12, 2)  # none in its place, no two that fit together


def in_pieces(picture: Picture) -> Picture:
    """The square in the middle of a picture as four by four pieces in _ORDER; what is left of an edge is left out."""
    pixels = np.asarray(square(picture))
    side = len(pixels) // 4
    whole = pixels[: 4 * side, : 4 * side]
    pieces = whole.reshape(4, side, 4, side, 3).swapaxes(1, 2).reshape(16, side, side, 3)
    mixed = pieces[list(_ORDER)].reshape(4, 4, side, side, 3).swapaxes(1, 2).reshape(whole.shape)
    return made(Image.fromarray(mixed))
