"""What shows what a test found: small maps side by side, curves, and the picture after some hiding."""

import numpy as np
import plotly.graph_objects as go
import torch

from core.evidence.cascade import Cascade
from core.evidence.classes import OtherClass
from core.evidence.finding import Finding
from core.evidence.pointing import STEPS, Pointing, stages
from core.evidence.road import Road
from core.evidence.stability import Stability
from core.evidence.subject import Map
from core.evidence.weights import Weights
from core.images.framing import deprocess, frame
from core.saliency.baselines import baseline_of
from core.ui.figure.curves import cascade_figure, pointing_figure, road_figure
from core.ui.figure.maps import map_alone
from core.ui.figure.painted import painted
from core.values import Picture, Pixels, Recipe
from core.view import View


def maps_found(found: Finding, own: Map, label: str, names: tuple[str, ...]) -> dict[str, Map]:
    """The maps that a test made, beside the one that was tested, by what they are; {} if it made none."""
    if isinstance(found, Weights):
        return {"The map": own} | {stage.title: stage.map for stage in found.stages}
    if isinstance(found, OtherClass):
        return {label: own, names[found.target]: found.map}
    if isinstance(found, Stability):
        return {"The map": own, "With noise": found.noise_map, "As a JPEG": found.jpeg_map}
    return {}


def small_maps(maps: dict[str, Map], source: str, view: View, side: int) -> dict[str, Pixels]:
    """The same as pixels, each on a scale of its own, and those that are zero everywhere say so.

    source, side: see `map_alone`.
    """
    return {
        (name if made.any() else f"{name}: zero everywhere"): painted(map_alone(made, source, view, side), view)
        for name, made in maps.items()
    }


def curves_found(found: Finding, label: str) -> go.Figure | None:
    """The curves of a test, None if it has none. label: the class that is explained."""
    if isinstance(found, Pointing):
        return pointing_figure(found, label)
    if isinstance(found, Cascade):
        return cascade_figure(found)
    if isinstance(found, Road):
        return road_figure(found, label)
    return None


def hidden_picture(found: Pointing, step: int, picture: Picture, recipe: Recipe, fit: str) -> Pixels:
    """What the network saw after so many of STEPS steps of hiding."""
    image = torch.from_numpy(frame(picture, recipe, fit)[0])
    blurred = baseline_of("blur", image, recipe)
    pictures = [image, *stages(found.order, image, blurred)[: STEPS - 1], blurred]
    return deprocess(np.asarray(pictures[step]), recipe)
