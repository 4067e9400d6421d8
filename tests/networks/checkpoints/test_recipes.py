"""How pictures were prepared, as far as a file or its architecture tells."""

from dataclasses import replace

import pytest

from core.networks.catalogue import lookup
from core.networks.checkpoints.match import match
from core.networks.checkpoints.normalisation import normalisation
from core.networks.checkpoints.recipes import LARGEST_RESIZE, proposed_recipe
from core.networks.checkpoints.said import Said
from tests.networks.checkpoints.made_checkpoints import outline, shapes_of, zeros


def proposed(model, said=None, **changed):
    return proposed_recipe(match(outline({**shapes_of(model), **zeros(**changed)}), model), said or Said())


@pytest.mark.parametrize(
    ("model", "resize", "crop", "interpolation"),
    [
        ("resnet50", 256, 224, "bilinear"),  # and not 232, with which torchvision tests its newest weights
        ("shufflenet_v2_x1_5", 256, 224, "bilinear"),
        ("efficientnet_b0", 256, 224, "bicubic"),
        ("efficientnet_b1", 256, 240, "bicubic"),
        ("inception_v3", 342, 299, "bilinear"),
    ],
)
def test_where_nothing_is_said_it_is_what_nearly_everybody_trains_with(model, resize, crop, interpolation):
    recipe = proposed(model)
    assert (recipe.resize, recipe.crop, recipe.interpolation) == (resize, crop, interpolation)


@pytest.mark.parametrize(
    ("said", "resize", "crop"),
    [
        (Said(crop=448), 512, 448),
        (Said(crop=448, resize=448), 448, 448),
        (Said(resize=232), 232, 224),
        (Said(crop=448, resize=400), 512, 448),  # a picture that is smaller than its centre
        (Said(crop=1500), 256, 224),
        (Said(resize=LARGEST_RESIZE + 1), 256, 224),
    ],
)
def test_what_the_file_says_comes_first_where_it_makes_sense(said, resize, crop):
    recipe = proposed("resnet18", said)
    assert (recipe.resize, recipe.crop) == (resize, crop)


def test_a_normalisation_of_the_file_is_taken_if_it_has_as_many_colours():
    own = normalisation((0.1, 0.2, 0.3), (0.4, 0.5, 0.6))
    usual = proposed("resnet18")
    assert proposed("resnet18", Said(normalisation=own)) == replace(usual, mean=own.mean, std=own.std)
    assert proposed("resnet18", Said(normalisation=normalisation((0.5,), (0.5,)))) == usual


def test_grey_pictures_have_one_mean():
    recipe = proposed("resnet18", **{"conv1.weight": (64, 1, 7, 7)})
    usual = lookup("resnet18").recipe
    assert recipe.channels == 1
    assert recipe.mean == (pytest.approx(sum(usual.mean) / 3),)
    assert recipe.std == (pytest.approx(sum(usual.std) / 3),)


@pytest.mark.parametrize(("said", "side"), [(Said(), 32), (Said(crop=64), 64)])
def test_networks_for_small_pictures_see_all_of_them(said, side):
    recipe = proposed("resnet18", said, **{"conv1.weight": (64, 3, 3, 3)})
    assert (recipe.resize, recipe.crop) == (side, side)
