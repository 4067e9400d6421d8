"""A checkpoint of one's own as a NetworkSpec: what load_network and the rest of Limelight work with."""

import hashlib
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import astuple
from functools import partial

import torch
from safetensors import SafetensorError, safe_open
from torch import nn

from core.errors import CheckpointError
from core.networks.catalogue import NetworkSpec, WeightsFile
from core.networks.checkpoints.checkpoint import Checkpoint
from core.networks.checkpoints.epsilons import build_with_epsilons
from core.networks.checkpoints.fit import SIDES, Match
from core.networks.checkpoints.heads import BETWEEN
from core.networks.checkpoints.layouts import build_of, build_with_bias, build_with_head, layout
from core.networks.checkpoints.match import match
from core.networks.checkpoints.recipes import LARGEST_RESIZE, proposed_recipe
from core.networks.checkpoints.shown import shown
from core.networks.checkpoints.stems import build_with_stem
from core.networks.labels import CLASSES
from core.networks.titles import a_title, title_of
from core.networks.weights.files import StateDict, built
from core.values import Recipe
from core.wording import counted


def describe(
    checkpoint: Checkpoint,
    model: str,
    *,
    labels: Sequence[str] | None = None,
    recipe: Recipe | None = None,
    outputs: str | None = None,
    converts_input: bool = True,
    place: str | None = None,
    between: str | None = None,
) -> NetworkSpec:
    """The spec of a checkpoint, taken to be one of torchvision's `model`.

    labels: one name a class; without them those that the file names, "class 0" and so on, or ImageNet's names for
    1000. recipe: None for `proposed_recipe`. outputs: what they mean, a key of core.outputs.OUTPUTS; None is "assumed",
    or "sigmoid" for a single one. converts_input: whether GoogLeNet and Inception v3 make TensorFlow's normalisation of
    theirs, as torchvision's weights need it; grey ones never do. place: a Match's, of which network in the file; None
    for the likeliest. between: what stands between the layers of a head that has several, a key of heads.BETWEEN, since
    the file does not tell.

    A single output has two classes: what it says, and its opposite. Labels are then the name of the first, or, as
    training numbers them, what 0 and what 1 stood for. Raises UnknownNetwork, and CheckpointError with what does not
    fit: the first such tensor, the number of labels, a value of the recipe, a single output that is one of several.
    """
    found = match(checkpoint, model, place)
    between = _checked_between(found, between)
    recipe = recipe or proposed_recipe(found, checkpoint.said)
    check_recipe(recipe)
    if recipe.channels != found.channels:
        raise CheckpointError(f"Mean and standard deviation have to be {found.channels} numbers each for this network.")
    converts_input = converts_input and recipe.channels == 3
    build = _build(checkpoint, found, recipe, between, converts_input)
    module, tensors = _tried(found, build, recipe)
    try:
        _check_tables(checkpoint, found, tensors)
        size = checkpoint.file.stat().st_size
    except (OSError, SafetensorError) as error:
        raise CheckpointError("What was read of this file is no longer there: give the file once more.") from error
    outputs = _checked_outputs(found, outputs)
    labels = labels if labels is not None else checkpoint.said.labels_for(found.classes)[1]
    categories = _opposites(labels) if found.classes == 1 else _categories(found.classes, labels)
    return NetworkSpec(
        name=_name(checkpoint, found, recipe, categories, outputs, converts_input, between),
        title=checkpoint.title,
        model=model,
        parameters=sum(parameter.numel() for parameter in module.parameters()),
        recipe=recipe,
        categories=categories,
        weights=WeightsFile(
            url="",
            name=checkpoint.file.name,
            size=size,
            digest=checkpoint.digest,
            folder=checkpoint.file.parent,
        ),
        build=build,
        rename=dict(found.keys).get,
        outputs=outputs,
        has_opposite=found.classes == 1,
    )


def check_recipe(recipe: Recipe) -> None:
    """Raise CheckpointError for a recipe that no picture could be prepared by."""
    if recipe.crop not in SIDES:
        raise CheckpointError(f"The input size has to be {SIDES[0]} to {SIDES[-1]} pixels, not {recipe.crop}.")
    if not recipe.crop <= recipe.resize <= LARGEST_RESIZE:
        raise CheckpointError(
            f"Pictures have to be resized to {recipe.crop} (the input size) to {LARGEST_RESIZE} pixels, "
            f"not {recipe.resize}."
        )
    if recipe.interpolation not in ("bilinear", "bicubic"):
        raise CheckpointError("Pictures can be resized by bilinear or bicubic interpolation only.")
    values = (*recipe.mean, *recipe.std)
    if not all(map(math.isfinite, values)) or min(recipe.std) <= 0:
        raise CheckpointError("Mean and standard deviation have to be plain numbers, the latter above 0.")


def _checked_outputs(found: Match, outputs: str | None) -> str:
    """What they mean: as was said, or as it has to be, or as is assumed."""
    if found.classes > 1:
        return outputs or "assumed"
    if outputs not in (None, "sigmoid"):
        raise CheckpointError("A single output is not one of several classes: it is read by itself, as a sigmoid.")
    return "sigmoid"


def _checked_between(found: Match, between: str | None) -> str | None:
    """What stands between the layers of the head; None where nothing is to be said, whatever was."""
    if not found.head or not found.head.is_open:
        return None
    if between not in BETWEEN:
        names = " and ".join(f"'{shown(layer.name)}'" for layer in found.head.layers)
        raise CheckpointError(
            f"What stands between the layers of its head ({names}) is not in the file: say which of "
            f"{', '.join(BETWEEN)} it is."
        )
    return between


def _build(
    checkpoint: Checkpoint, found: Match, recipe: Recipe, between: str | None, converts_input: bool
) -> Callable[[], nn.Module]:
    usual, side = layout(found.model), found.side or recipe.crop
    build = build_of(found.model, found.classes, side, converts_input=converts_input)
    build = partial(build_with_epsilons, build, checkpoint.epsilons)  # a head of one's own keeps torch's
    if found.head:
        build = partial(build_with_head, build, found.head, between)
    else:
        build = partial(build_with_bias, build, usual.head, found.bias)
    return partial(build_with_stem, build, usual.stem, found.stem)


def _tried(found: Match, build: Callable[[], nn.Module], recipe: Recipe) -> tuple[nn.Module, StateDict]:
    """The module after a dry run that shows whether it takes pictures of this size, and its tensors as they are made.

    There is memory only for the tensors that a constructor computes.
    """
    pictures = torch.empty(1, recipe.channels, recipe.crop, recipe.crop, device="meta")
    try:
        module = built(build)
        tensors = module.state_dict()
        with torch.no_grad():
            module.to("meta").eval()(pictures)
    except (RuntimeError, ValueError, AssertionError) as error:
        title, other = title_of(found.model), f"{found.side} pixels" if found.side else "another one"
        raise CheckpointError(
            f"With these weights {title} cannot take pictures of {recipe.crop} pixels: set the input size to {other}."
        ) from error
    return module, tensors


def _check_tables(checkpoint: Checkpoint, found: Match, own: StateDict) -> None:
    """Tables of indices have to be the constructor's own: others would reach out of bounds, on a GPU for good."""
    with safe_open(checkpoint.file, framework="pt") as file:
        for name, key in found.keys.items():
            fixed = name in checkpoint.whole and not key.endswith("num_batches_tracked")
            if fixed and not torch.equal(file.get_tensor(name).long(), own[key].long()):
                raise CheckpointError(
                    f"'{shown(name)}' holds other indices than {a_title(found.model)} computes: "
                    "the file is damaged, or of a network that was changed."
                )


def _categories(classes: int, labels: Sequence[str] | None) -> tuple[str, ...]:
    if labels is not None and len(labels) != classes:
        raise CheckpointError(
            f"The network has {counted(classes, 'class', 'classes')} and there {_are(len(labels))}: give one each."
        )
    if labels is not None:
        return tuple(labels)
    return CLASSES if classes == len(CLASSES) else tuple(f"class {index}" for index in range(classes))


def _are(labels: int) -> str:
    return f"{'is' if labels == 1 else 'are'} {counted(labels, 'label', 'labels')}"


def _opposites(labels: Sequence[str] | None) -> tuple[str, str]:
    """What a single output says, and its opposite."""
    match labels:
        case None:
            return "output", "opposite of the output"
        case [name]:
            return name, f"not {name}"
        case [zero, one]:
            return one, zero
    raise CheckpointError(f"The network has a single output and there {_are(len(labels))}: give one or two.")


def _name(checkpoint: Checkpoint, found: Match, recipe: Recipe, *said: object) -> str:
    """A digest of all that was said, and so of all that changes what is shown."""
    said = (checkpoint.digest, checkpoint.title, found.model, found.place, astuple(recipe), *said)
    return f"own-{hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]}"
