"""Pictures that Pillow opens, by whichever of its plug-ins."""

import io
from typing import Any

import numpy as np
from PIL import Image, ImageCms

from .limits import check_shape

_SRGB = b"sRGB", "sRGB".encode("utf-16-be")  # as profiles spell it


def opened(data: bytes) -> Image.Image:
    """From bytes: of a file by its name Pillow would map the pixels, and turn deep ones wrongly."""
    image = Image.open(io.BytesIO(data))
    check_shape(*image.size)
    return image


def has_other_profile(image: Image.Image) -> bool:
    """Whether it has a colour profile that is not sRGB, which is what its colours are taken for."""
    profile = image.info.get("icc_profile")  # of a PNG it may be a text of that name
    return isinstance(profile, bytes) and bool(profile) and not any(name in profile for name in _SRGB)


def colours(image: Image.Image) -> Any:  # noqa: ANN401
    """(height, width, 3 or 4) uint8, of any mode but those of numbers."""
    if image.mode == "LAB":
        srgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
        turned = ImageCms.applyTransform(image, ImageCms.buildTransform(lab, srgb, "LAB", "RGB"))
        return np.array(turned)
    mode = "RGBA" if image.has_transparency_data else "RGB"
    return np.array(image if image.mode == mode else image.convert(mode))
