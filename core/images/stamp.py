"""Stamp: a photographer's line drawn into a photo, something to look for that is not the object.

Networks learn such lines where they come with a class: the copyright stamps of Pascal VOC's horses (Lapuschkin et al.
2019, arXiv:1902.10178).
"""

from PIL import Image, ImageDraw, ImageFont

from core.images.made import made, square
from core.images.region import Region
from core.values import Picture

STAMP_REGION = Region(0.08, 0.84, 0.58, 0.92)  # seen by all networks: inside what every recipe crops from a square
_TEXT = "© PHOTO ARCHIVE"
_LIGHT = 0.75  # of the banner is white, the rest is the photo
_LETTERS = 0.62  # of the banner's height is the size of the font
_INK = "#3a3a3a"


def stamped(picture: Picture) -> Picture:
    """The square in the middle of a picture, stamped at STAMP_REGION of the square."""
    photo = square(picture)
    put_stamp(photo, STAMP_REGION.pixels(photo.size))
    return made(photo)


def put_stamp(photo: Image.Image, box: tuple[int, int, int, int]) -> None:
    """Draw a light banner with dark text into a photo; box: its left, top, right and bottom in pixels."""
    left, top, right, bottom = box
    white = Image.new("RGB", (right - left, bottom - top), "white")
    banner = Image.blend(photo.crop(box), white, _LIGHT)
    font = ImageFont.load_default(_LETTERS * banner.height)
    ImageDraw.Draw(banner).text((banner.width / 2, banner.height / 2), _TEXT, _INK, font, anchor="mm")
    photo.paste(banner, (left, top))
