"""Why this and not that: one network's explanations of several classes, or of several against one other."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from core.comparison import TOP, Explanation, explain_by
from core.errors import NetworkError
from core.networks.gates import Ruling
from core.networks.network import Network
from core.networks.registry import Architecture, known_as
from core.saliency.attribution import Attributions, attribute
from core.values import Picture


def explain_classes(
    picture: Picture,
    known: str | Architecture,
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
    known = known_as(known)
    count = min(most, len(known.categories) - (against is not None))
    if classes is None and count < 1:
        raise NetworkError(f"{known.title} knows one class only, so there is nothing to compare it with.")

    def differentiate(network: Network, inputs: Tensor, rules: Sequence[str]) -> Attributions:
        if classes is not None:
            return attribute(network, inputs, torch.tensor(classes)[:, None], rules, against)
        best = torch.zeros(count, 1, dtype=torch.int64)
        ranking = _Ranking(network.graph, network.coverage, network.device, network.dtype, best, against)
        return attribute(ranking, inputs, best, rules, against)

    return explain_by(differentiate, picture, known, network, rules, fit)


@dataclass(frozen=True, eq=False)
class _Ranking(Network):
    """A network whose forward pass notes its most probable classes in `best`, (K, 1), all but `but`.

    So that they can be differentiated in that same pass, although nobody knows them before.
    """

    best: Tensor
    but: int | None

    def logits(self, inputs: Tensor, ruling: Ruling) -> Tensor:
        logits = super().logits(inputs, ruling)
        ranked = logits.detach().clone()
        if self.but is not None:
            ranked[:, self.but : self.but + 1] = -torch.inf
        self.best.copy_(ranked.topk(len(self.best)).indices.T)
        return logits
