"""The pieces: all there, none where it was, no two that fit together."""

import numpy as np
import pytest

from core.images.pieces import in_pieces
from core.values import Picture


def numbered(side):
    """A picture whose four by four pieces are of the colours 0 to 15."""
    places = np.arange(side) * 4 // side
    return Picture(np.repeat((4 * places[:, None] + places)[..., None], 3, axis=2).astype(np.uint8), "numbered")


def test_every_piece_is_there_once_and_whole():
    pieces = in_pieces(numbered(80)).pixels.reshape(4, 20, 4, 20, 3).swapaxes(1, 2).reshape(16, -1)
    assert (pieces == pieces[:, :1]).all()
    assert sorted(pieces[:, 0]) == list(range(16))


def test_no_piece_is_where_it_was_and_no_two_fit_together():
    order = in_pieces(numbered(80)).pixels[::20, ::20, 0].astype(int)
    assert (order != np.arange(16).reshape(4, 4)).all()
    inner = order[:, :-1] % 4 != 3  # a piece at the right edge fits nothing on its right
    assert not ((order[:, 1:] - order[:, :-1] == 1) & inner).any()
    assert not (order[1:] - order[:-1] == 4).any()


@pytest.mark.parametrize(("width", "height"), [(451, 300), (83, 120), (224, 224)])
def test_the_pieces_are_of_the_middle_square(width, height):
    pixels = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
    side = min(width, height) // 4 * 4
    assert in_pieces(Picture(pixels, "photo")).pixels.shape == (side, side, 3)
