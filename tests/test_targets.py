"""Targets are data: what makes no sense cannot be made."""

import pytest

from core.targets import Classes, TopK, target_of


def test_one_class_or_the_most_probable_one():
    assert target_of(None) == TopK(1)
    assert target_of(0) == Classes((0,))


def test_how_many_there_will_be_at_most():
    assert TopK(5, excluding=1).most == 5
    assert Classes((3, 1)).most == 2


@pytest.mark.parametrize(("kind", "value"), [(TopK, 0), (Classes, ()), (Classes, (1, 2, 1))])
def test_nonsense_is_a_programming_mistake(kind, value):
    with pytest.raises(ValueError, match="must be"):
        kind(value)
