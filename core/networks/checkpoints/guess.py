"""Which of torchvision's classifiers a checkpoint is of. Only likely ones are built, and without memory."""

import math
from collections.abc import Iterator
from contextlib import suppress

from core.errors import CheckpointError
from core.networks.checkpoints.checkpoint import Checkpoint
from core.networks.checkpoints.fit import Match
from core.networks.checkpoints.layouts import families, layout, parameters
from core.networks.checkpoints.match import UnusableWeights, match, matches, prefixes, votes
from core.networks.checkpoints.places import Place
from core.networks.checkpoints.shown import shown

_LEAST_SHARE = 0.1  # of a small network's names; fewer are an accident


def fitting(checkpoint: Checkpoint) -> tuple[Match, ...]:
    """Every network in the file that fits, those first that are no copies kept by training and leave the least out.

    The first call takes a second or two, to build the smallest network of each family.
    """
    found: list[Match] = []
    for model, places in _likely(checkpoint):
        # Where one fits, others can have the same shapes only if they have as many parameters.
        taken = all(any(match.prefix == place.prefix for match in found) for place in places)
        if not taken or parameters(model) in {parameters(match.model) for match in found}:
            with suppress(CheckpointError):
                found += matches(checkpoint, model)
    return tuple(sorted(found, key=lambda match: (match.is_a_copy, match.ignored, match.model)))


def misfit(checkpoint: Checkpoint) -> str:
    """Of a checkpoint that nothing fits, which network comes closest and why it is none; "" if one fits."""
    models = [model for model, _ in _likely(checkpoint)]
    closest = max(models, key=lambda model: _likeness(checkpoint, model), default=None)
    if closest is None:
        if checkpoint.foreign:
            return checkpoint.foreign
        name = shown(next(iter(checkpoint.shapes), ""))
        return f"None of torchvision's classifiers has tensors with names like '{name}'."
    try:
        match(checkpoint, closest)
    except UnusableWeights as error:
        return str(error)
    except CheckpointError as error:
        return checkpoint.foreign or f"This is none of torchvision's classifiers. The closest one: {error}"
    return ""


def _likely(checkpoint: Checkpoint) -> Iterator[tuple[str, list[Place]]]:
    """The models of those families whose smallest one's names are most in the file, the nearest in size first.

    Each with the places that its family's names have.
    """
    shares = {members: _share(checkpoint, members[0]) for members in families()}
    total = sum(math.prod(shape) for name, shape in checkpoint.shapes.items() if name not in checkpoint.whole)
    for members, share in sorted(shares.items(), key=lambda item: -item[1]):
        if share >= max(_LEAST_SHARE, max(shares.values()) / 2):
            places = prefixes(checkpoint, members[0])
            for model in sorted(members, key=lambda model: abs(parameters(model) - total)):
                yield model, places


def _share(checkpoint: Checkpoint, model: str) -> float:
    return max(votes(checkpoint, model).values(), default=0) / len(layout(model).shapes)


def _likeness(checkpoint: Checkpoint, model: str) -> float:
    """How much of the model and of the file are the same tensors, 0 to 1."""
    shapes = layout(model).shapes
    same = votes(checkpoint, model, lambda name, key: checkpoint.shapes[name] == shapes[key])
    return 2 * max(same.values(), default=0) / (len(shapes) + len(checkpoint.shapes))
