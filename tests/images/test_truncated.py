"""A JPEG that lacks its last bytes is shown, and one that lacks more is not."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from core.errors import ImageError
from core.images import load_sample
from core.images.decode import decode_image

NOTICE = "The last bytes of this JPEG are missing: its lowest rows may be grey."


@pytest.fixture(scope="module", params=[False, True], ids=["baseline", "progressive"])
def jpeg(request):
    buffer = BytesIO()
    Image.fromarray(load_sample("chelsea").pixels).save(buffer, "JPEG", quality=90, progressive=request.param)
    return buffer.getvalue()


@pytest.mark.parametrize("missing", [1, 2, 10, 100])
def test_without_its_last_bytes_it_is_shown_and_it_is_said(missing, jpeg):
    picture, whole = decode_image(jpeg[:-missing]), decode_image(jpeg)
    assert picture.notices == (NOTICE,)
    assert np.array_equal(picture.pixels[:270], whole.pixels[:270])
    assert whole.notices == ()


@pytest.mark.parametrize("share", [0.05, 0.2, 0.5, 0.9])
def test_one_that_lacks_more_is_refused(share, jpeg):
    with pytest.raises(ImageError, match="damaged or incomplete"):
        decode_image(jpeg[: -int(share * len(jpeg))])


def test_a_progressive_one_that_lacks_whole_scans_is_refused_wherever_it_breaks_off():
    buffer = BytesIO()
    Image.fromarray(load_sample("chelsea").pixels).save(buffer, "JPEG", quality=90, progressive=True)
    data = buffer.getvalue()
    scans = [at for at in range(len(data)) if data[at : at + 2] == b"\xff\xda"]
    assert len(scans) == 10
    for scan in scans[1:]:
        with pytest.raises(ImageError, match="damaged or incomplete"):
            decode_image(data[: scan - 4])


def test_a_part_of_another_format_is_not_completed():
    buffer = BytesIO()
    Image.fromarray(load_sample("chelsea").pixels).save(buffer, "PNG")
    with pytest.raises(ImageError, match="damaged or incomplete"):
        decode_image(buffer.getvalue()[:-100])
