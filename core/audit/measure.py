"""What a network says of a few pictures: classes, and where its gradients and its evidence lie, in shares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from core.audit.evidence import evidence
from core.audit.subject import Audited
from core.networks.devices import where_it_fits
from core.networks.graph.network import Network
from core.outputs import OUTPUTS
from core.saliency.derivatives import Derivatives, differentiate
from core.saliency.reductions import saliency

CELLS = 14  # a map's side in the rows: each cell is the mean of |gradients|, the largest over colours

Shares = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Measured:
    """What is known of one picture. logits and probabilities: of the top class, and of the label's where it is one.

    explained: the class that the maps are of, the label's if it is a class of the network, else the top one. maps: by
    rule, (CELLS, CELLS) shares that sum to 1; evidence: (rows, columns) likewise; what is zero everywhere is left out.
    gradients: by rule, (3, H, W) float16, where whole ones are kept.
    """

    target: int
    logit: float
    probability: float
    explained: int
    probability_label: float | None
    maps: Mapping[str, Shares]
    evidence: Shares | None
    gradients: Mapping[str, NDArray[np.float16]]


def measure(
    subject: Audited, inputs: NDArray[np.float32], labels: Sequence[int | None], *, whole: bool = False
) -> tuple[list[Measured | None], Audited]:
    """Each of a few pictures, (N, channels, H, W), as if it were alone; None for scores that are not numbers.

    labels: the class of each picture's label. whole: whether whole gradients are wanted. The second value is the
    subject to go on with: on the CPU, once an accelerator has no memory.
    """
    found: list[Measured | None] = [None] * len(labels)
    for known in (True, False):  # whose class is given, and whose top class is asked for
        places = [place for place, label in enumerate(labels) if (label is not None) == known]
        if places:
            given = [label for label in labels if label is not None] if known else None
            results, subject = _measured(subject, torch.from_numpy(inputs[places]), given, whole=whole)
            for place, result in zip(places, results, strict=True):
                found[place] = result
    return found, subject


def _measured(
    subject: Audited, inputs: Tensor, labels: list[int] | None, *, whole: bool
) -> tuple[list[Measured | None], Audited]:
    layers = [subject.layer] if subject.layer else []
    needed = tuple(dict.fromkeys(("vanilla", *subject.rules) if layers else subject.rules))

    def rows(network: Network) -> list[Measured | None]:
        known = differentiate(network, inputs, labels, None, needed, layers, with_sums=bool(layers))
        return _rows(subject, known, labelled=labels is not None, whole=whole)

    found, network = where_it_fits(subject.network, rows)
    return found, subject if network is subject.network else replace(subject, network=network)


def _rows(subject: Audited, known: Derivatives, *, labelled: bool, whole: bool) -> list[Measured | None]:
    logits = known.logits.double().cpu()
    probabilities = torch.stack([OUTPUTS[subject.spec.outputs].probabilities(row) for row in logits])
    maps = {rule: _shares(F.adaptive_avg_pool2d(saliency(known.by_rule[rule]), CELLS)) for rule in subject.rules}
    places = _evidence(subject, known)
    gradients = {rule: known.by_rule[rule].half().cpu().numpy() for rule in subject.rules} if whole else {}
    found: list[Measured | None] = []
    for i, explained in enumerate(known.targets.tolist()):
        if not torch.isfinite(logits[i]).all():
            found.append(None)
            continue
        target = int(logits[i].argmax())
        found.append(
            Measured(
                target,
                float(logits[i, target]),
                float(probabilities[i, target]),
                explained,
                float(probabilities[i, explained]) if labelled else None,
                {rule: each for rule, shares in maps.items() if (each := shares[i]) is not None},
                None if places is None else places[i],
                {rule: each[i] for rule, each in gradients.items()},
            )
        )
    return found


def _evidence(subject: Audited, known: Derivatives) -> list[Shares | None] | None:
    if subject.layer is None:
        return None
    values, gradients = known.layers[subject.layer]
    values, gradients, of_sum = map(subject.layer.places, (values, gradients, known.sums[subject.layer]))
    return _shares(evidence(values, gradients, of_sum, known.logits.shape[1]))


def _shares(maps: Tensor) -> list[Shares | None]:
    """(N, rows, columns) >= 0 -> each as shares of its sum; None for one that is zero everywhere."""
    maps = maps.double().cpu()
    sums = maps.sum((1, 2))
    return [
        (each / total).half().numpy() if total > 0 and torch.isfinite(total) else None
        for each, total in zip(maps, sums, strict=True)
    ]
