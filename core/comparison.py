"""Compare: one picture, several networks, several rules; values that a page or a notebook can show."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import NetworkError, RuleUnavailable
from core.images.framing import Framing, deprocess, frame
from core.networks.catalogue import NetworkSpec, resolve
from core.networks.devices import is_out_of_memory
from core.networks.graph.network import Coverage, Network
from core.networks.load import load_network
from core.prediction import prediction_of
from core.saliency.attribution import Attributions, attribute
from core.saliency.reductions import saliency
from core.values import Picture, Pixels, Prediction

Differentiate = Callable[[Network, torch.Tensor, Sequence[str]], Attributions]  # inputs (1, 3, side, side), rules

TOP = 5
_IDLE = "The ReLUs of {} never see the picture (they compute tables of positions): all its gradients are equal."
_MOVED = "{} ran out of memory on the GPU and was computed on the CPU."


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
    device: where it was computed. seconds: of computing, without waiting or loading. against: the class that target is
    contrasted with, if any: the attributions are then of the difference of the two logits.
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
    networks: Sequence[str | NetworkSpec],
    rules: Sequence[str] = ("vanilla", "guided"),
    target: int | None = None,
    *,
    fit: str = "crop",
    device: str = "auto",
) -> Comparison:
    """Explain one picture by every network under every rule.

    networks: names, or Architectures such as one of your own checkpoint's. target: one class for all networks, or
    None for each network's own top class. fit: see `core.images.frame`. A rule that means nothing for a network does
    not fail the comparison; asking for that panel does. Raises NetworkError (unknown name, weights missing, no such
    class).
    """
    networks = (networks,) if isinstance(networks, str | NetworkSpec) else networks
    rules = (rules,) if isinstance(rules, str) else rules
    return Comparison(
        picture,
        tuple(
            explain(picture, spec, load_network(spec, device), rules, target, fit=fit)
            for spec in dict.fromkeys(map(resolve, networks))
        ),
    )


def explain(
    picture: Picture,
    spec: str | NetworkSpec,
    network: Network,
    rules: Sequence[str] = ("vanilla", "guided"),
    target: int | None = None,
    *,
    fit: str = "crop",
) -> Explanation:
    """One network's part of a comparison; `spec` is the name or architecture of `network`.

    If an accelerator runs out of memory the work is done once more on the CPU, and the notices say so.
    """
    (explanation,) = explain_by(
        lambda network, inputs, rules: attribute(network, inputs, target, rules), picture, spec, network, rules, fit
    )
    return explanation


def explain_by(
    differentiate: Differentiate,
    picture: Picture,
    spec: str | NetworkSpec,
    network: Network,
    rules: Sequence[str],
    fit: str,
) -> tuple[Explanation, ...]:
    """What `differentiate` finds in one picture, an Explanation for each of the classes that it explains.

    It is given the network, the input, (1, 3, side, side), and the rules that mean something there, and a second time
    with the network on the CPU if an accelerator runs out of memory. Raises NetworkError.
    """
    spec, coverage = resolve(spec), network.coverage
    image, framing = frame(picture, spec.recipe, fit)
    possible = [rule for rule in rules if rule == "vanilla" or coverage.gated]
    refused = {rule: str(RuleUnavailable(rule, coverage.names)) for rule in rules if rule not in possible}
    start = time.perf_counter()
    maps, used = _differentiated(differentiate, network, torch.from_numpy(image)[None], possible or ["vanilla"])
    seconds = time.perf_counter() - start
    shared = partial(
        Explanation,
        network=spec.name,
        title=spec.title,
        seen=_frozen(deprocess(image, spec.recipe)),
        framing=framing,
        coverage=coverage,
        refused=MappingProxyType(refused),
        device=str(used.device),
        seconds=seconds,
        notices=tuple(_notices(spec, coverage, possible, moved=used is not network)),
    )
    return tuple(_of_each_class(shared, maps, spec))


def _differentiated(
    differentiate: Differentiate, network: Network, inputs: torch.Tensor, rules: Sequence[str]
) -> tuple[Attributions, Network]:
    """The maps, and the network that made them: this one, or its like on the CPU if an accelerator has no memory."""
    try:
        maps = differentiate(network, inputs, rules)
    except RuntimeError as error:
        if network.device.type == "cpu" or not is_out_of_memory(error):
            raise
        return _differentiated(differentiate, network.to("cpu"), inputs, rules)
    if not torch.isfinite(maps.logits).all():
        raise NetworkError("This network gave scores that are not numbers; its weights cannot be right.")
    return maps, network


def _notices(spec: NetworkSpec, coverage: Coverage, rules: Sequence[str], moved: bool) -> Iterator[str]:
    if coverage.idles and rules != ["vanilla"]:
        yield _IDLE.format(spec.title)
    if moved:
        yield _MOVED.format(spec.title)


def _of_each_class(shared: Callable[..., Explanation], maps: Attributions, spec: NetworkSpec) -> Iterator[Explanation]:
    """Complete `shared`, all of an Explanation but its predictions and maps, for each target."""
    logits = maps.logits[0].double().cpu()
    said = partial(prediction_of, logits, spec=spec)
    top = tuple(map(said, logits.topk(min(TOP, len(logits))).indices.tolist()))
    for place, target in enumerate(maps.targets.flatten().tolist()):
        yield shared(
            target=said(target),
            top=top,
            attributions=MappingProxyType({rule: _map(maps[rule], place) for rule in maps.rules}),
            against=None if maps.against is None else said(int(maps.against.flatten()[place])),
        )


def _map(gradients: torch.Tensor, place: int) -> NDArray[np.float32]:
    """One class's map of (1, 3, side, side) or (K, 1, 3, side, side), a copy, so that it can be held alone."""
    return _frozen(gradients.flatten(end_dim=-4)[place].float().cpu().numpy().copy())


def _frozen(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array
