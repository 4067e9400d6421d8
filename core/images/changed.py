"""What a picture that Pillow opens loses, or has otherwise, once it is RGB: in sentences."""

from collections.abc import Iterator

from PIL import Image

from core.images.apart.ask import FOR_PRINT, OTHER_PROFILE, UPPER_BITS
from core.images.apart.opened import has_other_profile


def changed(image: Image.Image, data: bytes) -> Iterator[str]:
    """A sentence each, of an opened picture and its file."""
    if image.mode == "CMYK":
        yield FOR_PRINT
    elif has_other_profile(image):
        yield OTHER_PROFILE
    if image.format == "AVIF" and _is_deep(data):
        yield UPPER_BITS


def _is_deep(avif: bytes) -> bool:
    """Whether its AV1 configuration (the box av1C) says high_bitdepth: 10 or 12 bits, of which Pillow gives 8."""
    place = avif.find(b"av1C") + 6
    return 6 <= place < len(avif) and bool(avif[place] & 0x40)
