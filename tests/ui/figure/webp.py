"""Pictures as WebP."""

from io import BytesIO

from PIL import Image


def webp_of(image: Image.Image) -> bytes:
    """Its file."""
    written = BytesIO()
    image.save(written, "WEBP")
    return written.getvalue()
