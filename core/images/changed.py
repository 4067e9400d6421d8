"""What a picture of 8 bits loses, or has otherwise, once it is RGB: in sentences."""

from collections.abc import Iterator

from PIL import Image

from core.images.apart.ask import FOR_PRINT, UPPER_BITS

_PROFILE = "Its colour profile is not applied, as networks are trained: other programs may show its colours otherwise."
_SRGB = b"sRGB", "sRGB".encode("utf-16-be")  # as profiles spell it


def changed(image: Image.Image, data: bytes) -> Iterator[str]:
    """A sentence each, of an opened picture and its file."""
    if image.mode == "CMYK":
        yield FOR_PRINT
    elif (profile := image.info.get("icc_profile")) and not any(name in profile for name in _SRGB):
        yield _PROFILE
    if image.format == "AVIF" and _is_deep(data):
        yield UPPER_BITS


def _is_deep(avif: bytes) -> bool:
    """Whether its AV1 configuration (the box av1C) says high_bitdepth: 10 or 12 bits, of which Pillow gives 8."""
    place = avif.find(b"av1C") + 6
    return 6 <= place < len(avif) and bool(avif[place] & 0x40)
