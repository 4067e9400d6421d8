"""How pictures were prepared for a checkpoint, as far as the file or its architecture tell."""

from dataclasses import replace
from statistics import fmean

from core.networks.catalogue import lookup, names
from core.networks.checkpoints.fit import SIDES, Match
from core.networks.checkpoints.said import Said
from core.values import Recipe

LARGEST_RESIZE = 2048  # pixels
_SMALL = 32  # pixels, the whole picture, for networks whose first layer is made for that
_SHORTER, _CENTRE = 256, 224  # what nearly everybody trains with: Resize(256), CenterCrop(224)


def proposed_recipe(found: Match, said: Said) -> Recipe:
    """What the file says; else the usual of the architecture's first weights, but 256/224 or its like for other sizes.

    Networks are fine-tuned with Resize(256) and CenterCrop(224) rather than with what torchvision found best for
    testing its newest weights, such as 232 for ResNet-50.
    """
    crop = found.side or (said.crop if said.crop in SIDES else None)
    if found.is_small:
        recipe = replace(_of_published_weights(found.model, None), resize=crop or _SMALL, crop=crop or _SMALL)
    else:
        usual = _of_published_weights(found.model, crop)
        recipe = replace(usual, resize=_resize_for(crop or usual.crop, usual), crop=crop or usual.crop)
    recipe = replace(recipe, interpolation=said.interpolation or recipe.interpolation)
    if said.squash:
        recipe = replace(recipe, resize=recipe.crop, squash=True)
    elif said.resize and recipe.crop <= said.resize <= LARGEST_RESIZE:
        recipe = replace(recipe, resize=said.resize)
    if said.normalisation and len(said.normalisation.mean) == found.channels:
        return replace(recipe, mean=said.normalisation.mean, std=said.normalisation.std)
    return recipe if found.channels == 3 else replace(recipe, mean=(fmean(recipe.mean),), std=(fmean(recipe.std),))


def _of_published_weights(model: str, crop: int | None) -> Recipe:
    """That of the weights for this size, or of the first ones."""
    every = [name for name in names() if name.partition(":")[0] == model]
    first = f"{model}:IMAGENET1K_V1"
    recipes = [lookup(name).recipe for name in sorted(every, key=lambda name: name != first)]
    return next((recipe for recipe in recipes if recipe.crop == crop), recipes[0])


def _resize_for(crop: int, usual: Recipe) -> int:
    """As 256 is to 224, unless published weights of this size say otherwise, such as Inception's 342/299."""
    if crop == usual.crop != _CENTRE:
        return usual.resize
    return min(round(crop * _SHORTER / _CENTRE), LARGEST_RESIZE)
