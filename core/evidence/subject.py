"""What is tested: a method's map of one class in one picture, and how to make it again under other circumstances."""

import math
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.estimators.cam import enlarged
from core.method import Method
from core.networks.graph.layers import layer_of
from core.networks.graph.network import Network
from core.outputs import OUTPUTS
from core.saliency.agreement import spearman
from core.saliency.attribution import attribute
from core.saliency.reductions import saliency
from core.saliency.sampling import Pace
from core.values import Recipe

Map = NDArray[np.float32]  # as `core.saliency.attribution.Attributions` has it of one class: (channels, rows, columns)


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """inputs: (1, channels, height, width). recipe: by which they were normalised. outputs: what logits mean.

    pace: its watch is told of samples and of hidden pictures, and may raise to end the work; nothing is kept for later.
    """

    network: Network
    inputs: Tensor
    method: Method
    target: int
    recipe: Recipe
    outputs: str = "softmax"
    seed: int = 0
    pace: Pace = field(default_factory=Pace)

    def map(self, network: Network | None = None, inputs: Tensor | None = None, target: int | None = None) -> Map:
        """The map, if need be of another network, picture or class."""
        found = attribute(
            network or self.network, self.inputs if inputs is None else inputs,
            self.target if target is None else target, methods=self._method, recipe=self.recipe, outputs=self.outputs,
            pace=Pace(self.pace.watch),
        )  # fmt: skip
        return found[self._method][0].float().cpu().numpy()

    def probabilities(self, images: Tensor, network: Network | None = None) -> Tensor:
        """(N, channels, height, width) -> (N, classes) float64, if need be by another network."""
        return OUTPUTS[self.outputs].probabilities((network or self.network)(images).cpu().double())

    def probability(self, network: Network | None = None) -> float:
        """Of the class in the picture."""
        return float(self.probabilities(self.inputs, network)[0, self.target])

    def magnitudes(self, made: Map) -> NDArray[np.float64]:
        """How much a map marks each pixel, (height, width); less than nothing where it speaks against the class."""
        values = saliency(made, self.method.reduction("max_abs"))
        height, width = self.inputs.shape[-2:]
        if values.shape != (height, width):
            values = enlarged(torch.from_numpy(values)[None], height, width)[0].numpy()
        return values.astype(np.float64) if self.method.about.is_signed else np.abs(values, dtype=np.float64)

    def likeness(self, one: Map, other: Map) -> float:
        """Rank correlation of the magnitudes of two maps; NaN where it says nothing.

        That is of a layer's grid, whose few places cannot carry a figure, and of a map that is the same everywhere.
        """
        first, second = (np.abs(saliency(each, self.method.reduction("max_abs"))) for each in (one, other))
        flat = any(each.min() == each.max() for each in (first, second))
        return math.nan if flat or self.is_coarse else spearman(first, second)

    @property
    def is_coarse(self) -> bool:
        """Whether its maps are a layer's grid."""
        return self.method.about.looks_at_layer and not self.method.about.has_colours

    @property
    def _method(self) -> Method:
        """At the layer that it has in this network, whichever network it is asked of."""
        if not self.method.about.looks_at_layer:
            return self.method
        height, width = self.inputs.shape[-2:]
        layer = layer_of(self.network, height, width, self.method.layer)
        return replace(self.method, layer=layer.size)
