"""Compare: one picture, several networks, several rules; values that a page or a notebook can show."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import NetworkError, RuleUnavailable
from core.images.framing import Framing, deprocess, frame
from core.networks.devices import is_out_of_memory
from core.networks.load import load_network
from core.networks.network import Coverage, Network
from core.networks.registry import architecture
from core.saliency.attribution import Attributions, attribute
from core.saliency.reductions import saliency
from core.values import Picture, Pixels, Prediction

TOP = 5


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One map of a comparison: what one network looked at, under one rule.

    attribution: (3, side, side) float32, signed, in logits per unit of normalised input.
    """

    network: str
    rule: str
    attribution: NDArray[np.float32]
    target: Prediction
    framing: Framing
    coverage: Coverage

    @property
    def saliency(self) -> NDArray[np.float32]:
        """(side, side), the largest |gradient| over colour."""
        return saliency(self.attribution)


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """One network's part of a comparison.

    target: the class explained. top: the five most probable classes. seen: (side, side, 3), what the network saw.
    attributions: by rule, (3, side, side) float32. refused: why a rule means nothing for this network, by rule.
    device: where it was computed. seconds: of computing, without waiting or loading.
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

    def panel(self, rule: str) -> Panel:
        """The panel of one rule; raises RuleUnavailable where the rule means nothing, KeyError if not asked for."""
        if rule in self.refused:
            raise RuleUnavailable(rule, self.coverage.names)
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

    def __getitem__(self, key: tuple[str, str]) -> Panel:
        name, rule = key
        for explanation in self.explanations:
            if explanation.network == name:
                return explanation.panel(rule)
        raise KeyError(name)


def compare(
    picture: Picture,
    networks: Sequence[str],
    rules: Sequence[str] = ("vanilla", "guided"),
    target: int | None = None,
    *,
    fit: str = "crop",
    device: str = "auto",
) -> Comparison:
    """Explain one picture by every network under every rule.

    target: one class for all networks, or None for each network's own top class. fit: see `core.images.frame`.
    A rule that means nothing for a network does not fail the comparison; asking for that panel does.
    Raises NetworkError (unknown name, weights missing, no such class).
    """
    networks, rules = ((each,) if isinstance(each, str) else tuple(each) for each in (networks, rules))
    return Comparison(
        picture,
        tuple(
            explain(picture, name, load_network(name, device), rules, target, fit=fit)
            for name in dict.fromkeys(networks)
        ),
    )


def explain(
    picture: Picture,
    name: str,
    network: Network,
    rules: Sequence[str] = ("vanilla", "guided"),
    target: int | None = None,
    *,
    fit: str = "crop",
) -> Explanation:
    """One network's part of a comparison; `network` is the prepared network called `name`.

    If an accelerator runs out of memory the work is done once more on the CPU, and the notices say so.
    """
    known = architecture(name)
    image, framing = frame(picture, known.recipe, fit)
    possible = [rule for rule in rules if rule == "vanilla" or network.coverage.gated]
    refused = {rule: str(RuleUnavailable(rule, network.coverage.names)) for rule in rules if rule not in possible}
    inputs = torch.from_numpy(image)[None]
    notices: tuple[str, ...] = ()
    start = time.perf_counter()
    try:
        maps = _attribute(network, inputs, target, possible)
    except RuntimeError as error:
        if network.device.type == "cpu" or not is_out_of_memory(error):
            raise
        notices = (f"{known.title} ran out of memory on the GPU and was computed on the CPU.",)
        network = network.to("cpu")
        maps = _attribute(network, inputs, target, possible)
    seconds = time.perf_counter() - start
    logits = maps.logits[0].double().cpu()
    probabilities = logits.softmax(0)

    def predict(index: int) -> Prediction:
        return Prediction(index, known.categories[index], float(logits[index]), float(probabilities[index]))

    return Explanation(
        network=name,
        title=known.title,
        target=predict(int(maps.targets[0])),
        top=tuple(predict(index) for index in logits.topk(min(TOP, len(logits))).indices.tolist()),
        seen=_frozen(deprocess(image, known.recipe)),
        framing=framing,
        coverage=network.coverage,
        attributions=MappingProxyType({rule: _frozen(maps[rule][0].float().cpu().numpy()) for rule in maps.rules}),
        refused=MappingProxyType(refused),
        device=str(network.device),
        seconds=seconds,
        notices=notices,
    )


def _attribute(network: Network, inputs: torch.Tensor, target: int | None, rules: Sequence[str]) -> Attributions:
    maps = attribute(network, inputs, target, rules or ("vanilla",))
    if not torch.isfinite(maps.logits).all():
        raise NetworkError("This network gave scores that are not numbers; its weights cannot be right.")
    return maps


def _frozen(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array
