"""Question x picture x network -> explanations: what methods have in common is computed once."""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.errors import LimelightError, NetworkError, RuleUnavailable, UnknownClass
from core.explanation import Comparison, Explanation
from core.images.framing import deprocess, frame
from core.method import Method, methods_of
from core.networks.catalogue import NetworkSpec, resolve
from core.networks.devices import where_it_fits
from core.networks.graph.layers import layer_of
from core.networks.graph.network import Network
from core.networks.graph.sight import deconvnet_is_blind
from core.networks.load import load_network
from core.outputs import OUTPUTS
from core.question import Question
from core.rules import DEFAULT_RULES
from core.saliency.attribution import Attributions, attribute
from core.saliency.baselines import baseline_of
from core.saliency.sampling import Pace
from core.targets import TopK, target_of
from core.values import Picture, Prediction, Recipe

TOP = 5
_IDLE = "The ReLUs of {} never see the picture (they compute tables of positions): all its gradients are equal."
_MOVED = "{} ran out of memory on the GPU and was computed on the CPU."
_ENDS = "{} ends in {}: what is explained is the score before it."
_ASSUMED = "What the outputs of {} mean was not said: softmax is assumed, and logits are shown."
_NO_NUMBERS = "Values of this map are no numbers, or too large for one: choose another method, or another network."
_EVERYWHERE = methods_of(("vanilla",))  # what is computed where nothing asked for means anything
_BLIND = "ignores the picture: without max-pooling it is the same map for every photo"


def compare(
    picture: Picture,
    networks: Sequence[str | NetworkSpec],
    rules: Sequence[Method | str] = DEFAULT_RULES,
    target: int | None = None,
    *,
    fit: str = "crop",
    device: str = "auto",
) -> Comparison:
    """Explain one picture by every network under every rule, or by other methods: values or texts.

    networks: names, or NetworkSpecs such as one of your own checkpoint's. target: one class for all networks, or
    None for each network's own top class. fit: see `core.images.framing.frame`. A rule that means nothing for a network
    does not fail the comparison; asking for that panel does. Raises NetworkError (unknown name, weights missing, no
    such class) and MethodError.
    """
    networks = (networks,) if isinstance(networks, str | NetworkSpec) else networks
    specs = tuple(dict.fromkeys(map(resolve, networks)))
    asked = tuple(map(str, methods_of(rules)))
    question = Question(tuple(spec.name for spec in specs), asked, target_of(target), fit=fit)
    return answer(picture, specs, question, device)


def answer(picture: Picture, specs: Sequence[NetworkSpec], question: Question, device: str = "auto") -> Comparison:
    """The comparison that a question asks for. specs: of the networks it is asked of, in their order. As `explain`."""
    found = (explain(picture, spec, load_network(spec, device), question) for spec in specs)
    return Comparison(picture, tuple(explanation for each in found for explanation in each))


def explain(
    picture: Picture,
    spec: str | NetworkSpec,
    network: Network,
    question: Question = Question(),
    pace: Pace | None = None,
) -> tuple[Explanation, ...]:
    """One network's answer to a question: an explanation for each of its targets, in their order.

    spec: the name or the spec of `network`, whichever networks the question is asked of. All classes are explained from
    one forward pass and, for each rule, one batched backward pass; each as if it had been explained alone, but that its
    seconds are those of all. pace: see `attribute`. If an accelerator runs out of memory the work is done once more on
    the CPU, and the notices say so. Raises NetworkError: UnknownClass, SameClass (a class against itself), or scores
    that are no numbers.
    """
    spec, network = understood(resolve(spec), network)
    coverage = network.coverage
    image, framing = frame(picture, spec.recipe, question.fit)
    inputs, asked = torch.from_numpy(image)[None], methods_of(question.rules)
    refused = dict(_refusals(asked, network, inputs, spec.recipe))
    methods = tuple(method for method in asked if str(method) not in refused)
    start = time.perf_counter()
    maps, used = _attributions(network, inputs, question, methods or _EVERYWHERE, spec, pace or Pace())
    seconds = time.perf_counter() - start
    shared = partial(
        Explanation,
        network=spec.name,
        title=spec.title,
        seen=_frozen(deprocess(image, spec.recipe)),
        framing=framing,
        coverage=coverage,
        device=str(used.device),
        seconds=seconds,
        notices=tuple(_notices(spec, network, methods, moved=used is not network)),
    )
    blind = any(method.rule == "deconvnet" for method in methods) and deconvnet_is_blind(network)
    return tuple(_of_each_class(shared, maps, spec, refused, blind=blind))


def predict(
    picture: Picture, spec: NetworkSpec, network: Network, target: int | None = None, *, fit: str = "crop"
) -> Prediction:
    """What a network says of one class, without any gradient; None is the most probable one.

    Raises NetworkError: UnknownClass, or scores that are no numbers.
    """
    spec, network = understood(spec, network)
    image, _ = frame(picture, spec.recipe, fit)
    scores, _ = where_it_fits(network, lambda network: network(torch.from_numpy(image)[None]).cpu())
    logits = _sound(scores[0].double())
    if target is not None and not 0 <= target < len(logits):
        raise UnknownClass(target, len(logits))
    return _prediction(logits, int(logits.argmax()) if target is None else target, spec)


def understood(spec: NetworkSpec, network: Network) -> tuple[NetworkSpec, Network]:
    """What both are taken for: with the outputs that the end of the graph means, and all the classes they speak of."""
    if network.ending:
        spec = replace(spec, outputs=network.ending.outputs)
    return spec, network.with_opposite() if spec.has_opposite else network


def _sound(logits: Tensor) -> Tensor:
    """The logits, if they are numbers."""
    if not torch.isfinite(logits).all():
        raise NetworkError("This network gave scores that are not numbers; its weights cannot be right.")
    return logits


def _prediction(logits: Tensor, index: int, spec: NetworkSpec) -> Prediction:
    """One class among all of a network's logits, (classes,) float64."""
    probability = OUTPUTS[spec.outputs].probabilities(logits)[index]
    return Prediction(index, spec.categories[index], float(logits[index]), float(probability), spec.outputs)


def _refusals(methods: Sequence[Method], network: Network, inputs: Tensor, recipe: Recipe) -> Iterator[tuple[str, str]]:
    """Methods that mean nothing for this network or picture, and why."""
    for method in methods:
        if method.needs_rectifiers and not network.coverage.gated:
            yield str(method), str(RuleUnavailable(method.short, network.coverage.names))
            continue
        try:
            if method.about.looks_at_layer:
                layer_of(network, inputs.shape[-2], inputs.shape[-1], method.layer)
            if baseline := getattr(method.estimator, "baseline", None):
                baseline_of(baseline, inputs[0], recipe)
        except LimelightError as error:
            yield str(method), str(error)


def _attributions(
    network: Network, inputs: Tensor, question: Question, methods: Sequence[Method], spec: NetworkSpec, pace: Pace
) -> tuple[Attributions, Network]:
    """The maps, and the network that made them: this one, or its like on the CPU if an accelerator has no memory."""
    targets = question.targets
    chosen = targets if isinstance(targets, TopK) else torch.tensor(targets.indices)[:, None]
    return where_it_fits(
        network,
        lambda network: attribute(
            network, inputs, chosen, against=question.against, methods=methods, recipe=spec.recipe,
            outputs=spec.outputs, pace=pace,
        ),
    )  # fmt: skip


def _notices(spec: NetworkSpec, network: Network, methods: Sequence[Method], moved: bool) -> Iterator[str]:
    if not OUTPUTS[spec.outputs].is_said:
        yield _ASSUMED.format(spec.title)
    if network.ending:
        yield _ENDS.format(spec.title, network.ending.title)
    if network.coverage.idles and any(method.needs_rectifiers for method in methods):
        yield _IDLE.format(spec.title)
    if moved:
        yield _MOVED.format(spec.title)


def _of_each_class(
    shared: Callable[..., Explanation], maps: Attributions, spec: NetworkSpec, refused: dict[str, str], *, blind: bool
) -> Iterator[Explanation]:
    """Complete `shared`, all of an Explanation but its predictions, maps and remarks, for each target."""
    logits = _sound(maps.logits[0].double().cpu())
    predicted = partial(_prediction, logits, spec=spec)
    top = tuple(map(predicted, logits.topk(min(TOP, len(logits))).indices.tolist()))
    for place, target in enumerate(maps.targets.flatten().tolist()):
        found = {rule: _map(maps[rule], place) for rule in maps.rules}
        no_numbers = {rule: _NO_NUMBERS for rule, values in found.items() if not np.isfinite(values).all()}
        yield shared(
            target=predicted(target),
            top=top,
            attributions=MappingProxyType({rule: found[rule] for rule in found if rule not in no_numbers}),
            refused=MappingProxyType(refused | no_numbers),
            against=None if maps.against is None else predicted(int(maps.against.flatten()[place])),
            remarks=MappingProxyType(dict(_remarks(maps, place, blind=blind))),
            samples=MappingProxyType({rule: maps.samples[rule] for rule in maps.samples if rule not in no_numbers}),
        )


def _remarks(maps: Attributions, place: int, *, blind: bool) -> Iterator[tuple[str, str]]:
    """What a panel says of its own map, by method: what it ignores, how far it is settled, what it adds up to."""
    for name in maps.rules:
        method = Method.parse(name)
        check = float(maps.checks[name].flatten()[place]) if name in maps.checks else math.nan
        if blind and method.rule == "deconvnet":
            yield name, _BLIND
        elif math.isfinite(check):
            yield name, method.about.says(check)


def _map(gradients: Tensor, place: int) -> NDArray[np.float32]:
    """One class's map of (K, 1, channels, rows, columns), a copy, so that it can be held alone."""
    return _frozen(gradients[place, 0].float().cpu().numpy().copy())


def _frozen(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array
