"""Pictures that Pillow opens, by whichever of its plug-ins."""

import io
from typing import Any

import numpy as np
from PIL import Image, ImageCms

from .limits import check_shape


def opened(data: bytes) -> Image.Image:
    """From bytes: of a file by its name Pillow would map the pixels, and turn deep ones wrongly."""
    image = Image.open(io.BytesIO(data))
    check_shape(*image.size)
    return image


def colours(image: Image.Image) -> Any:  # noqa: ANN401
    """(height, width, 3 or 4) uint8, of any mode but those of numbers."""
    if image.mode == "LAB":
        srgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
        turned = ImageCms.applyTransform(image, ImageCms.buildTransform(lab, srgb, "LAB", "RGB"))
        return np.array(turned)
    mode = "RGBA" if image.has_transparency_data else "RGB"
    return np.array(image if image.mode == mode else image.convert(mode))
