"""Bytes from a stranger to a Picture: judged by content, bounded before decoding, upright, 8-bit RGB.

TIFF, HEIF and DICOM, where image libraries break most often, are read in a process of their own (apart/).
"""

import hashlib
import math
import re
import threading
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from io import BytesIO

import numpy as np
from PIL import ExifTags, Image

from core.errors import ImageError
from core.images.apart.ask import DAMAGED, kind_of, read_apart
from core.images.changed import changed
from core.images.deep_png import is_deep, read_deep
from core.images.raw import Raw
from core.images.truncated import completed
from core.images.window import depth_of, windowed
from core.values import Picture, Window

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "AVIF")
MAX_BYTES = 15_000_000
MAX_PIXELS = 60_000_000
MAX_ASPECT = 40  # longer side over shorter side
MAX_SIDE = 4096  # larger pictures are reduced to this after decoding
LARGE = 16_000_000  # pixels; while it is decoded, a picture may need 12 bytes for each, of 16 bits twice as many
MAX_SCANNED = 6_000_000_000  # pixels times scans of a JPEG: a few bytes can ask for one more pass over all

_large_pictures = threading.Lock()  # one at a time, so that several visitors cannot use up the memory

SUFFIXES = (
    ".jpg", ".jpeg", ".jfif", ".png", ".webp", ".gif", ".bmp", ".avif", ".tif", ".tiff", ".heic", ".heif", ".dcm",
)  # fmt: skip
ACCEPTED = "JPEG, PNG, WebP, GIF, BMP, AVIF, TIFF, HEIC or DICOM"
_ALL = Window(0, 65535)  # of numbers of 16 bits, which is nothing to remark on
_LAST_BYTES = "The last bytes of this JPEG are missing: its lowest rows may be grey."
_WEB_PAGE = "This is a web page, not a picture: save the picture itself and use that file."

_OTHER_FORMATS = {
    "a PDF document": rb"%PDF-",
    "a JPEG XL picture": rb"\xff\x0a|\x00\x00\x00\x0cJXL ",
    "a JPEG 2000 picture": rb"\xff\x4f\xff\x51|\x00\x00\x00\x0cjP  ",
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


def decode_image(data: bytes, window: Window | None = None) -> Picture:
    """Decode one picture; its kind is decided by the bytes, never by a name.

    Upright by EXIF, transparent parts on white, the first frame of an animation, no side longer than MAX_SIDE; what had
    to be decided is in `notices`. window: how more than 8 bits are shown in 8; None for the one that the file or its
    values propose. Metadata and colour profile are dropped. Raises ImageError for anything else, and for more than
    MAX_BYTES, MAX_PIXELS or MAX_ASPECT, which are checked before any pixel is decoded.
    """
    data = bytes(data)
    if not data:
        raise ImageError("The file is empty: choose another one.")
    if len(data) > MAX_BYTES:
        raise ImageError(
            f"The file has {len(data) / 1e6:.1f} MB and at most {MAX_BYTES / 1e6:.0f} MB are accepted: "
            "save the picture smaller and try again."
        )
    if kind := kind_of(data):
        raw = read_apart(data, kind)
        with _room_for(raw.pixels.shape[0] * raw.pixels.shape[1]):
            return _of_raw(raw, data, window)
    try:
        return _of_opened(data, data, window)
    except _Broken as error:
        # A JPEG may be whole but for its last bytes.
        whole = _completed(data)
        if whole is None:
            raise ImageError(DAMAGED) from error.__cause__
        picture = _of_opened(whole, data, window)
        return replace(picture, notices=(*picture.notices, _LAST_BYTES))


class _Broken(ImageError):
    """Pillow could not decode what it had opened."""


def _completed(data: bytes) -> bytes | None:
    if not data.startswith(b"\xff\xd8"):
        return None
    try:
        with _large_pictures:  # it is decoded twice
            return completed(data)
    except Exception:  # see _of_opened
        return None


def _of_opened(data: bytes, given: bytes, window: Window | None) -> Picture:
    """The picture of what Pillow opens; its digest is of what was given. Raises ImageError, _Broken."""
    with _open(data) as image:
        _check_shape(*image.size)
        scans = data.count(b"\xff\xda") if image.format in ("JPEG", "MPO") else 1
        if scans * math.prod(image.size) > MAX_SCANNED:
            raise ImageError("This JPEG would take too long to decode: save it again as JPEG or PNG.")
        # Pillow's decoders meet damage with whatever exception it leads to, so no list of them is complete.
        try:
            with _room_for(math.prod(image.size)):
                if is_deep(image):
                    raw = read_deep(image, data)
                    raw = replace(
                        raw, orientation=_orientation(image), notices=(*_animation(image), *changed(image, data))
                    )
                    return _of_raw(raw, given, window)
                pixels, notices = _pixels(image, data)
        except Exception as error:
            raise _Broken(DAMAGED) from error
    return Picture(pixels, _digest(given, None), notices)


def _room_for(pixels: int) -> AbstractContextManager[object]:
    return _large_pictures if pixels > LARGE else nullcontext()


def looks_like_web_page(data: bytes) -> bool:
    """Whether the bytes begin like HTML (an SVG drawing does not)."""
    return _markup(data) == "html"


def _of_raw(raw: Raw, data: bytes, window: Window | None) -> Picture:
    notices = list(raw.notices)
    if not raw.is_deep:
        pixels = _finished(Image.fromarray(raw.pixels.astype(np.uint8)), raw.orientation, notices)
        return Picture(pixels, _digest(data, None), tuple(notices), digest_of=_digest_of(raw, None))
    depth = depth_of(raw.shown, window or raw.window, raw.ceiling)
    if window or raw.pixels.dtype != np.uint16 or depth.window != _ALL:
        notices.append(_window_notice(raw, depth.window, window))
    colours = Image.fromarray(windowed(raw.shown, depth.window, inverted=raw.inverted))
    if raw.alpha is not None:
        most = 1 if raw.alpha.dtype.kind == "f" else 2 ** (8 * raw.alpha.dtype.itemsize) - 1
        colours.putalpha(Image.fromarray(windowed(raw.alpha, Window(0, most))[..., 0]))
    pixels = _finished(colours, raw.orientation, notices)
    return Picture(pixels, _digest(data, window), tuple(notices), depth, _digest_of(raw, window))


def _window_notice(raw: Raw, window: Window, chosen: Window | None) -> str:
    why = "as chosen" if chosen else "as the file proposes" if raw.window else "as its values propose"
    first, last = ("white", "black") if raw.inverted else ("black", "white")
    values = "Values" if raw.pixels.dtype.itemsize == 1 else "More than 8 bits: values"
    return f"{values} from {window.low:.8g} ({first}) to {window.high:.8g} ({last}) are shown, to networks too, {why}."


def _digest(data: bytes, window: Window | None) -> str:
    """Of the bytes, and of a window that was chosen for what has more than 8 bits: that is another picture."""
    digest = hashlib.sha256(data).hexdigest()
    return digest if window is None else hashlib.sha256(f"{digest} {window}".encode()).hexdigest()


def _digest_of(raw: Raw, window: Window | None) -> str:
    what = "the picture without patient data" if raw.is_stripped else "the file"
    return what if window is None else f"{what} and its window"


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
        return DAMAGED
    match _markup(head):
        case "svg":
            return "This is an SVG drawing, which cannot be read here: export it as PNG or JPEG."
        case "html":
            return _WEB_PAGE
    if not re.search(rb"[\x00-\x08\x0e-\x1f]", head):
        return f"This is text, not a picture: choose a {ACCEPTED} file."
    return f"This is not a picture that can be read here: choose a {ACCEPTED} file."


def _markup(data: bytes) -> str | None:
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    found = re.search(rb"<(svg|html|!doctype html|head|body|title|script)\b", head)
    if not head.startswith(b"<") or found is None:
        return None
    return "svg" if found[1] == b"svg" else "html"


def _pixels(image: Image.Image, data: bytes) -> tuple[np.ndarray, tuple[str, ...]]:
    """(height, width, 3) uint8 of an opened picture of 8 bits, and the notices; raises whatever Pillow raises."""
    notices = [*_animation(image), *changed(image, data)]
    image.load()
    orientation = _orientation(image)
    mode = "RGBA" if image.has_transparency_data else "RGB"
    colours = image if image.mode == mode else image.convert(mode)  # convert always copies
    return _finished(colours, orientation, notices), tuple(notices)


def _animation(image: Image.Image) -> tuple[str, ...]:
    # Photos of many telephones are MPO: a JPEG followed by a preview or a gain map, not an animation.
    animated = image.format != "MPO" and getattr(image, "is_animated", False)
    return ("This is an animation: its first frame is used.",) if animated else ()


def _finished(colours: Image.Image, orientation: int, notices: list[str]) -> np.ndarray:
    """(height, width, 3) uint8 of RGB or RGBA: no larger than is of use, upright, on white; adds to the notices."""
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
    return np.array(colours)


def _orientation(image: Image.Image) -> int:
    # ImageOps.exif_transpose writes all tags back, which fails on photos whose pixels are fine.
    try:
        return image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # damaged tags cost only the orientation
        return 1
