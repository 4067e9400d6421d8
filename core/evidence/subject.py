"""What is tested: a map of one class in one picture, and how to make it again under other circumstances."""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.estimators.cam import enlarged
from core.images.framing import deprocess
from core.method import Method, methods_of
from core.networks.graph.layers import layer_of
from core.networks.graph.network import Network
from core.outputs import OUTPUTS
from core.saliency.agreement import spearman
from core.saliency.attribution import attribute
from core.saliency.reductions import saliency
from core.saliency.references import REFERENCES
from core.saliency.sampling import Pace
from core.values import Pixels, Recipe

Map = NDArray[np.float32]  # as `core.saliency.attribution.Attributions` has it of one class: (channels, rows, columns)
S = TypeVar("S", bound="Subject")
SAME = 0.95  # rank correlation from which two maps look the same


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Subject(ABC):
    """inputs: (1, channels, height, width). recipe: by which they were normalised. outputs: what logits mean.

    inside: rows and columns of the inputs that are the picture's; padding is neither hidden nor compared with.

    pace: its watch is told of samples, maps and hidden pictures, and may raise to end the work; nothing is kept for
    later.
    """

    network: Network
    inputs: Tensor
    target: int
    recipe: Recipe
    outputs: str = "softmax"
    inside: tuple[slice, slice] = (slice(None), slice(None))
    seed: int = 0
    pace: Pace = field(default_factory=Pace)

    def map(self, network: Network | None = None, inputs: Tensor | None = None, target: int | None = None) -> Map:
        """The map, if need be of another network, picture or class."""
        made = self._made(
            network or self.network, self.inputs if inputs is None else inputs,
            self.target if target is None else target,
        )  # fmt: skip
        self.pace.watch(1, 1)
        return made

    @abstractmethod
    def _made(self, network: Network, inputs: Tensor, target: int) -> Map: ...

    @abstractmethod
    def values(self, made: Map) -> NDArray[np.float32]:
        """A map as one value a place, (rows, columns)."""

    @property
    def is_signed(self) -> bool:
        """Whether less than nothing means that a place speaks against the class."""
        return False

    @property
    def is_coarse(self) -> bool:
        """Whether its maps are a layer's grid."""
        return False

    @property
    def is_drawn(self) -> bool:
        """Whether its maps depend on random numbers, which are the same each time."""
        return False

    def part(self: S, place: int, of: int) -> S:
        """The same, for one of so many parts of a test: its progress is told as that of the whole."""
        watch = self.pace.watch
        return replace(self, pace=Pace(lambda done, total: watch(place * total + done, of * total)))

    def probabilities(self, images: Tensor, network: Network | None = None) -> Tensor:
        """(N, channels, height, width) -> (N, classes) float64, if need be by another network."""
        return OUTPUTS[self.outputs].probabilities((network or self.network)(images).cpu().double())

    def in_their_place(self, parts: Tensor) -> Tensor:
        """(N, channels, rows, columns) of what is inside -> (N, channels, height, width), with the padding there is."""
        whole = self.inputs.to(parts).repeat(len(parts), 1, 1, 1)
        whole[(..., *self.inside)] = parts
        return whole

    def probability(self, network: Network | None = None) -> float:
        """Of the class in the picture."""
        return float(self.probabilities(self.inputs, network)[0, self.target])

    def magnitudes(self, made: Map) -> NDArray[np.float64]:
        """How much a map marks each pixel, (height, width); less than nothing where it speaks against the class."""
        values = self.values(made)
        height, width = self.inputs.shape[-2:]
        if values.shape != (height, width):
            values = enlarged(torch.from_numpy(values)[None], height, width)[0].numpy()
        return values.astype(np.float64) if self.is_signed else np.abs(values, dtype=np.float64)

    def likeness(self, one: Map, other: Map) -> float:
        """Rank correlation of the magnitudes of two maps; NaN where it says nothing.

        That is of a layer's grid, whose few places cannot carry a figure, and of a map that is the same everywhere.
        """
        first, second = (np.abs(self.values(each)) for each in (one, other))
        flat = any(each.min() == each.max() for each in (first, second))
        return math.nan if flat or self.is_coarse else spearman(first, second)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class OfMethod(Subject):
    """The map of a method."""

    method: Method

    def _made(self, network: Network, inputs: Tensor, target: int) -> Map:
        method = self._at_its_layer()
        found = attribute(
            network, inputs, target, methods=method, recipe=self.recipe, outputs=self.outputs,
            pace=Pace(self.pace.watch),
        )  # fmt: skip
        return found[method][0].float().cpu().numpy()

    def values(self, made: Map) -> NDArray[np.float32]:
        """One value a place, as methods without an order of their own are usually reduced."""
        return saliency(made, self.method.reduction("max_abs"))

    @property
    def is_signed(self) -> bool:
        """Of what its values are."""
        return bool(self.method.about.is_signed)

    @property
    def is_coarse(self) -> bool:
        """A class activation map's are."""
        return self.method.about.looks_at_layer and not self.method.about.has_colours

    @property
    def is_drawn(self) -> bool:
        """That of noise and of masks is."""
        return any(parameter.name == "seed" for parameter in self.method.about.parameters)

    def _at_its_layer(self) -> Method:
        """At the layer that it has in this network, whichever network it is asked of."""
        if not self.method.about.looks_at_layer:
            return self.method
        height, width = self.inputs.shape[-2:]
        layer = layer_of(self.network, height, width, self.method.layer)
        return replace(self.method, layer=layer.size)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class OfReference(Subject):
    """The map of a reference, which knows neither network nor class, and goes through the same tests.

    make: what the network saw, (height, width, 3) -> (height, width), >= 0.
    """

    make: Callable[[Pixels], NDArray[np.float32]]

    def _made(self, network: Network, inputs: Tensor, target: int) -> Map:
        return self.make(deprocess(inputs[0].float().cpu().numpy(), self.recipe))[None]

    def values(self, made: Map) -> NDArray[np.float32]:
        """It has one value a place."""
        return made[0]


def subject_of(source: Method | str, make: Callable[[str, Pixels], NDArray[np.float32]], **about: Any) -> Subject:  # noqa: ANN401
    """The map of a method, by value or text, or of a reference, by its name. about: the other fields of Subject.

    make: a reference's name and what the network saw -> its map.
    """
    if (name := str(source)) in REFERENCES:
        return OfReference(**about, make=partial(make, name))
    return OfMethod(**about, method=methods_of(source)[0])
