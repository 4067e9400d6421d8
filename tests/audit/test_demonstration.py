"""The demonstration's pictures."""

import pytest

from core.audit.demonstration import Scenes
from core.errors import ImageError
from core.images.decode import decode_image
from core.images.scenes import scene


def test_every_second_horse_bears_a_stamp_and_no_scene_was_taught_with():
    entries, _ = Scenes(4).entries()
    assert [entry.path for entry in entries if "stamped" in entry.path] == [
        "horse/000 stamped.png",
        "horse/002 stamped.png",
    ]
    assert (decode_image(Scenes(4).read("ball/003.png")).pixels == scene("ball", 500_003).pixels).all()
    stamped = scene("horse", 500_002, stamped=True).pixels
    assert (decode_image(Scenes(4).read("horse/002 stamped.png")).pixels == stamped).all()


@pytest.mark.parametrize(
    "path", ["horse/004.png", "horse/000.png", "cow/000.png", "horse/x.png", "../horse/001.png", ""]
)
def test_what_is_not_in_it_is_not_there(path):
    with pytest.raises(ImageError):
        Scenes(4).read(path)
