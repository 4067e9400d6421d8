"""Photos as data addresses, which a figure carries within itself; made once, and kept for the next repaint."""

import base64
import hashlib
import io
import math
from dataclasses import dataclass
from typing import Any

from PIL import Image

from core.images.made import square
from core.runtime.shared_cache import SharedCache
from core.values import Picture, Pixels

PIXELS = 600_000  # of a picture that a figure shows once
_HELD = 8 * 2**20  # bytes, a few hundred photos
_FEW = 96 * 96  # pixels
_STEP = 24  # of a wave's strength in a JPEG's square of 8 x 8 pixels, where a colour has 256


@dataclass(frozen=True, slots=True)
class Photo:
    """source: a data address. size: (width, height) in pixels."""

    source: str
    size: tuple[int, int]

    @property
    def nbytes(self) -> int:
        """Bytes of the address."""
        return len(self.source)


_photos: SharedCache[tuple[str, str | int], Photo] = SharedCache(_HELD)


def photo_of_input(pixels: Pixels) -> Photo:
    """What a network saw, pixel by pixel."""
    digest = hashlib.sha256(pixels.tobytes()).hexdigest()
    return _photos.make((digest, 0), lambda: _photo(Image.fromarray(pixels), "webp", quality=75))


def photo_of_picture(picture: Picture, most: int) -> Photo:
    """The picture itself, made smaller if it has more than `most` pixels."""

    def make() -> Photo:
        image, (width, height) = Image.fromarray(picture.pixels), picture.size
        share = math.sqrt(most / (width * height))
        if share < 1:
            size = max(1, round(width * share)), max(1, round(height * share))
            image = image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2)
        return _photo(image, "webp", quality=75)

    return _photos.make((picture.digest, most), make)


def photo_of_middle(picture: Picture, side: int) -> Photo:
    """A thumbnail: the square in the middle of a picture, side by side pixels."""

    def make() -> Photo:
        return _photo(square(picture).resize((side, side), Image.Resampling.LANCZOS), "webp", quality=75)

    return _photos.make((picture.digest, f"middle {side}"), make)


def photo_of_colours(pixels: Pixels) -> Photo:
    """Colours that mean values: exact."""
    return _photo(Image.fromarray(pixels), "png", compress_level=1)


def photo_of_gradients(pixels: Pixels) -> Photo:
    """Colours of gradients: exact if they are few, so that each is seen alone; else in a third of the bytes.

    Those are noise, in which an eye cannot tell them from the exact ones (about 32 dB): each colour by itself and all
    fineness alike, so that where there is nothing it stays grey. Values are read from elsewhere.
    """
    if pixels.size <= 3 * _FEW:
        return photo_of_colours(pixels)
    return _photo(Image.fromarray(pixels), "jpeg", qtables=[[_STEP] * 64], keep_rgb=True, subsampling=0, optimize=True)


def _photo(image: Image.Image, kind: str, **settings: Any) -> Photo:  # noqa: ANN401
    buffer = io.BytesIO()
    image.save(buffer, kind, **settings)
    return Photo(f"data:image/{kind};base64,{base64.b64encode(buffer.getvalue()).decode()}", image.size)
