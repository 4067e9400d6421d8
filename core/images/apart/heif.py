"""The main picture of a HEIC or HEIF file, upright, by pillow-heif."""

from typing import Any

import numpy as np
import pillow_heif

from .limits import Refused
from .opened import colours, has_other_profile, opened


def read(source: str) -> tuple[Any, dict[str, Any]]:
    """(height, width, 3 or 4) uint8; of more than 8 bits, grey or colours in as many bits as there are, 16 of alpha."""
    pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
    with open(source, "rb") as file:
        data = file.read()
    image = opened(data)
    if image.format not in ("HEIF", "AVIF"):
        raise Refused("damaged")
    told: dict[str, Any] = {"frames": getattr(image, "n_frames", 1), "other_profile": has_other_profile(image)}
    bits = int(image.info.get("bit_depth", 8))
    if bits <= 8:
        return colours(image), told
    found = pillow_heif.open_heif(data, convert_hdr_to_8bit=False, hdr_to_16bit=False)
    main = found[found.primary_index]
    if main.premultiplied_alpha:
        return colours(image), told | {"deep_colours": True}
    numbers = np.array(main).reshape(main.size[1], main.size[0], -1)
    if main.has_alpha:
        numbers[..., -1] = np.rint(numbers[..., -1] * (65535 / (2**bits - 1)))
    return numbers[..., 0] if numbers.shape[2] == 1 else numbers, told | {"ceiling": 2**bits - 1}
