"""What made pictures have in common: they are square, and the same bytes wherever they are made."""

from io import BytesIO

from PIL import Image

from core.images.decode import decode_image
from core.values import Picture


def made(photo: Image.Image) -> Picture:
    """A picture of our own making; its digest is that of it written as BMP, which no library's version compresses."""
    encoded = BytesIO()
    photo.save(encoded, "BMP")
    return decode_image(encoded.getvalue())


def square(picture: Picture) -> Image.Image:
    """The square in the middle, to which networks crop: whatever is drawn near its edge is seen."""
    photo = Image.fromarray(picture.pixels)
    side = min(photo.size)
    left, top = (photo.width - side) // 2, (photo.height - side) // 2
    return photo.crop((left, top, left + side, top + side))
