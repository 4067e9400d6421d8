"""Maps of class scores by any methods: what can be shared between them is computed once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from torch import Tensor

from core.errors import RuleUnavailable
from core.estimators.kinds import AtPicture, Probed, Sampled
from core.method import Method, methods_of
from core.networks.graph.layers import Layer, layer_of
from core.networks.graph.network import Network
from core.rules import DEFAULT_RULES, RULES
from core.saliency.classes import Indices
from core.saliency.derivatives import Derivatives, differentiate
from core.saliency.running import Subject, run
from core.saliency.sampling import Pace
from core.targets import TopK
from core.values import Recipe


@dataclass(frozen=True, slots=True, eq=False)
class Attributions:
    """Maps of chosen logits, or of differences of two, by method.

    logits: (N, classes). targets: (N,) or, for K classes of each sample, (K, N), int64. against: the classes whose
    logits were subtracted, of the same shape; None for no contrast.
    attributions["guided"]: (N, 3, H, W) or (K, N, 3, H, W), signed, in logits per unit of normalised input; of other
    methods in the unit of their row. Class activation maps are the layer's own grid, (N, 1, rows, columns), maps of
    hidden pictures (N, 1, H, W).
    checks: by method, of the shape of targets: of SmoothGrad and its kin how far two halves of the samples agree, a
    rank correlation of magnitudes corrected to the whole number (Spearman-Brown); of integrated gradients the share of
    the score's difference that the map adds up to; of hidden pictures NaN. Methods without samples have none.
    samples: of methods that were left before their end: how many samples are done, and of how many.
    """

    logits: Tensor
    targets: Tensor
    by_rule: Mapping[str, Tensor]
    against: Tensor | None
    checks: Mapping[str, Tensor]
    samples: Mapping[str, tuple[int, int]]

    def __getitem__(self, method: str | Method) -> Tensor:
        return self.by_rule[str(method)]

    @property
    def rules(self) -> tuple[str, ...]:
        """The methods computed, as text, in the order asked for."""
        return tuple(self.by_rule)


def attribute(
    network: Network,
    inputs: Tensor,
    targets: Indices | TopK = None,
    rules: Sequence[str] = DEFAULT_RULES,
    against: Indices = None,
    *,
    methods: Method | str | Sequence[Method | str] | None = None,
    recipe: Recipe | None = None,
    outputs: str = "softmax",
    pace: Pace | None = None,
) -> Attributions:
    """Differentiate target logits with respect to the input: one forward pass, one backward pass per rule.

    inputs: (N, 3, H, W), already normalised for the network; not changed, whether or not it requires grad. Of a network
    of grey pictures they are (N, 1, H, W), and so are the gradients.
    targets: None (each sample's largest logit), an int, N class indices, or (K, N) of them: K classes of each sample,
    still from the same forward pass. TopK is (K, N), each sample's own. Samples do not influence each other: a batch
    equals a loop. What they are is decided once, by the picture itself, also for methods that shake or hide it.
    against: None, or classes to contrast with, in any form that targets may have and one for several where the
    numbers differ: what is differentiated is then logit[target] - logit[against]. Vanilla is the difference of the two
    vanilla maps. Guided and deconvnet are not: their rule acts on the cotangent of the difference, so that every
    rectifier passes what speaks for the one class more than for the other.
    rules: names of core.rules.RULES, which say what every gated rectifier does on the way back.
    methods: what to compute instead of the plain rules, as values or texts ("guided~smooth:50", "ig:64:black",
    "gradcam@28x28"). Methods share the forward passes that they have in common.
    recipe: by which inputs were normalised; black and white baselines need it. outputs: what logits mean, for methods
    that look at probabilities, a key of core.outputs.OUTPUTS. pace: see `core.saliency.sampling.Pace`.

    Raises UnknownClass, SameClass (a class against itself, such as a sample's largest logit), NetworkError (TopK leaves
    out the only class), RuleUnavailable (a rule that needs rectifiers on a network that has none), LayerUnavailable,
    MethodError, and ValueError for shapes or names that make no sense.
    """
    asked = _checked(network, inputs, _plain(rules) if methods is None else methods_of(methods))
    height, width = inputs.shape[-2:]
    layers = {each: layer_of(network, height, width, each.layer) for each in asked if each.about.looks_at_layer}
    at_picture = [each for each in asked if not isinstance(each.estimator, Sampled | Probed)]
    needed = tuple(dict.fromkeys(rule for each in at_picture for rule in each.backward_rules))
    found = differentiate(network, inputs, targets, against, needed, tuple(dict.fromkeys(layers.values())))
    maps = {str(each): _at_picture(each, found, inputs, layers.get(each)) for each in at_picture}
    of_many = [each for each in asked if str(each) not in maps]
    ran = run(of_many, Subject(network, inputs.detach(), found, recipe, outputs), pace or Pace())
    in_order = {str(each): (maps | ran.maps)[str(each)] for each in asked}
    return Attributions(found.logits, found.targets, in_order, found.against, ran.checks, ran.samples)


def _plain(rules: str | Sequence[str]) -> tuple[Method, ...]:
    rules = (rules,) if isinstance(rules, str) else tuple(rules)
    if not rules or not set(rules) <= set(RULES):
        raise ValueError(f"rules must be among {', '.join(RULES)}, not {', '.join(rules) or 'none'}")
    return methods_of(rules)


def _checked(network: Network, inputs: Tensor, methods: tuple[Method, ...]) -> tuple[Method, ...]:
    if not methods:
        raise ValueError("methods must be at least one")
    if inputs.ndim != 4 or inputs.shape[1] != network.channels:
        raise ValueError(f"inputs must be (N, {network.channels}, height, width), not {tuple(inputs.shape)}")
    for method in methods:
        if method.needs_rectifiers and not network.coverage.gated:
            raise RuleUnavailable(method.short, network.coverage.names)
    return methods


def _at_picture(method: Method, found: Derivatives, inputs: Tensor, layer: Layer | None) -> Tensor:
    estimator = cast(AtPicture, method.estimator)
    of_layer = None
    if layer is not None:
        values, gradients = found.layers[layer]
        of_layer = layer.places(values), layer.places(gradients)
    return estimator.at_picture(method.rule, found.by_rule, inputs.detach().to(found.logits), of_layer)
