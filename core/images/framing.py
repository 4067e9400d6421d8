"""Framing: which part of the picture a network sees, and where each of its input pixels lies on the picture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.values import Picture, Pixels, Recipe

FITS = ("crop", "squash", "pad")
_FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}


@dataclass(frozen=True, slots=True)
class Framing:
    """A network's square input laid on the picture: input = picture * scale - offset, on both axes.

    Coordinates are continuous (x, y) with the origin at the top left corner: pixel i covers [i, i + 1].
    picture: (width, height). side: of the input, in pixels. offset is negative where the input was padded.
    """

    picture: tuple[int, int]
    side: int
    scale: tuple[float, float]
    offset: tuple[float, float]

    def to_picture(self, x: float, y: float) -> tuple[float, float]:
        """The place on the picture of a point of the input; outside the picture where the input was padded."""
        return (x + self.offset[0]) / self.scale[0], (y + self.offset[1]) / self.scale[1]

    def to_input(self, x: float, y: float) -> tuple[float, float]:
        """The place on the input of a point of the picture; outside [0, side] where the network did not see it."""
        return x * self.scale[0] - self.offset[0], y * self.scale[1] - self.offset[1]

    @property
    def inside(self) -> tuple[slice, slice]:
        """Rows and columns of the input that are the picture's; the others were padded."""
        left, top = self.to_input(0, 0)
        right, bottom = self.to_input(*self.picture)
        ends = (top, bottom), (left, right)
        rows, columns = (slice(max(0, round(first)), min(self.side, round(last))) for first, last in ends)
        return rows, columns

    @property
    def seen(self) -> tuple[float, float, float, float]:
        """(left, top, right, bottom) of what was seen, in picture pixels."""
        left, top = self.to_picture(0, 0)
        right, bottom = self.to_picture(self.side, self.side)
        width, height = self.picture
        return max(left, 0.0), max(top, 0.0), min(right, float(width)), min(bottom, float(height))

    @property
    def seen_share(self) -> float:
        """The share of the picture's area that was seen, in (0, 1]."""
        left, top, right, bottom = self.seen
        return (right - left) * (bottom - top) / (self.picture[0] * self.picture[1])


def frame(picture: Picture, recipe: Recipe, fit: str = "crop") -> tuple[NDArray[np.float32], Framing]:
    """Turn a picture into one network's input, (3, crop, crop) float32 normalised, and say where it lies.

    Of a network of grey pictures it is (1, crop, crop): the picture is made grey first, by the luma of ITU-R BT.601.
    fit: "crop" is the weights' own recipe, equal to torchvision's transforms (shorter side to recipe.resize, centre
    cropped), or squashing where the recipe does; "squash" resizes the whole picture to the square, whatever its shape;
    "pad" fits the whole picture into the square in its own shape and fills the rest with the recipe's mean, which is 0
    after normalisation.
    """
    if fit not in FITS:
        raise ValueError(f"fit must be one of {', '.join(FITS)}, not {fit!r}")
    (width, height), side = picture.size, recipe.crop
    if fit == "crop" and recipe.squash:
        fit = "squash"
    new_width, new_height = _resized(width, height, recipe, fit)
    coloured = Image.fromarray(picture.pixels)
    image = coloured if recipe.channels == 3 else coloured.convert("L")
    resized = image.resize((new_width, new_height), _FILTERS[recipe.interpolation])
    # torchvision's center_crop rounds like this, and pads where the crop is larger
    left, top = round((new_width - side) / 2), round((new_height - side) / 2)
    x, y = max(left, 0), max(top, 0)
    part = resized.crop((x, y, min(x + side, new_width), min(y + side, new_height)))
    square = np.zeros((recipe.channels, side, side), dtype=np.float32)
    inside = np.s_[:, y - top : y - top + part.height, x - left : x - left + part.width]
    square[inside] = normalise(np.asarray(part).reshape(part.height, part.width, -1), recipe)
    framing = Framing((width, height), side, (new_width / width, new_height / height), (float(left), float(top)))
    return square, framing


def normalise(pixels: Pixels, recipe: Recipe) -> NDArray[np.float32]:
    """(height, width, channels) uint8 -> (channels, height, width) float32, as the recipe says.

    Of a network of grey pictures, the first of three equal colours is enough.
    """
    values = pixels[..., : recipe.channels].astype(np.float32) / np.float32(255)
    normalised = (values - np.asarray(recipe.mean, np.float32)) / np.asarray(recipe.std, np.float32)
    return np.ascontiguousarray(normalised.transpose(2, 0, 1))


def deprocess(image: NDArray[np.float32], recipe: Recipe) -> Pixels:
    """The inverse of normalisation, for display: (3, height, width) float -> (height, width, 3) uint8, clamped.

    (1, height, width) of grey is shown as three equal colours.
    """
    mean, std = (np.asarray(values, np.float32)[:, None, None] for values in (recipe.mean, recipe.std))
    values = np.clip(image * std + mean, 0, 1)
    pixels = np.rint(values * 255).astype(np.uint8).transpose(1, 2, 0)
    return np.ascontiguousarray(np.broadcast_to(pixels, (*pixels.shape[:2], 3)))


def _resized(width: int, height: int, recipe: Recipe, fit: str) -> tuple[int, int]:
    """The size of the whole picture before it is cropped or padded to the square."""
    if fit == "squash":
        return recipe.crop, recipe.crop
    short, long = min(width, height), max(width, height)
    if fit == "pad":
        short, long = max(1, round(recipe.crop * short / long)), recipe.crop
    else:
        short, long = recipe.resize, int(recipe.resize * long / short)  # truncated, as torchvision does
    return (short, long) if width <= height else (long, short)
