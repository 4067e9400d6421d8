"""Checkpoints as people bring them, and as nobody should."""

import json
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from core.networks.catalogue import lookup
from core.networks.checkpoints.checkpoint import Checkpoint
from core.networks.checkpoints.layouts import layout
from core.networks.checkpoints.translate import translate
from core.networks.checkpoints.unpack import SAID
from core.networks.weights.files import built
from tests.networks.made_weights import random_state

State = dict[str, Tensor]


def state_of(model: str, classes: int = 7) -> State:
    """A state dict of one of torchvision's models with values that neither vanish nor explode."""
    head = layout(model).head
    state = random_state(model)
    return {key: value[:classes].clone() if key.startswith(f"{head}.") else value for key, value in state.items()}


def shapes_of(model: str, classes: int = 7, **settings: object) -> State:
    """The same without values, which large models take long to get."""
    return built(partial(lookup(model).build, num_classes=classes, **settings)).state_dict()


def renamed(state: State, old: str, new: str) -> State:
    """The state with another beginning of some names."""
    return {new + key[len(old) :] if key.startswith(old) else key: value for key, value in state.items()}


def outline(state: State) -> Checkpoint:
    """A checkpoint as far as names and shapes go; it has no file."""
    whole = frozenset(key for key, value in state.items() if not value.is_floating_point())
    shapes = {key: tuple(value.shape) for key, value in state.items()}
    return Checkpoint("mine.pth", "0" * 64, Path("nowhere.safetensors"), shapes, whole)


def kept(state: State, folder: Path) -> Checkpoint:
    """A checkpoint as it is after reading."""
    file = folder / "mine.safetensors"
    save_file({key: value.contiguous() for key, value in state.items()}, file)
    return replace(outline(state), file=file)


def sketched(state: State, folder: Path) -> Checkpoint:
    """An outline whose file has the whole numbers only, which are all that describing looks at."""
    known = outline(state)
    return replace(known, file=kept({key: state[key] for key in known.whole}, folder).file)


def zeros(**shapes: tuple[int, ...]) -> State:
    """Tensors of zeros by name."""
    return {key: torch.zeros(shape) for key, shape in shapes.items()}


def translated(state: State, folder: Path, **notes: object) -> Checkpoint:
    """A checkpoint as it is after reading a file that also says `notes`."""
    file = folder / "theirs.safetensors"
    save_file({key: value.contiguous() for key, value in state.items()}, file, {SAID: json.dumps({"notes": notes})})
    translation = translate(file)
    read = outline(load_file(file))
    said = translation.completed(read.said)
    return replace(
        read, file=file, said=said, is_renamed=translation.dialect is not None, epsilons=translation.epsilons,
        foreign=translation.foreign,
    )  # fmt: skip
