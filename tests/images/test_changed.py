"""What is said of pictures that are not shown as they are in their files."""

import base64
import io

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from core.images import decode_image
from core.images.apart.ask import FOR_PRINT, UPPER_BITS

SMALL = Image.fromarray(np.arange(16 * 16 * 3, dtype=np.uint32).astype(np.uint8).reshape(16, 16, 3))
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
OTHER = SRGB.replace(b"sRGB", b"wide").replace("sRGB".encode("utf-16-be"), "wide".encode("utf-16-be"))


def notices(image, kind, **options):
    pillow_heif.register_heif_opener()
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return decode_image(buffer.getvalue()).notices


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_colours_for_print_are_said_to_be_converted(kind):
    assert notices(SMALL.convert("CMYK"), kind) == (FOR_PRINT,)


def test_a_text_of_a_profiles_name_is_none():
    text = PngImagePlugin.PngInfo()
    text.add_text("icc_profile", "none")
    assert notices(SMALL, "PNG", pnginfo=text) == ()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF", "HEIF"])
def test_a_profile_that_is_not_applied_is_said_but_of_srgb_nothing_is_lost(kind):
    assert notices(SMALL, kind, icc_profile=SRGB) == ()
    (said,) = notices(SMALL, kind, icc_profile=OTHER)
    assert said.startswith("Its colour profile is not applied")


# 8 x 8 px, all (700, 700, 700) of 1023 and as much of 4095
DEEP = {
    10: (
        "AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUEAAADrbWV0YQAAAAAAAAAhaGRscgAAAAAAAAAAcGljdAAAAAAAAAAAAAAAAAAAAAAO"
        "cGl0bQAAAAAAAQAAAB5pbG9jAAAAAEQAAAEAAQAAAAEAAAETAAAAHwAAAChpaW5mAAAAAAABAAAAGmluZmUCAAAAAAEAAGF2MDFDb2xvcgAA"
        "AABqaXBycAAAAEtpcGNvAAAAFGlzcGUAAAAAAAAACAAAAAgAAAAQcGl4aQAAAAADCgoKAAAADGF2MUOBIEAAAAAAE2NvbHJuY2x4AAIAAgAG"
        "gAAAABdpcG1hAAAAAAAAAAEAAQQBAoMEAAAAJ21kYXQSAAoIOAi/bwICBpAyEReCYwTAAPIAAACQPT6zV48w"
    ),
    12: (
        "AAAAHGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZgAAAOttZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAAA5waXRt"
        "AAAAAAABAAAAHmlsb2MAAAAARAAAAQABAAAAAQAAAQ8AAAAeAAAAKGlpbmYAAAAAAAEAAAAaaW5mZQIAAAAAAQAAYXYwMUNvbG9yAAAAAGpp"
        "cHJwAAAAS2lwY28AAAAUaXNwZQAAAAAAAAAIAAAACAAAABBwaXhpAAAAAAMMDAwAAAAMYXYxQ4FAYAAAAAATY29scm5jbHgAAgACAAaAAAAA"
        "F2lwbWEAAAAAAAAAAQABBAECgwQAAAAmbWRhdBIACghYCL9rQICBojIQF4JjBMAA8gAAkDwQo1edIA=="
    ),
}


@pytest.mark.parametrize("bits", DEEP)
def test_avif_of_more_than_8_bits_is_said_to_lose_the_lower_ones(bits):
    picture = decode_image(base64.b64decode(DEEP[bits]))
    assert picture.notices == (UPPER_BITS,)
    assert abs(int(picture.pixels[0, 0, 0]) - 175) <= 2
