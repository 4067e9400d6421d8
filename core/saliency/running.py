"""Methods of many samples: which share a run, where it begins or goes on, and what has come of it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, cast

import torch
from torch import Tensor

from core.estimators.kinds import Probed, Sampled
from core.method import Method
from core.networks.graph.network import Network
from core.saliency.baselines import baseline_of
from core.saliency.derivatives import Derivatives
from core.saliency.sampling import GradientRun, Pace, ProbeRun, Run
from core.values import Recipe


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """What is sampled: inputs (N, channels, height, width), and what is known of them at the picture itself.

    recipe, outputs: see `core.saliency.attribution.attribute`.
    """

    network: Network
    inputs: Tensor
    found: Derivatives
    recipe: Recipe | None
    outputs: str


@dataclass(frozen=True, slots=True, eq=False)
class Ran:
    """By method: maps, checks and samples, see `core.saliency.attribution.Attributions`."""

    maps: dict[str, Tensor]
    checks: dict[str, Tensor]
    samples: dict[str, tuple[int, int]]


def run(methods: Sequence[Method], subject: Subject, pace: Pace) -> Ran:
    """Begin or go on with what methods need, each input for itself, as far as the pace says."""
    groups = [(group, [_run(name, group, subject, place, pace) for place in range(len(subject.inputs))])
              for name, group in _named(_groups(methods))]  # fmt: skip
    runs = [each for _, of_group in groups for each in of_group]
    total = sum(each.total for each in runs)
    for each in runs:
        while each.done < min(each.total, pace.upto or each.total):
            try:
                each.step(subject.network)
            except BaseException:  # its samples are gone, and what would go on with it would be without them
                _drop(each, pace)
                raise
            pace.watch(sum(other.done for other in runs), total)
    maps: dict[str, Tensor] = {}
    checks: dict[str, Tensor] = {}
    samples: dict[str, tuple[int, int]] = {}
    shape, dtype = subject.found.targets.shape, subject.network.dtype
    for group, of_group in groups:
        made, checked = [each.maps() for each in of_group], [each.checks() for each in of_group]
        least = min(of_group, key=lambda each: each.done)
        for place, name in enumerate(map(str, group)):
            stacked = torch.stack([each[place] for each in made], dim=1)
            maps[name] = stacked.reshape(*shape, *stacked.shape[2:]).to(dtype)
            checks[name] = torch.stack([each[place] for each in checked], dim=1).reshape(shape)
            if least.done < least.total:
                samples[name] = least.done, least.total
    return Ran(maps, checks, samples)


def _drop(run: Run, pace: Pace) -> None:
    for key in [key for key, each in pace.runs.items() if each is run]:
        del pace.runs[key]


def _groups(methods: Sequence[Method]) -> list[tuple[Method, ...]]:
    """Those that share their points; hidden pictures are shared by none."""

    def key(method: Method) -> str:
        estimator = method.estimator
        shared = estimator.points_key if isinstance(estimator, Sampled) else str(method)
        return f"{type(estimator).__name__} {shared}"

    return [tuple(same) for _, same in groupby(sorted(methods, key=key), key)]


def _named(groups: Sequence[tuple[Method, ...]]) -> Iterator[tuple[str, tuple[Method, ...]]]:
    """Groups and the names of their runs; two that differ by nothing but the number of samples have a run each."""
    several = Counter(map(_name, groups))
    for group in groups:
        name = _name(group)
        yield name if several[name] == 1 else " ".join(map(str, group)), group


def _run(name: str, group: Sequence[Method], subject: Subject, place: int, pace: Pace) -> Run:
    """The run of one input for all its classes: the one that was begun if it is not beyond what is asked."""
    image, key = subject.inputs[place], (name, place)
    total, begun = max(_count(method, image) for method in group), pace.runs.get(key)
    if begun is None or begun.done > total:
        begun = pace.runs[key] = _begin(group, subject, place)
    begun.total = total
    return begun


def _name(group: Sequence[Method]) -> str:
    """Of a run, whatever number of samples is asked of it."""
    names = []
    for method in group:
        estimator: Any = method.estimator
        varied = {method.about.grows: 0} if method.about.grows else {}
        names.append(f"{method.rule} {replace(estimator, **varied)}")
    return " ".join(names)


def _count(method: Method, image: Tensor) -> int:
    estimator = method.estimator
    return estimator.count if isinstance(estimator, Sampled) else cast(Probed, estimator).count(*image.shape[-2:])


def _begin(group: Sequence[Method], subject: Subject, place: int) -> Run:
    network, found, recipe = subject.network, subject.found, subject.recipe
    samples = found.targets.shape[-1]
    targets = found.targets.reshape(-1, samples)[:, place]
    against = None if found.against is None else found.against.reshape(-1, samples)[:, place]
    image, first = subject.inputs[place].to(network.device, network.dtype), group[0].estimator
    if isinstance(first, Probed):
        baseline = baseline_of(first.baseline, image, recipe)
        return ProbeRun(network, image, baseline, targets, against, first, subject.outputs)
    asked = [(each.estimator, each.rule) for each in group if isinstance(each.estimator, Sampled)]
    name = asked[0][0].baseline
    baseline = torch.zeros_like(image) if name is None else baseline_of(name, image, recipe)
    return GradientRun(network, image, baseline, targets, against, asked)
