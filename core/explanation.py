"""The answers: one network's explanation of one class, a panel of it, and the comparison that they make up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from core.errors import NetworkError, RuleUnavailable
from core.images.framing import Framing
from core.method import Method
from core.networks.coverage import Coverage
from core.rules import RULES
from core.saliency.reductions import saliency
from core.values import Picture, Pixels, Prediction


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One map of a comparison: what one network looked at, under one rule.

    rule: the method, as text. attribution: (3, side, side) float32, signed, in logits per unit of normalised input;
    (1, side, side) of grey; of other methods see `Explanation`.
    """

    network: str
    rule: str
    attribution: NDArray[np.float32]
    target: Prediction
    framing: Framing
    coverage: Coverage

    @property
    def saliency(self) -> NDArray[np.float32]:
        """(side, side), the largest |gradient| over colour, or what else the method's colours are reduced by."""
        return saliency(self.attribution, Method.parse(self.rule).reduction("max_abs"))


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """One network's explanation of one class.

    target: the class explained. top: the five most probable classes. seen: (side, side, 3), what the network saw.
    attributions: by method, as text, (3, side, side) float32, or (1, side, side) of a network of grey pictures and of
    hidden pictures, or (1, rows, columns) of a layer's places; in the unit of the method. refused: why a method has no
    map: it means nothing for this network or picture, or gave no numbers. remarks: what a method says of its own map,
    such as how far it is settled. samples: of methods that are not at their end yet, how many samples are done, and of
    how many. device: where it was computed. seconds: of computing, without waiting or loading, for all classes and
    methods that were computed together; of samples that were gone on with, the last ones. against: the class that
    target is contrasted with, if any: the attributions are then of the difference of the two logits.
    """

    network: str
    title: str
    target: Prediction
    top: tuple[Prediction, ...]
    seen: Pixels
    framing: Framing
    coverage: Coverage
    attributions: Mapping[str, NDArray[np.float32]]
    refused: Mapping[str, str]
    device: str
    seconds: float
    notices: tuple[str, ...] = ()
    against: Prediction | None = None
    remarks: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    samples: Mapping[str, tuple[int, int]] = field(default_factory=lambda: MappingProxyType({}))

    def panel(self, rule: str) -> Panel:
        """The panel of one rule. Raises NetworkError where there is none (RuleUnavailable: it needs rectifiers),

        and KeyError if it was not asked for.
        """
        if rule in self.refused:
            needs = rule in RULES and RULES[rule].needs_rectifiers and not self.coverage.gated
            raise RuleUnavailable(rule, self.coverage.names) if needs else NetworkError(self.refused[rule])
        return Panel(self.network, rule, self.attributions[rule], self.target, self.framing, self.coverage)

    @property
    def nbytes(self) -> int:
        """Memory held by the arrays."""
        return self.seen.nbytes + sum(array.nbytes for array in self.attributions.values())


@dataclass(frozen=True, slots=True)
class Comparison:
    """Explanations of one picture, in the order asked for; comparison["vgg19", "guided"] is a Panel."""

    picture: Picture
    explanations: tuple[Explanation, ...]

    def __getitem__(self, key: tuple[str, Method | str]) -> Panel:
        name, rule = key[0], str(key[1])
        for explanation in self.explanations:
            if explanation.network == name:
                return explanation.panel(rule)
        raise KeyError(name)
