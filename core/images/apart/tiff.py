"""The first page of a TIFF: of 8 bits by Pillow, upright; of more, number by number (segments.py)."""

import io
import math
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import TiffImagePlugin

from .limits import Refused, check_shape
from .opened import colours, has_other_profile, opened
from .segments import BITS, COMPRESSION, FORMAT, HEIGHT, PHOTOMETRIC, PLANAR, SAMPLES, WIDTH, numbers_in

_SUBFILE, _MAXIMUM, _ORIENTATION, _EXTRA, _SIGNED_MAXIMUM, _DNG = 254, 281, 274, 338, 341, 50706  # tags of TIFF
_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB = 0, 1, 2  # values of PHOTOMETRIC
_PREMULTIPLIED, _ALPHA = 1, 2  # values of _EXTRA
_REDUCED, _SEPARATE = 1, 2  # values of _SUBFILE and PLANAR


def read(source: str) -> tuple[Any, dict[str, Any]]:
    """(height, width, 3 or 4) uint8, or what `_numbers` gives."""
    with open(source, "rb") as file:
        data = file.read()
    tags, pages = _directories(data)
    check_shape(tags.get(WIDTH, 0), tags.get(HEIGHT, 0))
    if _DNG in tags or tags.get(_SUBFILE, 0) & _REDUCED or data[8:10] == b"CR":
        raise Refused("raw")  # of which this page is a preview
    bits, formats = set(tags.get(BITS) or (1,)), set(tags.get(FORMAT) or (1,))
    told: dict[str, Any] = {"frames": pages}
    if tags.get(PHOTOMETRIC) in (_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB) and (max(bits) > 12 or formats != {1}):
        told |= {"orientation": tags.get(_ORIENTATION, 1), "inverted": tags[PHOTOMETRIC] == _WHITE_IS_ZERO}
        return _numbers(numbers_in(data, tags), tags), told | {"ceiling": _ceiling(tags)}
    try:
        image = opened(data)
    except (OSError, KeyError) as error:  # Pillow knows no such numbers, or it is none
        raise Refused("kind") from error
    _check(image, tags)
    image.load()
    if image.mode.startswith("I;16"):  # 12 bits, packed
        return np.array(image), told | {"ceiling": _ceiling(tags) or 2 ** max(bits) - 1}
    return colours(image), told | {
        "deep_colours": max(bits) > 8,
        "for_print": image.mode == "CMYK",
        "other_profile": has_other_profile(image),
    }


def _directories(data: bytes) -> tuple[Any, int]:
    """The tags of the first page, and how many pages there are."""
    large = b"+" in data[2:4]  # BigTIFF, of which Pillow knows the little-endian
    try:
        tags = TiffImagePlugin.ImageFileDirectory_v2(data[: 16 if large else 8])
        file = io.BytesIO(data)
        file.seek(tags.next)
        tags.load(file)
    except (SyntaxError, struct.error) as error:
        raise Refused("kind") from error
    order, after = ">" if tags.prefix == b"MM" else "<", tags.next
    seen = {0}
    while after not in seen and after < len(data):
        seen.add(after)
        after = _next(data, after, order, large=large)
    return tags, len(seen)


def _next(data: bytes, at: int, order: str, *, large: bool) -> int:
    """Where the directory after the one at a place is; 0 for none."""
    try:
        (entries,) = struct.unpack_from(f"{order}{'Q' if large else 'H'}", data, at)
        end = at + (8 + 20 * entries if large else 2 + 12 * entries)
        return int(struct.unpack_from(f"{order}{'Q' if large else 'I'}", data, end)[0])
    except struct.error:
        return 0


def _numbers(numbers: NDArray[Any], tags: Any) -> NDArray[Any]:  # noqa: ANN401
    """(height, width) or (height, width, 2, 3 or 4): grey or colours, and alpha if there is some, not premultiplied."""
    count = 3 if tags[PHOTOMETRIC] == _RGB else 1
    extra = tuple(tags.get(_EXTRA) or ())[: numbers.shape[2] - count]
    clear = next((place for place, kind in enumerate(extra) if kind in (_PREMULTIPLIED, _ALPHA)), None)
    if numbers.shape[2] < count or (clear is None and count == 1 < numbers.shape[2]):
        raise Refused("kind")  # one of several bands would not be the picture
    if clear is None:
        return numbers[..., :3] if count == 3 else numbers[..., 0]
    if numbers.dtype.kind == "i":
        raise Refused("kind")
    shown, alpha = numbers[..., :count], numbers[..., count + clear, None]
    if extra[clear] == _PREMULTIPLIED:
        shown = _divided(shown, alpha)
    return np.concatenate([shown, alpha], axis=2)


def _divided(shown: NDArray[Any], alpha: NDArray[Any]) -> NDArray[Any]:
    """Colours before they were multiplied with their alpha; what is clear is black."""
    most = np.iinfo(shown.dtype).max if shown.dtype.kind == "u" else 1
    with np.errstate(all="ignore"):
        share = np.nan_to_num(shown / (alpha / most), nan=0, posinf=0)
    return share.astype(shown.dtype) if shown.dtype.kind == "f" else np.rint(share).clip(0, most).astype(shown.dtype)


def _check(image: Any, tags: Any) -> None:  # noqa: ANN401
    """Refuse what Pillow takes for other numbers, and parts of several that it would show alone."""
    formats, deep = set(tags.get(FORMAT) or (1,)), max(tags.get(BITS) or (1,)) > 8
    apart = tags.get(PLANAR) == _SEPARATE and deep and tags.get(COMPRESSION, 1) == 1
    alone = len(image.getbands()) == 1 and tags.get(SAMPLES, 1) > 1
    if image.format != "TIFF" or apart or alone or formats != {1}:
        raise Refused("kind")


def _ceiling(tags: Any) -> float | None:  # noqa: ANN401
    """The largest value that a sample may have, as the file says."""
    for tag in (_SIGNED_MAXIMUM, _MAXIMUM):
        said = tags.get(tag)
        values = said if isinstance(said, tuple) and said else (said,)
        if all(isinstance(value, int | float) and math.isfinite(value) for value in values):
            return float(max(values))
    return None
