"""Reference maps: maps of a picture that know no network, as controls to hold the others against.

Also known as control or baseline maps. A reference is a row of the table; figures and tools ask the same function.
"""

import hashlib
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from core.runtime.shared_cache import SharedCache
from core.values import Pixels

_BLOB = 0.35  # standard deviation, of half a side
_HELD = 8 * 2**20  # bytes, about 40 maps


@dataclass(frozen=True, slots=True)
class Reference:
    """title, short: its name, in full and in one word. what, symbol: what its values are, in words and in short.

    make: (height, width, 3) pixels and a seed -> (height, width) float32, >= 0. alarm: what it means for a map of a
    network to be nearly this one; "" if nothing.
    """

    title: str
    short: str
    what: str
    symbol: str
    make: Callable[[Pixels, int], NDArray[np.float32]]
    alarm: str = ""


def edges(pixels: Pixels) -> NDArray[np.float32]:
    """What an edge detector marks: Sobel magnitude of luminance, (height, width), >= 0."""
    from skimage.color import rgb2gray  # half a second, with scipy: names are known before
    from skimage.filters import sobel

    return sobel(rgb2gray(pixels)).astype(np.float32)


def random_map(shape: tuple[int, int], seed: int) -> NDArray[np.float32]:
    """What chance marks: magnitudes of independent normal values, >= 0, fixed by the seed."""
    return np.abs(np.random.default_rng(seed).standard_normal(shape, dtype=np.float32))


def centre(shape: tuple[int, int]) -> NDArray[np.float32]:
    """What somebody marks who knows that things are photographed in the middle: a round blob there, from 0 to 1."""
    down, across = (np.linspace(-1, 1, side)[:, None] / _BLOB for side in shape)
    return np.exp(-(down**2 + across.T**2) / 2).astype(np.float32)


REFERENCES: dict[str, Reference] = {
    "edges": Reference(
        title="Edges (Sobel)",
        short="Edges",
        what="edges of the input",
        symbol="Sobel",
        make=lambda pixels, seed: edges(pixels),
        alarm="This map is nearly that of an edge detector, which knows neither network nor class "
        "(Adebayo et al. 2018, arXiv:1810.03292).",
    ),
    "random": Reference(
        title="Random noise",
        short="Random",
        what="random numbers",
        symbol="|noise|",
        make=lambda pixels, seed: random_map((pixels.shape[0], pixels.shape[1]), seed),
    ),
    "centre": Reference(
        title="Blob in the middle",
        short="Middle",
        what="nearness to the middle",
        symbol="blob",
        make=lambda pixels, seed: centre((pixels.shape[0], pixels.shape[1])),
    ),
}
_made: SharedCache[tuple[str, str, int], NDArray[np.float32]] = SharedCache(_HELD)


def reference_map(name: str, seen: Pixels, network: str) -> NDArray[np.float32]:
    """A reference's map of what one network saw, (side, side); the same whoever asks, kept for the next time.

    Each network has random numbers of its own, the same for every picture.
    """
    seed = zlib.crc32(network.encode())
    key = name, hashlib.sha256(seen.tobytes()).hexdigest(), seed
    return _made.make(key, partial(REFERENCES[name].make, seen, seed))
