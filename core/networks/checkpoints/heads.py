"""Heads that are not the architecture's own single layer: what they are made of, and in which order.

A state dict has no order and says nothing of what has no tensors, such as ReLU. Numbers in names ("head.0", "fc2") and
the sizes of layers tell the order; where they do not, there is no head. What may stand in between is a table, of which
the owner says a row. A layer of another kind is another row of _KINDS.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

from torch import nn

Shapes = Mapping[str, tuple[int, ...]]
Order = tuple["Layer | None", ...]

_NONE: Shapes = MappingProxyType({})
_MOST_LAYERS = 12  # that could belong to a head; more are no head


@dataclass(frozen=True, slots=True)
class Between:
    """What may stand between two layers of a head, and has no tensors."""

    title: str
    make: Callable[[], nn.Module]


BETWEEN: dict[str, Between] = {
    "relu": Between("ReLU", nn.ReLU),
    "gelu": Between("GELU", nn.GELU),
    "silu": Between("SiLU (Swish)", nn.SiLU),
    "hardswish": Between("Hardswish", nn.Hardswish),
    "leaky_relu": Between("Leaky ReLU (slope 0.01)", nn.LeakyReLU),
    "elu": Between("ELU", nn.ELU),
    "tanh": Between("Tanh", nn.Tanh),
    "sigmoid": Between("Sigmoid", nn.Sigmoid),
    "nothing": Between("Nothing, or dropout alone", nn.Identity),
}


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of a head. name: in the file. kind: a row of _KINDS. inputs, outputs: numbers for each picture."""

    name: str
    kind: str
    inputs: int
    outputs: int
    bias: bool

    @property
    def title(self) -> str:
        """What it is taken to be."""
        return _KINDS[self.kind].title

    @property
    def is_norm(self) -> bool:
        """Whether it normalises."""
        return self.kind != "linear"


@dataclass(frozen=True, slots=True)
class _Kind:
    """parameters: the names of such a layer's tensors and their dimensions, without the bias."""

    title: str
    parameters: Mapping[str, int]
    build: Callable[[Layer], nn.Module]


_KINDS: dict[str, _Kind] = {
    "linear": _Kind("Linear", {"weight": 2}, lambda layer: nn.Linear(layer.inputs, layer.outputs, bias=layer.bias)),
    "batch_norm": _Kind(
        "BatchNorm", {"weight": 1, "running_mean": 1, "running_var": 1}, lambda layer: nn.BatchNorm1d(layer.inputs)
    ),
    # GroupNorm has the same tensors, RMSNorm and PReLU have no bias.
    "layer_norm": _Kind("LayerNorm, epsilon 1e-5", {"weight": 1}, lambda layer: nn.LayerNorm(layer.inputs)),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Head:
    """A head of several layers.

    at: the module whose place it takes. order: its layers, and None wherever something may stand that the file does
    not tell.
    """

    at: str
    order: Order

    @property
    def layers(self) -> tuple[Layer, ...]:
        """Those that have tensors."""
        return tuple(layer for layer in self.order if layer)

    @property
    def is_open(self) -> bool:
        """Whether its owner has to say what stands between its layers."""
        return None in self.order

    def build(self, between: str | None) -> nn.Sequential:
        """A new one. between: a row of BETWEEN, for a head that is open."""
        modules = (
            _KINDS[layer.kind].build(layer) if layer else BETWEEN[between or "nothing"].make() for layer in self.order
        )
        return nn.Sequential(*modules)

    def keys(self, names: Iterable[str]) -> dict[str, str]:
        """Of the names in a file those of this head -> the module's keys. Counters are left out."""
        places = {layer.name: f"{self.at}.{index}" for index, layer in enumerate(self.order) if layer}
        parted = ((name, *name.rpartition(".")[::2]) for name in names)
        return {
            name: f"{places[layer]}.{last}"
            for name, layer, last in parted
            if layer in places and last != "num_batches_tracked"
        }


def layers_among(shapes: Shapes, names: Iterable[str]) -> tuple[list[Layer], Shapes]:
    """What layers these tensors are; and modules of no known kind, with their weights' shapes (() of none)."""
    modules: dict[str, dict[str, tuple[int, ...]]] = defaultdict(dict)
    for name in names:
        module, _, last = name.rpartition(".")
        if last != "num_batches_tracked":
            modules[module][last] = shapes[name]
    layers = {module: _layer(module, tensors) for module, tensors in modules.items()}
    strange = {module: modules[module].get("weight", ()) for module, layer in layers.items() if not layer}
    return [layer for layer in layers.values() if layer], strange


def orders(layers: Sequence[Layer], inputs: int, strange: Shapes = _NONE) -> list[Order]:
    """Every way in which some of the layers go on from so many numbers a picture, to the end.

    strange: modules beside them that are of no known kind, and their weights' shapes; where one of these could belong
    to them no order is plain.
    """
    linear = [layer for layer in layers if layer.kind == "linear"]
    if len(layers) > _MOST_LAYERS or not linear:
        return []
    found = dict.fromkeys(_chains(_blocks(layers), inputs))
    return [order for chain in found if not _could_hold(chain, strange) and (order := _order(chain, layers))]


def _layer(name: str, tensors: Shapes) -> Layer | None:
    own = {last: len(shape) for last, shape in tensors.items() if last != "bias"}
    kind = next((kind for kind, row in _KINDS.items() if row.parameters == own), None)
    if kind is None or (bias := tensors.get("bias", (tensors["weight"][0],))) != tensors["weight"][:1]:
        return None
    if kind != "linear" and ("bias" not in tensors or {tensors[last] for last in own} != {bias}):
        return None
    shape = tensors["weight"]
    return Layer(name, kind, inputs=shape[-1], outputs=shape[0], bias="bias" in tensors)


def _blocks(layers: Sequence[Layer]) -> list[tuple[Layer, ...]]:
    """The layers whose names differ in a number, in the order of these; any other is a block of its own."""
    groups: dict[str, list[Layer]] = defaultdict(list)
    for layer in layers:
        groups[re.split(r"\d", layer.name)[0]].append(layer)
    blocks: list[tuple[Layer, ...]] = []
    for group in groups.values():
        in_order = tuple(
            sorted(group, key=lambda layer: [(type(token) is str, token) for token in _tokens(layer.name)])
        )
        numbered = all(_differ_in_a_number(before.name, after.name) for before, after in pairwise(in_order))
        blocks += [in_order] if numbered else [(layer,) for layer in in_order]
    return blocks


def _tokens(name: str) -> list[str | int]:
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", name)]


def _differ_in_a_number(name: str, other: str) -> bool:
    """Whether the first difference between two names is one between numbers."""
    first = next(((one, two) for one, two in zip(_tokens(name), _tokens(other), strict=False) if one != two), ("", ""))
    return all(isinstance(token, int) for token in first)


def _chains(blocks: list[tuple[Layer, ...]], inputs: int) -> Iterator[tuple[Layer, ...]]:
    """Blocks one behind another, each taking what the one before gives, until none does."""
    for index, block in enumerate(blocks):
        if (outputs := _outputs(block, inputs)) is not None:
            rest = [*blocks[:index], *blocks[index + 1 :]]
            ends = list(_chains(rest, outputs)) or [()]
            yield from ((*block, *end) for end in ends)


def _outputs(block: tuple[Layer, ...], inputs: int) -> int | None:
    """What a block gives for so many numbers; None if it does not take them all the way."""
    for layer in block:
        if layer.inputs != inputs:
            return None
        inputs = layer.outputs
    return inputs


def _order(chain: tuple[Layer, ...], layers: Sequence[Layer]) -> Order | None:
    """The chain with None wherever something may stand; None where that is not plain."""
    sizes = _sizes(chain)
    unused = (layer for layer in layers if layer not in chain)
    if chain[-1].is_norm or any(layer.is_norm and layer.inputs in sizes for layer in unused):
        return None
    order: list[Layer | None] = [chain[0]]
    for before, after in pairwise(chain):
        gap = _gap(before.name, after.name)
        if (before.is_norm or after.is_norm) and gap is None:
            return None
        order += [after] if gap == 1 else [None, after]
    # One normalisation with a gap on both its sides: on which of them the activation stands is anyone's guess.
    around = zip(order, order[1:], order[2:], strict=False)
    is_open = any(layer and layer.is_norm and not before and not after for before, layer, after in around)
    return None if is_open else tuple(order)


def _sizes(chain: Sequence[Layer]) -> set[int]:
    """How many numbers there are for a picture before each of the layers."""
    return {layer.outputs for layer in chain[:-1]} | {chain[0].inputs}


def _could_hold(chain: Sequence[Layer], strange: Shapes) -> bool:
    """Whether one of the strange modules is numbered among the layers, or scales what goes from one to the next."""
    places = {_place(layer.name) for layer in chain} - {None}
    scales = {(size,) for size in (*_sizes(chain), *([1] if chain[1:] else []))}
    return any(shape in scales or _place(name) in places for name, shape in strange.items())


def _place(name: str) -> str | None:
    """The module in which this one is by a number; None where it has a name."""
    place, _, last = name.rpartition(".")
    return place if last.isdecimal() else None


def _gap(before: str, after: str) -> int | None:
    """How far apart two modules of one nn.Sequential are; None if their names do not say so."""
    (place, _, first), (other, _, second) = before.rpartition("."), after.rpartition(".")
    return int(second) - int(first) if place == other and first.isdecimal() and second.isdecimal() else None
