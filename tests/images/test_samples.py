"""The gallery: present offline, as shown, free to use; and each picture teaches what it says it does."""

import pytest
import torch

from core import Network, compare, lookup
from core.errors import ImageError
from core.images import GALLERY, SAMPLES, load_sample
from core.images.framing import frame

MADE = [name for name, sample in SAMPLES.items() if sample.made_by]
CATS = {"tabby", "tiger cat", "Egyptian cat"}


def top(name: str) -> dict[str, float]:
    """The five classes that EfficientNet-Lite0 finds most probable, in their order, with their probabilities."""
    (explained,) = compare(load_sample(name), ["efficientnet_lite0"], rules=("vanilla",)).explanations
    return {each.name: each.probability for each in explained.top}


def test_the_gallery_begins_with_the_cat() -> None:
    assert next(iter(GALLERY)) == "chelsea"


def test_samples_of_former_galleries_still_open_by_their_links_and_are_not_offered() -> None:
    assert SAMPLES.keys() - GALLERY.keys() == {"camera", "horse"}
    assert list(SAMPLES)[: len(GALLERY)] == list(GALLERY)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_decodes_without_a_network(name: str) -> None:
    picture = load_sample(name)
    assert min(picture.size) >= 224
    assert picture.pixels.std() > 10


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_is_free_to_use_and_says_whose_it_is_and_what_it_shows(name: str) -> None:
    sample = SAMPLES[name]
    assert sample.name == name
    assert sample.title
    assert sample.credit.endswith((", CC0", ", public domain"))
    assert sample.shows.endswith(".")
    assert len(f"{sample.title}. {sample.shows}") <= 75  # two lines below the thumbnails


def test_what_is_made_of_a_photo_credits_who_took_it_and_who_made_it() -> None:
    by = {"ladybug": "Stefan", "pieces": "Stefan", "stamped": "Stefan", "horse_stamped": "NASA", "strokes": "SpaceX"}
    assert list(by) == MADE
    for name, photographer in by.items():
        assert "by Limelight" in SAMPLES[name].credit
        assert (
            f"; photo by {photographer}" in SAMPLES[name].credit
            or f"; photos by {photographer}" in SAMPLES[name].credit
        )


def test_what_is_made_is_made_the_same_each_time_and_is_not_the_photo() -> None:
    digests = [load_sample(name).digest for name in MADE]
    assert digests == [load_sample(name).digest for name in MADE]
    assert len({*digests, load_sample("chelsea").digest}) == len(MADE) + 1


def test_the_stamped_sample_is_the_cat_with_a_stamp() -> None:
    cat, picture = load_sample("chelsea"), load_sample("stamped")
    assert picture.size == (300, 300)
    assert (picture.pixels[:200] == cat.pixels[:200, 75:375]).all()


def test_strokes_that_mean_nothing_pull_towards_carton_more_than_towards_any_other_class(network: Network) -> None:
    spec, carton = lookup("efficientnet_lite0"), 478
    plain, stroked = (
        network(torch.from_numpy(frame(load_sample(name), spec.recipe)[0])[None])[0] for name in ("rocket", "strokes")
    )
    assert int((stroked - plain).argmax()) == carton
    assert float(stroked[carton] - plain[carton]) > 3
    assert int((plain > plain[carton]).sum()) > 400  # its place among a thousand, before
    assert int((stroked > stroked[carton]).sum()) < 20  # a pull, not a flip: others are still more probable


def test_of_two_animals_both_are_found() -> None:
    found = list(top("ladybug"))
    assert found[0] in CATS
    assert "ladybug" in found


def test_the_cat_in_pieces_is_a_mistake_a_network_is_surer_of_than_of_the_cat() -> None:
    whole, pieces = top("chelsea"), top("pieces")
    assert next(iter(pieces)) in CATS
    assert max(pieces.values()) > 1.25 * max(whole.values())


def test_the_blurred_clock_is_a_mistake() -> None:
    found = top("clock")
    assert next(iter(found)) == "bubble"
    assert found["bubble"] > 5 * found["wall clock"]


def test_the_espresso_is_sure() -> None:
    assert top("coffee")["espresso"] > 0.8


def test_an_unknown_sample_is_answered_with_those_that_are_offered() -> None:
    with pytest.raises(ImageError, match=r"no sample called 'dog': choose one of chelsea, .*rocket\.$"):
        load_sample("dog")
