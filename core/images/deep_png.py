"""PNG of 16 bits, to the last of them, and what such a file says of how many of them count.

Pillow reads colours of 16 bits by their upper bytes alone. The lower ones are read in a second pass, as the upper bytes
of numbers in the other byte order; grey with alpha, as four bytes.
"""

import struct
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.images.raw import Raw

_OTHER_ORDER = {"RGB;16B": "RGB;16L", "RGBA;16B": "RGBA;16L"}  # Pillow's names of what a file has
_GREY, _GREY_ALPHA = "I;16B", "LA;16B"


def is_deep(image: Image.Image) -> bool:
    """Whether a picture that Pillow has opened is a PNG of 16 bits."""
    return image.format == "PNG" and ";16" in _stored_as(image)


def read_deep(image: Image.Image, data: bytes) -> Raw:
    """The values of a picture that `is_deep`, opened from the data and not yet loaded, as stored: see Raw.orientation.

    Raises whatever Pillow raises.
    """
    name = _stored_as(image)
    if name == _GREY_ALPHA:
        values = np.ascontiguousarray(_loaded(image, "RGBA")).view(">u2").astype(np.uint16)
    elif name == _GREY:
        image.load()
        values = np.array(image).astype(np.uint16, copy=False)
    else:
        values = _loaded(image, name).astype(np.uint16)
        values <<= 8
        with Image.open(BytesIO(data), formats=["PNG"]) as again:
            values |= _loaded(again, _OTHER_ORDER[name])
    colours = 1 if name in (_GREY, _GREY_ALPHA) else 3
    raw = Raw(_with_alpha(values, image.info.get("transparency")))
    return Raw(raw.pixels, ceiling=_ceiling(raw.shown, max(_significant(data)[:colours], default=0)))


def _stored_as(image: Image.Image) -> str:
    """Pillow's name of how the numbers of a PNG are stored."""
    tiles: list[Any] = getattr(image, "tile", [])
    return str(tiles[0].args) if tiles else ""


def _loaded(image: Any, name: str) -> NDArray[np.uint8]:  # noqa: ANN401
    """(height, width, 3 or 4), as if the numbers were stored under this name."""
    image.tile = [tile._replace(args=name) for tile in image.tile]
    image.load()
    return np.asarray(image)


def _with_alpha(values: NDArray[np.uint16], clear: int | tuple[int, ...] | None) -> NDArray[np.uint16]:
    """With alpha where one value, or one colour, means transparent."""
    if clear is None or (values.ndim == 3 and values.shape[2] in (2, 4)):
        return values
    values = values.reshape(*values.shape[:2], -1)
    alpha = (values != np.asarray(clear)).any(axis=2, keepdims=True).astype(np.uint16) * np.uint16(65535)
    return np.concatenate([values, alpha], axis=2)


def _significant(data: bytes) -> bytes:
    """The significant bits of each colour (PNG specification, 11.3.2.6); none if the file does not say."""
    place = 8
    while place + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, place)
        if name == b"sBIT":
            return data[place + 8 : place + 8 + min(length, 4)]
        if name == b"IDAT":
            break
        place += 12 + length
    return b""


def _ceiling(values: NDArray[np.generic], bits: int) -> float | None:
    """The largest value there may be, of so many bits; None where that is not said.

    By the specification they are the upper ones of 16, but many files have them below: such values, where they are
    small enough, have bits set that no others would.
    """
    if not 0 < bits <= 16:
        return None
    above = values.max() < 2**bits and not (values.astype(np.uint16, copy=False) & (2 ** (16 - bits) - 1)).any()
    return 65535.0 if above and values.any() else 2.0**bits - 1
