"""Occlusion: a picture with one region covered, to see whether a network needed it (Zeiler and Fergus 2014)."""

import hashlib

import numpy as np
from PIL import Image, ImageFilter, ImageStat

from core.images.region import Region
from core.values import Picture, Pixels

FILLS = ("blur", "mean", "noise")

_Box = tuple[int, int, int, int]


def occlude(picture: Picture, region: Region, fill: str) -> Picture:
    """Replace the region, rounded to whole pixels, and nothing outside of it; the same arguments give the same picture.

    fill: "blur" takes the region from a blurred copy of the picture, a Gaussian whose standard deviation is half the
    region's longer side, so that only a haze of its colours and of those around it is left. "mean" is the mean colour
    of the picture. "noise" is Gaussian noise with the mean and the standard deviation of the picture's colours.
    A network that was trained on photos has seen none of these, so covering can also confuse it: try more than one.

    The digest is made from the picture's own, the covered pixels and `fill`. Raises ValueError for another `fill`.
    """
    if fill not in FILLS:
        raise ValueError(f"fill must be one of {', '.join(FILLS)}, not {fill!r}")
    box = region.pixels(picture.size)
    digest = hashlib.sha256(f"{picture.digest} {fill} {box}".encode()).hexdigest()
    left, top, right, bottom = box
    pixels = picture.pixels.copy()
    pixels[top:bottom, left:right] = _substitute(picture.pixels, box, fill, digest)
    return Picture(pixels, digest, picture.notices)


def _substitute(pixels: Pixels, box: _Box, fill: str, digest: str) -> Pixels:
    """What is put in the box: broadcasts to (bottom - top, right - left, 3)."""
    left, top, right, bottom = box
    if fill == "blur":
        return _blurred(pixels, box)
    colours = ImageStat.Stat(Image.fromarray(pixels))  # by counting: no copy of a large picture in floats
    if fill == "mean":
        return np.rint(colours.mean).astype(np.uint8)
    random, noise = np.random.default_rng(int(digest, 16)), np.empty((bottom - top, right - left, 3), np.uint8)
    for channel, (mean, spread) in enumerate(zip(colours.mean, colours.stddev, strict=True)):
        values = mean + spread * random.standard_normal(noise.shape[:2], dtype=np.float32)
        noise[..., channel] = np.rint(values.clip(0, 255))
    return noise


def _blurred(pixels: Pixels, box: _Box) -> Pixels:
    left, top, right, bottom = box
    sigma = max(right - left, bottom - top) / 2
    reach = round(3 * sigma)  # beyond it the Gaussian has next to no weight, and a large picture costs time
    around = Image.fromarray(pixels[max(0, top - reach) : bottom + reach, max(0, left - reach) : right + reach])
    x, y = min(left, reach), min(top, reach)
    part = around.filter(ImageFilter.GaussianBlur(sigma)).crop((x, y, x + right - left, y + bottom - top))
    return np.asarray(part)
