"""The gradient of class scores with respect to the input, under every rule, from one forward pass."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from core.errors import NetworkError, RuleUnavailable, SameClass, UnknownClass
from core.networks.graph.gates import Ruling
from core.networks.graph.network import Network, laid_out
from core.rules import DEFAULT_RULES, RULES, applicable
from core.targets import TopK

Indices = int | Tensor | Sequence[int] | None


@dataclass(frozen=True, slots=True, eq=False)
class Attributions:
    """Signed input gradients of chosen logits, or of differences of two, by rule.

    logits: (N, classes). targets: (N,) or, for K classes of each sample, (K, N), int64. against: the classes whose
    logits were subtracted, of the same shape; None for no contrast.
    attributions["guided"]: (N, 3, H, W) or (K, N, 3, H, W), in logits per unit of normalised input.
    """

    logits: Tensor
    targets: Tensor
    by_rule: Mapping[str, Tensor]
    against: Tensor | None = None

    def __getitem__(self, rule: str) -> Tensor:
        return self.by_rule[rule]

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules computed, in the order asked for."""
        return tuple(self.by_rule)


def attribute(
    network: Network,
    inputs: Tensor,
    targets: Indices | TopK = None,
    rules: Sequence[str] = DEFAULT_RULES,
    against: Indices = None,
) -> Attributions:
    """Differentiate target logits with respect to the input: one forward pass, one backward pass per rule.

    inputs: (N, 3, H, W), already normalised for the network; not changed, whether or not it requires grad. Of a network
    of grey pictures they are (N, 1, H, W), and so are the gradients.
    targets: None (each sample's largest logit), an int, N class indices, or (K, N) of them: K classes of each sample,
    still from the same forward pass. TopK is (K, N), each sample's own. Samples do not influence each other: a batch
    equals a loop.
    against: None, or classes to contrast with, in any form that targets may have and one for several where the
    numbers differ: what is differentiated is then logit[target] - logit[against]. Vanilla is the difference of the two
    vanilla maps. Guided and deconvnet are not: their rule acts on the cotangent of the difference, so that every
    rectifier passes what speaks for the one class more than for the other.
    rules: names of core.rules.RULES, which say what every gated rectifier does on the way back.

    Raises UnknownClass, SameClass (a class against itself, such as a sample's largest logit), NetworkError (TopK leaves
    out the only class), RuleUnavailable (a rule that needs rectifiers on a network that has none), and ValueError for
    shapes or names that make no sense.
    """
    rules = _checked_rules(network, rules)
    if inputs.ndim != 4 or inputs.shape[1] != network.channels:
        raise ValueError(f"inputs must be (N, {network.channels}, height, width), not {tuple(inputs.shape)}")
    ruling, device = Ruling(), network.device.type
    with torch.inference_mode(False), torch.enable_grad(), torch.autocast(device, enabled=False):
        image = laid_out(inputs.detach().clone().to(network.device, network.dtype)).requires_grad_()
        logits = network.logits(image.clone(), ruling)  # a copy, since a network may write into its input
        indices, rivals = _checked_pair(targets, against, logits)
        several = indices.ndim == 2 and len(indices) > 1  # vmap costs time, also for one class
        cotangents = _cotangents(indices, rivals, logits)
        if not several:
            cotangents = cotangents.reshape(logits.shape)
        by_rule = {}
        for rule in rules:
            ruling.rule = RULES[rule]
            (gradient,) = torch.autograd.grad(
                logits, image, cotangents, retain_graph=rule != rules[-1], is_grads_batched=several
            )
            by_rule[rule] = gradient.reshape(*indices.shape, *image.shape[1:]).contiguous()
    return Attributions(logits.detach(), indices, by_rule, rivals)


def _checked_rules(network: Network, rules: Sequence[str]) -> tuple[str, ...]:
    rules = (rules,) if isinstance(rules, str) else tuple(dict.fromkeys(rules))
    if not rules or not set(rules) <= set(RULES):
        raise ValueError(f"rules must be among {', '.join(RULES)}, not {', '.join(rules) or 'none'}")
    meaningful = applicable(rules, has_rectifiers=network.coverage.gated > 0)
    for rule in rules:
        if rule not in meaningful:
            raise RuleUnavailable(rule, network.coverage.names)
    return rules


def _cotangents(indices: Tensor, rivals: Tensor | None, logits: Tensor) -> Tensor:
    """(N, classes) or (K, N, classes): 1 at the target, and -1 at the class it is contrasted with."""
    cotangents = torch.zeros(*indices.shape, logits.shape[1], device=logits.device, dtype=logits.dtype)
    cotangents.scatter_(-1, indices[..., None], 1)
    return cotangents if rivals is None else cotangents.scatter_(-1, rivals[..., None], -1)


def _checked_pair(targets: Indices | TopK, against: Indices, logits: Tensor) -> tuple[Tensor, Tensor | None]:
    """The target classes, and those they are contrasted with, of one shape (N,) or (K, N)."""
    if targets is None:
        indices = logits.detach().argmax(dim=1)
    elif isinstance(targets, TopK):
        indices = _most_probable(targets, logits.detach())
    else:
        indices = _checked_classes("targets", targets, logits)
    if against is None:
        return indices, None
    rivals = _checked_classes("against", against, logits)
    try:
        indices, rivals = torch.broadcast_tensors(indices, rivals)
    except RuntimeError:
        shapes = f"{tuple(indices.shape)} and {tuple(rivals.shape)}"
        raise ValueError(f"targets and against must be as many, or one of them one a sample, not {shapes}") from None
    if len(same := indices[indices == rivals]):
        raise SameClass(int(same[0]))
    return indices, rivals


def _most_probable(targets: TopK, logits: Tensor) -> Tensor:
    """(K, N) class indices, the largest logits first."""
    left = logits.shape[1]
    if targets.excluding is not None:
        excluded = _checked_classes("excluding", targets.excluding, logits)
        logits, left = logits.scatter(1, excluded[:, None], -torch.inf), left - 1
    if left == 0:
        raise NetworkError("This network knows one class only, so there is nothing to compare it with.")
    return logits.topk(min(targets.k, left)).indices.T


def _checked_classes(name: str, classes: int | Tensor | Sequence[int], logits: Tensor) -> Tensor:
    """Class indices of shape (N,) or (K, N), all of them classes of the network; `name` is for messages."""
    samples, known = logits.shape
    indices = torch.as_tensor(classes, device=logits.device)
    if indices.is_floating_point() or indices.is_complex() or indices.dtype == torch.bool:
        raise ValueError(f"{name} must be class indices, not {indices.dtype}")
    indices = indices.long().expand(samples) if indices.ndim == 0 else indices.long()
    if indices.ndim > 2 or indices.shape[-1] != samples or indices.numel() == 0:
        raise ValueError(f"{name} must be ({samples},) or (K, {samples}), not {tuple(indices.shape)}")
    for extreme in (int(indices.min()), int(indices.max())):
        if not 0 <= extreme < known:
            raise UnknownClass(extreme, known)
    return indices
