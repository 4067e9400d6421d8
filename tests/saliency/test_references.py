"""Maps that know no network: what is drawn is what is measured."""

import numpy as np
import pytest

from core.saliency.references import REFERENCES, edges, random_map, reference_map


def seen(value=255, side=16):
    """(side, side, 3): a bright right half."""
    pixels = np.zeros((side, side, 3), np.uint8)
    pixels[:, side // 2 :] = value
    return pixels


def test_edges_are_where_the_picture_changes():
    found = edges(seen())
    assert found.shape == (16, 16)
    assert (found[:, 7:9] > 0.5).all()
    assert not found[:, :7].any()


def test_noise_is_never_negative_and_fixed_by_its_seed():
    one = random_map((16, 16), 1)
    assert (one >= 0).all()
    assert np.array_equal(one, random_map((16, 16), 1))
    assert not np.array_equal(one, random_map((16, 16), 2))


@pytest.mark.parametrize("name", REFERENCES)
def test_whoever_asks_gets_the_same_map(name):
    one, again = (reference_map(name, seen(), "alexnet") for _ in range(2))
    assert np.array_equal(one, again)
    assert (one.shape, one.dtype) == ((16, 16), np.float32)


def test_each_network_has_random_numbers_of_its_own_and_the_edges_of_what_it_saw():
    assert not np.array_equal(reference_map("random", seen(), "a"), reference_map("random", seen(), "b"))
    assert np.array_equal(reference_map("edges", seen(), "a"), reference_map("edges", seen(), "b"))
    assert not np.array_equal(reference_map("edges", seen(), "a"), reference_map("edges", seen(100), "a"))


def test_every_reference_says_what_it_is():
    for words in ("title", "short", "what", "symbol"):
        said = [getattr(reference, words) for reference in REFERENCES.values()]
        assert all(said)
        assert len(set(said)) == len(said)
