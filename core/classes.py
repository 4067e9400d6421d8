"""Why this and not that: one network's explanations of several classes, or of several against one other."""

from collections.abc import Sequence

import torch
from torch import Tensor

from core.comparison import TOP, Explanation, explain_by
from core.errors import NetworkError
from core.networks.catalogue import NetworkSpec, resolve
from core.networks.graph.network import Network
from core.saliency.attribution import Attributions, attribute
from core.values import Picture


def explain_classes(
    picture: Picture,
    spec: str | NetworkSpec,
    network: Network,
    rules: Sequence[str] = ("vanilla", "guided"),
    classes: Sequence[int] | None = None,
    against: int | None = None,
    *,
    most: int = TOP,
    fit: str = "crop",
) -> tuple[Explanation, ...]:
    """One Explanation a class, all from one forward pass and, for each rule, one batched backward pass.

    classes: in the order wanted; None are the `most` most probable ones, most probable first, or all of a network that
    has fewer. Each Explanation equals that of `core.comparison.explain` for its class; its seconds are those of all.
    against: a class whose logit is subtracted from that of each of the others, and which is not among the most
    probable ones then. Vanilla is the difference of two maps; guided and deconvnet are not (see `attribute`).
    Raises NetworkError: UnknownClass, SameClass (a chosen class against itself).
    """
    spec = resolve(spec)
    count = min(most, len(spec.categories) - (against is not None))
    if classes is None and count < 1:
        raise NetworkError(f"{spec.title} knows one class only, so there is nothing to compare it with.")

    def most_probable(logits: Tensor) -> Tensor:
        if against is not None:
            logits[:, against : against + 1] = -torch.inf  # a slice: `attribute` says so if there is no such class
        return logits.topk(count).indices.T

    def differentiate(network: Network, inputs: Tensor, rules: Sequence[str]) -> Attributions:
        targets = most_probable if classes is None else torch.tensor(classes)[:, None]
        return attribute(network, inputs, targets, rules, against)

    return explain_by(differentiate, picture, spec, network, rules, fit)
