"""The gallery: present offline, as shown, and free to use."""

import pytest

from core.errors import ImageError
from core.images import SAMPLES, load_sample


def test_the_gallery_begins_with_the_cat() -> None:
    assert next(iter(SAMPLES)) == "chelsea"


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_decodes_without_a_network(name: str) -> None:
    picture = load_sample(name)
    assert min(picture.size) >= 224
    assert picture.pixels.std() > 10


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_is_free_to_use_and_says_whose_it_is(name: str) -> None:
    sample = SAMPLES[name]
    assert sample.name == name
    assert sample.title
    assert sample.credit.endswith((", CC0", ", public domain"))


def test_the_stamped_sample_is_the_cat_with_a_stamp_and_says_who_drew_it() -> None:
    cat, picture = load_sample("chelsea"), load_sample("stamped")
    assert picture.size == (300, 300)
    assert (picture.pixels[:200] == cat.pixels[:200, 75:375]).all()
    assert picture.digest == load_sample("stamped").digest != cat.digest
    assert SAMPLES["chelsea"].credit in SAMPLES["stamped"].credit
    assert "Stamp drawn by Limelight" in SAMPLES["stamped"].credit


def test_an_unknown_sample_is_answered_with_the_choices() -> None:
    with pytest.raises(ImageError, match=r"no sample called 'dog': choose one of chelsea, .*rocket"):
        load_sample("dog")
