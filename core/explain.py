"""Question x picture x network -> explanations: one forward pass, and one backward pass a rule."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.errors import NetworkError, RuleUnavailable, UnknownClass
from core.explanation import Comparison, Explanation
from core.images.framing import deprocess, frame
from core.networks.catalogue import NetworkSpec, resolve
from core.networks.devices import is_out_of_memory
from core.networks.graph.network import Network
from core.networks.load import load_network
from core.outputs import OUTPUTS
from core.question import Question
from core.rules import DEFAULT_RULES, RULES, applicable
from core.saliency.attribution import Attributions, attribute
from core.targets import TopK, target_of
from core.values import Picture, Prediction

TOP = 5
_IDLE = "The ReLUs of {} never see the picture (they compute tables of positions): all its gradients are equal."
_MOVED = "{} ran out of memory on the GPU and was computed on the CPU."
_ENDS = "{} ends in {}: what is explained is the score before it."
_ASSUMED = "What the outputs of {} mean was not said: softmax is assumed, and logits are shown."
_EVERYWHERE = applicable(tuple(RULES), has_rectifiers=False)  # what is computed where nothing asked for means anything


def compare(
    picture: Picture,
    networks: Sequence[str | NetworkSpec],
    rules: Sequence[str] = DEFAULT_RULES,
    target: int | None = None,
    *,
    fit: str = "crop",
    device: str = "auto",
) -> Comparison:
    """Explain one picture by every network under every rule.

    networks: names, or NetworkSpecs such as one of your own checkpoint's. target: one class for all networks, or
    None for each network's own top class. fit: see `core.images.frame`. A rule that means nothing for a network does
    not fail the comparison; asking for that panel does. Raises NetworkError (unknown name, weights missing, no such
    class).
    """
    networks = (networks,) if isinstance(networks, str | NetworkSpec) else networks
    specs = tuple(dict.fromkeys(map(resolve, networks)))
    rules = (rules,) if isinstance(rules, str) else tuple(rules)
    return answer(
        picture, specs, Question(tuple(spec.name for spec in specs), rules, target_of(target), fit=fit), device
    )


def answer(picture: Picture, specs: Sequence[NetworkSpec], question: Question, device: str = "auto") -> Comparison:
    """The comparison that a question asks for. specs: of the networks it is asked of, in their order. As `explain`."""
    found = (explain(picture, spec, load_network(spec, device), question) for spec in specs)
    return Comparison(picture, tuple(explanation for each in found for explanation in each))


def explain(
    picture: Picture, spec: str | NetworkSpec, network: Network, question: Question = Question()
) -> tuple[Explanation, ...]:
    """One network's answer to a question: an explanation for each of its targets, in their order.

    spec: the name or the spec of `network`, whichever networks the question is asked of. All classes are explained
    from one forward pass and, for each rule, one batched backward pass; each as if it had been explained alone, but
    that its seconds are those of all. If an accelerator runs out of memory the work is done once more on the CPU, and
    the notices say so. Raises NetworkError: UnknownClass, SameClass (a class against itself), or scores that are no
    numbers.
    """
    spec, network = _understood(resolve(spec), network)
    coverage = network.coverage
    image, framing = frame(picture, spec.recipe, question.fit)
    rules = applicable(question.rules, has_rectifiers=coverage.gated > 0)
    refused = {rule: str(RuleUnavailable(rule, coverage.names)) for rule in question.rules if rule not in rules}
    start = time.perf_counter()
    maps, used = _attributions(network, torch.from_numpy(image)[None], question, rules or _EVERYWHERE)
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
        notices=tuple(_notices(spec, network, rules, moved=used is not network)),
    )
    return tuple(_of_each_class(shared, maps, spec))


def predict(
    picture: Picture, spec: NetworkSpec, network: Network, target: int | None = None, *, fit: str = "crop"
) -> Prediction:
    """What a network says of one class, without any gradient; None is the most probable one. Raises UnknownClass."""
    spec, network = _understood(spec, network)
    image, _ = frame(picture, spec.recipe, fit)
    (logits,) = network(torch.from_numpy(image)[None]).double().cpu()
    if target is not None and not 0 <= target < len(logits):
        raise UnknownClass(target, len(logits))
    return _prediction(logits, int(logits.argmax()) if target is None else target, spec)


def _understood(spec: NetworkSpec, network: Network) -> tuple[NetworkSpec, Network]:
    """With the meaning that the end of its graph gives its outputs, and with all the classes that they speak of."""
    if network.ending:
        spec = replace(spec, outputs=network.ending.outputs)
    return spec, network.with_opposite() if spec.has_opposite else network


def _prediction(logits: Tensor, index: int, spec: NetworkSpec) -> Prediction:
    """One class among all of a network's logits, (classes,) float64."""
    probability = OUTPUTS[spec.outputs].probabilities(logits)[index]
    return Prediction(index, spec.categories[index], float(logits[index]), float(probability), spec.outputs)


def _attributions(
    network: Network, inputs: Tensor, question: Question, rules: Sequence[str]
) -> tuple[Attributions, Network]:
    """The maps, and the network that made them: this one, or its like on the CPU if an accelerator has no memory."""
    targets = question.targets
    chosen = targets if isinstance(targets, TopK) else torch.tensor(targets.indices)[:, None]
    try:
        maps = attribute(network, inputs, chosen, rules, question.against)
    except RuntimeError as error:
        if network.device.type == "cpu" or not is_out_of_memory(error):
            raise
        return _attributions(network.to("cpu"), inputs, question, rules)
    if not torch.isfinite(maps.logits).all():
        raise NetworkError("This network gave scores that are not numbers; its weights cannot be right.")
    return maps, network


def _notices(spec: NetworkSpec, network: Network, rules: Sequence[str], moved: bool) -> Iterator[str]:
    if not OUTPUTS[spec.outputs].is_said:
        yield _ASSUMED.format(spec.title)
    if network.ending:
        yield _ENDS.format(spec.title, network.ending.title)
    if network.coverage.idles and any(RULES[rule].needs_rectifiers for rule in rules):
        yield _IDLE.format(spec.title)
    if moved:
        yield _MOVED.format(spec.title)


def _of_each_class(shared: Callable[..., Explanation], maps: Attributions, spec: NetworkSpec) -> Iterator[Explanation]:
    """Complete `shared`, all of an Explanation but its predictions and maps, for each target."""
    logits = maps.logits[0].double().cpu()
    predicted = partial(_prediction, logits, spec=spec)
    top = tuple(map(predicted, logits.topk(min(TOP, len(logits))).indices.tolist()))
    for place, target in enumerate(maps.targets.flatten().tolist()):
        yield shared(
            target=predicted(target),
            top=top,
            attributions=MappingProxyType({rule: _map(maps[rule], place) for rule in maps.rules}),
            against=None if maps.against is None else predicted(int(maps.against.flatten()[place])),
        )


def _map(gradients: Tensor, place: int) -> NDArray[np.float32]:
    """One class's map of (K, 1, 3, side, side), a copy, so that it can be held alone."""
    return _frozen(gradients[place, 0].float().cpu().numpy().copy())


def _frozen(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array
