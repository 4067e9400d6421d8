"""What shows what a test found: small maps side by side, and the picture after some hiding."""

import torch

from core.evidence.pointing import STEPS, Pointing, stages
from core.evidence.subject import Map
from core.images.framing import deprocess, frame
from core.saliency.baselines import baseline_of
from core.ui.figure.maps import map_alone
from core.ui.figure.painted import painted
from core.values import Picture, Pixels, Recipe
from core.view import View


def small_maps(maps: dict[str, Map], source: str, view: View, side: int) -> dict[str, Pixels]:
    """Maps as pixels, each on a scale of its own, and those that are zero everywhere say so.

    source, side: see `map_alone`.
    """
    return {
        (name if made.any() else f"{name}: zero everywhere"): painted(map_alone(made, source, view, side), view)
        for name, made in maps.items()
    }


def hidden_picture(found: Pointing, step: int, picture: Picture, recipe: Recipe, fit: str) -> Pixels:
    """What the network saw after so many of STEPS steps of hiding."""
    framed, framing = frame(picture, recipe, fit)
    image, inside = torch.from_numpy(framed), (..., *framing.inside)
    seen, blurred = image[inside], baseline_of("blur", image, recipe)[inside]
    pictures = [seen, *stages(found.order, seen, blurred)[: STEPS - 1], blurred]
    framed[inside] = pictures[step].numpy().copy()
    return deprocess(framed, recipe)
