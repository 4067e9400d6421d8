"""Runs: estimators that ask a network many times, a batch at a time: to be watched, ended early and gone on with.

Sums are of float64 on the CPU, and batches of one size, so that a map is the same whoever computes it. A run holds its
sums and not the network, which may have been let go of before it is gone on with.
"""

import math
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

import torch
from torch import Tensor

from core.estimators.kinds import Probed, ProbeSums, Sampled
from core.networks.graph.network import Network
from core.outputs import OUTPUTS
from core.runtime.memory import batch_for
from core.saliency.agreement import spearman
from core.saliency.derivatives import differentiate


class Run(Protocol):
    """done, total: of samples; the total may be raised. maps: of what is done, by the estimators' place, (K, C, h, w).

    checks: by place, (K,): see Attributions.checks; NaN where there is none.
    """

    done: int
    total: int

    @property
    def nbytes(self) -> int:
        """Memory held by the sums."""

    def step(self, network: Network) -> None:
        """One batch."""

    def maps(self) -> list[Tensor]: ...

    def checks(self) -> list[Tensor]: ...


Watch = Callable[[int, int], None]
Runs = MutableMapping[tuple[str, int], Run]


@dataclass(frozen=True, slots=True)
class Pace:
    """How far and under whose eyes methods of many samples go.

    watch: called after every batch with how many samples are done and of how many; what it raises ends the work. runs:
    where runs are kept, ended ones too, by what they share and the place of their input; they are gone on with when the
    same is asked again of the same inputs and classes, or more samples of it. upto: at least so many samples of each
    run, less than a batch more, for a look before the end; None is to the end.
    """

    watch: Watch = lambda done, total: None
    runs: Runs = field(default_factory=dict)
    upto: int | None = None


class GradientRun:
    """Estimators by gradients at the same points, under one rule each; image and baseline (channels, height, width).

    targets, against: (K,) classes; against may be None.
    """

    def __init__(
        self, network: Network, image: Tensor, baseline: Tensor, targets: Tensor, against: Tensor | None,
        asked: Sequence[tuple[Sampled, str]],
    ) -> None:  # fmt: skip
        self._image, self._baseline = image, baseline
        self._targets, self._against, self._asked = targets, against, asked
        self.done, self.total = 0, max(estimator.count for estimator, _ in asked)
        if any(estimator.adds_up for estimator, _ in asked):
            self._difference = self._score(network, image) - self._score(network, baseline)
        self._points = asked[0][0].points(image, baseline)
        self._rules = tuple(dict.fromkeys(rule for _, rule in asked))
        moments = 2 if any(estimator.needs_squares for estimator, _ in asked) else 1
        # By rule: of even and of odd points, Σ w g and Σ w g².
        self._sums = {
            rule: torch.zeros(2, moments, len(targets), *image.shape, dtype=torch.float64) for rule in self._rules
        }
        self._weights = torch.zeros(2, dtype=torch.float64)

    @property
    def nbytes(self) -> int:
        return sum(sums.nbytes for sums in self._sums.values())

    def step(self, network: Network) -> None:
        """One batch."""
        points, weights = zip(*islice(self._points, _batch(network, self)), strict=True)
        classes = self._targets[:, None].expand(-1, len(points))
        rivals = None if self._against is None else self._against[:, None].expand(-1, len(points))
        found = differentiate(network, torch.stack(points), classes, rivals, self._rules)
        halves = torch.zeros(2, len(points), dtype=torch.float64)  # the weight of each point in each half
        for place, weight in enumerate(weights):
            halves[(self.done + place) % 2, place] = weight
        self._weights += halves.sum(1)
        for rule, gradients in found.by_rule.items():
            for power, sums in enumerate(self._sums[rule].unbind(1), start=1):
                sums += _weighted(halves, gradients, power)
        self.done += len(points)

    def maps(self) -> list[Tensor]:
        return [self._finished(estimator, rule, slice(0, 2)) for estimator, rule in self._asked]

    def _finished(self, estimator: Sampled, rule: str, halves: slice) -> Tensor:
        moments, weight = self._sums[rule][halves].sum(0), float(self._weights[halves].sum())
        return estimator.finish(moments, weight, self._image.cpu(), self._baseline.cpu())

    def checks(self) -> list[Tensor]:
        return [self._check(estimator, rule) for estimator, rule in self._asked]

    def _check(self, estimator: Sampled, rule: str) -> Tensor:
        if estimator.adds_up:
            sums = self._finished(estimator, rule, slice(0, 2)).flatten(1).sum(1)
            return sums / self._difference
        if self.done < 2:
            return torch.full((len(self._targets),), torch.nan, dtype=torch.float64)
        halves = [self._finished(estimator, rule, slice(half, half + 1)).abs().amax(1) for half in (0, 1)]
        agreed = torch.tensor([_agreement(one, other) for one, other in zip(*halves, strict=True)], dtype=torch.float64)
        whole = 2 * agreed / (1 + agreed)  # Spearman-Brown: of two runs as long as the whole
        return torch.where(agreed > 0, whole, agreed)

    def _score(self, network: Network, image: Tensor) -> Tensor:
        return _scores(network(image[None]), self._targets, self._against)[:, 0].cpu().double()


class ProbeRun:
    """One estimator by outputs alone. outputs: what they mean, a key of core.outputs.OUTPUTS."""

    def __init__(
        self, network: Network, image: Tensor, baseline: Tensor, targets: Tensor, against: Tensor | None,
        estimator: Probed, outputs: str,
    ) -> None:  # fmt: skip
        self._image, self._baseline = image, baseline
        self._targets, self._against, self._estimator, self._outputs = targets, against, estimator, outputs
        height, width = image.shape[-2:]
        self.done, self.total = 0, estimator.count(height, width)
        self._masks = estimator.masks(height, width)
        self._sums = ProbeSums.start(self._scored(network, image[None])[:, 0], height, width)

    @property
    def nbytes(self) -> int:
        return self._sums.masks.nbytes + self._sums.products.nbytes

    def step(self, network: Network) -> None:
        """One batch."""
        masks = torch.stack(list(islice(self._masks, _batch(network, self))))
        hidden = masks[:, None].to(self._image)
        scores = self._scored(network, self._image * (1 - hidden) + self._baseline * hidden)
        self._sums.add(scores, masks)
        self.done += len(masks)

    def maps(self) -> list[Tensor]:
        return [self._estimator.finish(self._sums)[:, None]]

    def checks(self) -> list[Tensor]:
        return [torch.full((len(self._targets),), torch.nan, dtype=torch.float64)]

    def _scored(self, network: Network, images: Tensor) -> Tensor:
        """(K, N), on the CPU."""
        logits = network(images).cpu().double()  # in this order: not every device has float64
        if self._estimator.uses_probability:
            logits = OUTPUTS[self._outputs].probabilities(logits)
        return _scores(logits, self._targets, self._against)


def _batch(network: Network, run: Run) -> int:
    return min(batch_for(network.device), run.total - run.done)


def _weighted(halves: Tensor, gradients: Tensor, power: int) -> Tensor:
    """Σ w g, or Σ w g² of power 2, of each half: (2, K, ...) on the CPU, of gradients (K, N, ...). halves: (2, N)."""
    exact = gradients.double() if gradients.device.type != "mps" else gradients.cpu().double()  # which has no float64
    return torch.tensordot(halves.to(exact.device), exact.square() if power == 2 else exact, ([1], [1])).cpu()


def _scores(values: Tensor, targets: Tensor, against: Tensor | None) -> Tensor:
    """(N, classes) -> (K, N), of each target, less those of what it is contrasted with."""
    found = values.T[targets.to(values.device)]
    return found if against is None else found - values.T[against.to(values.device)]


def _agreement(one: Tensor, other: Tensor) -> float:
    """Rank correlation; NaN where a half is the same everywhere."""
    flat = any(float(half.min()) == float(half.max()) for half in (one, other))
    return math.nan if flat else spearman(one.numpy(), other.numpy())
