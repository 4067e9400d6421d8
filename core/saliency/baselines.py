"""Baselines: the empty pictures that a method starts from, or hides with."""

import math

import torch
from torch import Tensor

from core.errors import MethodError
from core.values import Recipe

_BLUR = 10 / 224  # of the shorter side, the standard deviation: little is recognised


def baseline_of(name: str, image: Tensor, recipe: Recipe | None) -> Tensor:
    """Of a normalised picture (channels, height, width), its baseline of the same shape.

    "grey" is the mean colour of the data that the network was trained on, which normalising makes 0; "black", "white";
    "blur" is the picture itself, blurred. recipe: says what normalised black and white are. Raises ValueError where it
    is needed and missing, MethodError where the picture is as good as its baseline.
    """
    if name == "grey":
        found = torch.zeros_like(image)
    elif name == "blur":
        from torchvision.transforms.functional import gaussian_blur  # torchvision takes two seconds

        sigma = _BLUR * min(image.shape[-2:])
        reach = min(math.ceil(3 * sigma), min(image.shape[-2:]) - 1)
        found = gaussian_blur(image, [2 * reach + 1] * 2, [sigma] * 2)
    elif recipe is None:
        raise ValueError(f"a {name} baseline needs the recipe that the picture was normalised by")
    else:
        mean, std = (torch.tensor(each, dtype=torch.float64).view(-1, 1, 1) for each in (recipe.mean, recipe.std))
        found = ((float(name == "white") - mean) / std).to(image).expand_as(image).contiguous()
    if torch.equal(found, image):
        raise MethodError(f"The picture is {name} already: there is nothing to tell it from. Choose another baseline.")
    return found
