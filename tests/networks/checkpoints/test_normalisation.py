"""Mean and standard deviation as files have them."""

import pytest

from core.networks.checkpoints.normalisation import normalisation, pairs

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def scaled(values, by=255):
    return tuple(value * by for value in values)


def test_values_for_pixels_up_to_255_mean_the_same():
    found = normalisation(scaled(MEAN), scaled(STD))
    assert found.mean == pytest.approx(MEAN)
    assert found.std == pytest.approx(STD)


@pytest.mark.parametrize(
    ("mean", "std", "expected"),
    [
        (MEAN, STD, (MEAN, STD)),
        ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0), ((0.0,) * 3, (1.0,) * 3)),
        ((0, 0, 0), (255, 255, 255), ((0.0,) * 3, (1.0,) * 3)),
        ((127.5,) * 3, (1.0,) * 3, ((0.5,) * 3, (1 / 255,) * 3)),
        ((0.5,), (0.25,), ((0.5,), (0.25,))),
    ],
)
def test_they_are_of_pixels_from_0_to_1(mean, std, expected):
    found = normalisation(mean, std)
    assert (found.mean, found.std) == expected


@pytest.mark.parametrize(
    ("mean", "std", "fact"),
    [
        (MEAN, (0.2,), "not three of each"),
        (MEAN[:2], STD[:2], "not three of each"),
        (MEAN, (0.2, 0.2, 0.0), "no picture is normalised"),
        ((-0.1, 0.5, 0.5), STD, "no picture is normalised"),
        ((300.0, 0.5, 0.5), STD, "no picture is normalised"),
        ((103.939, 116.779, 123.68), (1, 1, 1), "blue, green, red"),
        ((103.53, 116.28, 123.675), (57.375, 57.12, 58.395), None),
    ],
)
def test_what_no_recipe_can_be_is_told_by_a_fact(mean, std, fact):
    if fact is None:  # close to Caffe's, but not it
        normalisation(mean, std)
        return
    with pytest.raises(ValueError, match=fact):
        normalisation(mean, std)


def test_a_pair_stands_together_and_has_three_values():
    shapes = {
        "normalizer.new_mean": (3, 1, 1), "normalizer.new_std": (3, 1, 1),  # robustness
        "0.mean": (1, 3, 1, 1), "0.std": (1, 3, 1, 1),  # Sequential(Normalize, model)
        "mean": (3,), "std": (3,),
        "grey.mean": (1,), "grey.std": (1,),
        "bn1.running_mean": (3,), "bn1.running_std": (64,),
        "alone.mean": (3,), "other.std": (3,),
        "wide.mean": (64,), "wide.std": (64,),
    }  # fmt: skip
    assert pairs(shapes) == [
        ("normalizer.new_mean", "normalizer.new_std"), ("0.mean", "0.std"), ("mean", "std"), ("grey.mean", "grey.std"),
    ]  # fmt: skip
