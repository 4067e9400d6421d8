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


def test_an_unknown_sample_is_answered_with_the_choices() -> None:
    with pytest.raises(ImageError, match=r"no sample called 'dog': choose one of chelsea, .*rocket"):
        load_sample("dog")
