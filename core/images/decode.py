"""Bytes from a stranger to a Picture: judged by content, bounded before decoding, upright, 8-bit RGB.

TIFF is left out on purpose: its many compressions are where image libraries break most often.
"""

import hashlib
import math
import re
import threading
from contextlib import nullcontext
from io import BytesIO

import numpy as np
from PIL import ExifTags, Image

from core.errors import ImageError
from core.values import Picture

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "AVIF")
MAX_BYTES = 15_000_000
MAX_PIXELS = 60_000_000
MAX_ASPECT = 40  # longer side over shorter side
MAX_SIDE = 4096  # larger pictures are reduced to this after decoding
LARGE = 16_000_000  # pixels; while it is decoded, a picture may need 12 bytes for each
MAX_SCANNED = 6_000_000_000  # pixels times scans of a JPEG: a few bytes can ask for one more pass over all

_large_pictures = threading.Lock()  # one at a time, so that several visitors cannot use up the memory

_ACCEPTED = "JPEG, PNG, WebP, GIF, BMP or AVIF"
_DAMAGED = "The picture is damaged or incomplete: save or download it again, or choose another one."
_WEB_PAGE = "This is a web page, not a picture: save the picture itself and use that file."

_OTHER_FORMATS = {
    "a PDF document": rb"%PDF-",
    "a HEIC photo": rb"....ftyp(hei[cmsx]|hev[cmsx]|mif1|msf1)",
    "a JPEG XL picture": rb"\xff\x0a|\x00\x00\x00\x0cJXL ",
    "a JPEG 2000 picture": rb"\xff\x4f\xff\x51|\x00\x00\x00\x0cjP  ",
    "a TIFF picture": rb"II[*+]\x00|MM\x00[*+]",
    "a Photoshop picture": rb"8BPS",
}
_BROKEN_FORMATS = rb"\xff\xd8\xff|\x89PNG|GIF8|RIFF....WEBP|....ftypavi[fs]"

_UPRIGHT = {  # EXIF orientation -> what turns the stored picture upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def decode_image(data: bytes) -> Picture:
    """Decode one picture; its kind is decided by the bytes, never by a name.

    Upright by EXIF, transparent parts on white, 16 bits scaled to 8, the first frame of an animation, no side
    longer than MAX_SIDE; what had to be decided is in `notices`. Metadata and colour profile are dropped.
    Raises ImageError for anything else, and for more than MAX_BYTES, MAX_PIXELS or MAX_ASPECT, which are
    checked before any pixel is decoded.
    """
    data = bytes(data)
    if not data:
        raise ImageError("The file is empty: choose another one.")
    if len(data) > MAX_BYTES:
        raise ImageError(
            f"The file has {len(data) / 1e6:.1f} MB and at most {MAX_BYTES / 1e6:.0f} MB are accepted: "
            "save the picture smaller and try again."
        )
    with _open(data) as image:
        _check_shape(*image.size)
        scans = data.count(b"\xff\xda") if image.format in ("JPEG", "MPO") else 1
        if scans * math.prod(image.size) > MAX_SCANNED:
            raise ImageError("This JPEG would take too long to decode: save it again as JPEG or PNG.")
        # Pillow's decoders meet damage with whatever exception it leads to, so no list of them is complete.
        try:
            with _large_pictures if math.prod(image.size) > LARGE else nullcontext():
                pixels, notices = _pixels(image)
        except Exception as error:
            raise ImageError(_DAMAGED) from error
    return Picture(pixels, hashlib.sha256(data).hexdigest(), notices)


def looks_like_web_page(data: bytes) -> bool:
    """Whether the bytes begin like HTML (an SVG drawing does not)."""
    return _markup(data) == "html"


def _open(data: bytes) -> Image.Image:
    try:
        return Image.open(BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ImageError(_too_many_pixels("far too many")) from error
    except Exception as error:  # see decode_image
        raise ImageError(_what_it_is(data)) from error


def _check_shape(width: int, height: int) -> None:
    shorter, longer = sorted((width, height))
    if width * height > MAX_PIXELS:
        raise ImageError(_too_many_pixels(f"{width} by {height}"))
    if longer > MAX_ASPECT * shorter:
        raise ImageError(f"The picture is too long and thin ({width} by {height} pixels): crop it.")


def _too_many_pixels(pixels: str) -> str:
    limit = f"{MAX_PIXELS / 1e6:.0f} million"
    return f"The picture has {pixels} pixels and at most {limit} are accepted: make it smaller."


def _what_it_is(data: bytes) -> str:
    """One sentence on bytes that no accepted decoder knows."""
    head = data[:1024]
    for name, pattern in _OTHER_FORMATS.items():
        if re.match(pattern, head, re.DOTALL):
            return f"This is {name}, which cannot be read here: export it as PNG or JPEG."
    if re.match(_BROKEN_FORMATS, head, re.DOTALL):
        return _DAMAGED
    match _markup(head):
        case "svg":
            return "This is an SVG drawing, which cannot be read here: export it as PNG or JPEG."
        case "html":
            return _WEB_PAGE
    if not re.search(rb"[\x00-\x08\x0e-\x1f]", head):
        return f"This is text, not a picture: choose a {_ACCEPTED} file."
    return f"This is not a picture that can be read here: choose a {_ACCEPTED} file."


def _markup(data: bytes) -> str | None:
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    found = re.search(rb"<(svg|html|!doctype html|head|body|title|script)\b", head)
    if not head.startswith(b"<") or found is None:
        return None
    return "svg" if found[1] == b"svg" else "html"


def _pixels(image: Image.Image) -> tuple[np.ndarray, tuple[str, ...]]:
    """(height, width, 3) uint8 of an opened picture, and the notices; raises whatever Pillow raises."""
    notices = []
    # Photos of many telephones are MPO: a JPEG followed by a preview or a gain map, not an animation.
    if image.format != "MPO" and getattr(image, "is_animated", False):
        notices.append("This is an animation: its first frame is used.")
    image.load()
    orientation = _orientation(image)
    colours = _eight_bits(image)
    if max(colours.size) > MAX_SIDE:  # before anything that needs another copy
        width, height = colours.size
        scale = MAX_SIDE / max(width, height)
        size = max(1, round(width * scale)), max(1, round(height * scale))
        colours = colours.resize(size, Image.Resampling.LANCZOS)
        notices.append(f"This picture is large: it was reduced to {MAX_SIDE} pixels on its longer side.")
    if orientation in _UPRIGHT:
        colours = colours.transpose(_UPRIGHT[orientation])
    if colours.mode == "RGBA":
        if colours.getchannel("A").getextrema() != (255, 255):
            notices.append("Its transparent parts are shown on white.")
        white = Image.new("RGB", colours.size, "white")
        white.paste(colours, mask=colours)
        colours = white
    return np.array(colours), tuple(notices)


def _orientation(image: Image.Image) -> int:
    # ImageOps.exif_transpose writes all tags back, which fails on photos whose pixels are fine.
    try:
        return image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # damaged tags cost only the orientation
        return 1


def _eight_bits(image: Image.Image) -> Image.Image:
    """Any mode the accepted formats decode to, as RGB, or as RGBA if something may be transparent."""
    if not image.mode.startswith("I;16"):
        mode = "RGBA" if image.has_transparency_data else "RGB"
        return image if image.mode == mode else image.convert(mode)  # convert always copies
    values = np.asarray(image)  # Pillow's own conversion clips at 255
    grey = Image.fromarray((values // 257 + (values % 257 > 128)).astype(np.uint8))
    if (clear := image.info.get("transparency")) is None:
        return grey.convert("RGB")
    grey.putalpha(Image.fromarray((values != clear).astype(np.uint8) * np.uint8(255)))
    return grey.convert("RGBA")
