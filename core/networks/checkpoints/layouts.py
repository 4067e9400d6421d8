"""What the state dict of each of torchvision's classifiers looks like, with any number of classes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from itertools import groupby
from typing import Any

import torch
from torch import nn
from torchvision import models

from core.networks.catalogue import lookup
from core.networks.checkpoints.heads import Head
from core.networks.checkpoints.stems import stem_of
from core.networks.weights.files import built

CONVERTING = ("googlenet", "inception_v3")  # TensorFlow's normalisation is made of ImageNet's before anything else
_UNLIKELY = 1009  # classes: a prime, and no other tensor of torchvision's has this length
_ONLY_IN_TRAINING = ("aux1.", "aux2.", "AuxLogits.")  # heads of GoogLeNet and Inception v3
_NOT_IN_A_ROW = ("vit_", "googlenet", "inception")  # networks that are more than their parts one after another
_COUNTERS = ("total_ops", "total_params")  # what tools that count operations leave in every module


@dataclass(frozen=True, slots=True)
class Layout:
    """The tensors of a network.

    shapes: by key, in the module's order; the head's first length means nothing, it is the number of classes.
    head: the layer that gives the logits ("classifier.1"). stem: the first convolution ("conv1"). place: the highest
    module that has no other tensors and, beside the head, only dropout ("classifier"). whole: keys of the tensors of
    whole numbers. children: the module's parts in order, if they are all there is to its forward pass but pooling,
    flattening and rectifiers. top: the part with the head and other linear layers, which can be exchanged as a whole,
    and how many numbers it takes.
    """

    shapes: Mapping[str, tuple[int, ...]]
    head: str
    stem: str
    place: str
    whole: frozenset[str]
    children: tuple[str, ...] = ()
    top: tuple[str, int] | None = None

    def expected(self, classes: int, bias: bool) -> dict[str, tuple[int, ...]]:
        """The shape of every tensor when there are so many classes, and the head has a bias or none."""
        weight, offset = f"{self.head}.weight", f"{self.head}.bias"
        shapes = {**self.shapes, weight: (classes, *self.shapes[weight][1:]), offset: (classes,)}
        return {key: shape for key, shape in shapes.items() if bias or key != offset}


@lru_cache(maxsize=200)
def layout(model: str, side: int | None = None) -> Layout:
    """The layout of one of torchvision's models, `side` pixels being the pictures that `build_of` is told of."""
    module = built(build_of(model, _UNLIKELY, side))
    state = module.state_dict()
    head = next(key for key, tensor in state.items() if tensor.shape[:1] == (_UNLIKELY,)).rpartition(".")[0]
    shapes = {key: tuple(tensor.shape) for key, tensor in state.items()}
    return Layout(
        shapes=shapes,
        head=head,
        stem=stem_of(shapes),
        place=_place(module, head),
        whole=frozenset(key for key, tensor in state.items() if not tensor.is_floating_point()),
        children=() if model.startswith(_NOT_IN_A_ROW) else tuple(name for name, _ in module.named_children()),
        top=_top(module, head),
    )


def build_of(
    model: str, classes: int, side: int | None = None, *, converts_input: bool = True
) -> Callable[[], nn.Module]:
    """What makes the module, without the heads that only training uses.

    side: of the pictures in pixels, for those models that are made for one size; None: the usual one. converts_input:
    whether those in CONVERTING do.
    """
    settings: dict[str, Any] = {"num_classes": classes}
    if model in CONVERTING:
        settings |= {"aux_logits": False, "transform_input": converts_input}
    if side and model.startswith("vit_"):
        settings["image_size"] = side
    if side and model.startswith("maxvit_"):
        settings["input_size"] = (side, side)
    return partial(lookup(model).build, **settings)


def build_with_bias(build: Callable[[], nn.Module], head: str, bias: bool) -> nn.Module:
    """The module, its head with a bias or without, whatever torchvision's has; a new one has no values yet."""
    module = build()
    layer = module.get_submodule(head)
    if not bias:
        layer.register_parameter("bias", None)
    elif layer.bias is None:
        layer.register_parameter("bias", nn.Parameter(torch.empty(len(layer.weight))))
    return module


def build_with_head(build: Callable[[], nn.Module], head: Head, between: str | None) -> nn.Module:
    """The module with a head of several layers in the place of torchvision's. between: a row of heads.BETWEEN."""
    module = build()
    module.set_submodule(head.at, head.build(between))
    return module


def key_in(model: str, name: str) -> str | None:
    """The module's key for a file's, without prefix: today's spelling; None for what a network can do without."""
    if name.startswith(_ONLY_IN_TRAINING) or name.rpartition(".")[2] in _COUNTERS:
        return None
    return lookup(model).rename(name)


@cache
def families() -> tuple[tuple[str, ...], ...]:
    """All of torchvision's classifiers by the file that defines them, each family's smallest network first."""

    def family(model: str) -> str:
        return models.get_model_builder(model).__module__

    ordered = sorted(models.list_models(module=models), key=lambda model: (family(model), parameters(model)))
    return tuple(tuple(members) for _, members in groupby(ordered, family))


def parameters(model: str) -> int:
    """How many parameters a model has with its 1000 classes, without building it."""
    return lookup(model).parameters


def _top(module: nn.Module, head: str) -> tuple[str, int] | None:
    name = head.partition(".")[0]
    layers = [
        layer
        for layer in module.get_submodule(name).modules()
        if next(layer.parameters(recurse=False), None) is not None
    ]
    return (name, layers[0].in_features) if len(layers) > 1 and isinstance(layers[0], nn.Linear) else None


def _place(module: nn.Module, head: str) -> str:
    place = head
    while "." in place:
        above, _, name = place.rpartition(".")
        beside = [child for key, child in module.get_submodule(above).named_children() if key != name]
        if not all(isinstance(child, nn.Dropout | nn.Identity) for child in beside):
            break
        place = above
    return place
