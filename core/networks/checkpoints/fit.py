"""Whether the tensors at one place are one of torchvision's classifiers: all of its, in their shapes, and no others.

What may differ is the number of classes, what all names begin with, what torch put around parts of the network, its
head, which may stand elsewhere in the file (ways.py), and whatever stands in the file beside the network.
"""

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from core.networks.checkpoints.assumed import assumptions, joints
from core.networks.checkpoints.checkpoint import Checkpoint
from core.networks.checkpoints.heads import Head
from core.networks.checkpoints.layouts import Layout, layout
from core.networks.checkpoints.places import Place, is_a_copy
from core.networks.checkpoints.shown import shown
from core.networks.checkpoints.stems import is_variant, remarks
from core.networks.checkpoints.ways import Way, takes_outputs, ways
from core.wording import counted

MOST_CLASSES = 30_000
SIDES = range(16, 1025)  # of pictures, in pixels

_READ = (
    "a head is read if it is one nn.Sequential of Linear, BatchNorm and LayerNorm, and in a notebook, prepare(module) "
    "takes the module itself, with its weights loaded"
)
_COUNTER = "num_batches_tracked"


@dataclass(frozen=True, slots=True)
class Match:
    """How a checkpoint is one of a model's.

    model: torchvision's name. prefix: what its names begin with in the file. ignored: tensors of the file that are
    not used. keys: the file's names -> the module's. side: of the pictures in pixels, if the weights are made for
    one size. bias: whether the last layer has one. stem: the shape of the first convolution's weight, which may be
    that of a network of grey or of small pictures. notices: sentences about what had to be assumed. head: one of
    several layers, in the place of the architecture's own. apart: where else in the file the head is.
    """

    model: str
    classes: int
    prefix: str
    ignored: int
    keys: Mapping[str, str] = field(repr=False, compare=False)
    stem: tuple[int, ...]
    side: int | None = None
    bias: bool = True
    notices: tuple[str, ...] = ()
    head: Head | None = None
    apart: str = ""

    @property
    def place(self) -> str:
        """Which of the networks in the file it is; by this it can be asked for."""
        return f"{self.prefix} + {self.apart}" if self.apart else self.prefix

    @property
    def channels(self) -> int:
        """Of its pictures: 3, or 1 for grey."""
        return self.stem[1]

    @property
    def is_small(self) -> bool:
        """Whether its first layer is another one, for small pictures."""
        return self.stem[2:] != layout(self.model).shapes[f"{layout(self.model).stem}.weight"][2:]

    @property
    def is_a_copy(self) -> bool:
        """Whether its names are those of a running average or a teacher, which training keeps beside the network."""
        return is_a_copy(self.place)


class Misfit(Exception):
    """A bare fact; `match` adds of which network."""


class Unusable(Misfit):
    """The sentence about a tensor that is needed and cannot be used."""


def fits(checkpoint: Checkpoint, model: str, place: Place, others: Sequence[str]) -> list[Match]:
    """How the tensors at one place are the model's, several times if there are several heads.

    Raises Misfit, and Unusable.
    """
    own = _own(checkpoint, model, place)
    try:
        return [_fit(checkpoint, model, place, Way(dict(own)))]
    except Unusable:
        raise
    except Misfit:
        found, wanted = [], layout(model, _side(checkpoint, model, own))
        for way in ways(checkpoint, wanted, own, place.prefix, others):
            with suppress(Misfit):
                found.append(_fit(checkpoint, model, place, way))
        if found:
            return found
        raise


def _own(checkpoint: Checkpoint, model: str, place: Place) -> dict[str, str]:
    """The module's keys -> the file's names, of all tensors at a place; raises Misfit.

    Counters that batch normalisation has not there, or not so, are left out: a network that is trained reads none.
    """
    shapes, own = layout(model).shapes, dict[str, str]()
    for name in checkpoint.shapes:
        key = place.key(model, name) if name.startswith(place.prefix) else None
        if key is None or (key.endswith(_COUNTER) and not (key in shapes and _is_counter(checkpoint, name))):
            continue
        if key in own:
            raise Misfit(f"the file has both '{shown(own[key])}' and '{shown(name)}'")
        own[key] = name
    return own


def _is_counter(checkpoint: Checkpoint, name: str) -> bool:
    return not checkpoint.shapes[name] and name in checkpoint.whole and name not in checkpoint.unusable


def _fit(checkpoint: Checkpoint, model: str, place: Place, way: Way) -> Match:
    """How these tensors are the model's; raises Misfit."""
    own, head = way.own, way.head
    side = _side(checkpoint, model, own)
    wanted = layout(model, side)
    _check_usable(checkpoint, model, place, own)
    if head:
        notices, classes, bias = [], head.layers[-1].outputs, True
        expected = {key: shape for key, shape in wanted.shapes.items() if not key.startswith(f"{head.at}.")}
        of_head = head.keys(checkpoint.shapes)
    else:
        notices, of_head = _straighten(own, wanted), dict[str, str]()
        classes, bias = _classes(checkpoint, own, wanted), f"{wanted.head}.bias" in own
        expected = wanted.expected(classes, bias)
    stem = _stem(checkpoint, own, wanted)
    _compare(checkpoint, own, wanted, {**expected, f"{wanted.stem}.weight": stem})
    keys = {name: key for key, name in own.items()} | of_head
    beside = [name for name in checkpoint.shapes if not name.startswith(place.prefix) and name not in keys]
    _check_end(checkpoint, beside, classes, wanted.shapes[f"{wanted.head}.weight"][1])
    of_stem = remarks(wanted.shapes[f"{wanted.stem}.weight"], stem)
    return Match(
        model=model,
        classes=classes,
        prefix=place.prefix,
        ignored=len(checkpoint.shapes) - len(keys),
        keys=keys,
        side=side,
        bias=bias,
        stem=stem,
        notices=(
            *notices,
            *of_stem,
            *joints(model, place, way),
            *assumptions(checkpoint, model, classes, beside),
        ),
        head=head,
        apart=way.apart,
    )


def _check_usable(checkpoint: Checkpoint, model: str, place: Place, own: Mapping[str, str]) -> None:
    """Raise Unusable for the first tensor of the network, of a right name, that cannot be used."""
    for name, sentence in checkpoint.unusable.items():
        key = place.key(model, name) if name.startswith(place.prefix) else None
        missing = key in layout(model).shapes and key not in own and not name.endswith(_COUNTER)
        if missing or name in own.values():
            raise Unusable(sentence)


def _side(checkpoint: Checkpoint, model: str, own: Mapping[str, str]) -> int | None:
    """The size of pictures that a vision transformer's table of positions is made for; None for others."""
    table = checkpoint.shapes.get(own.get("encoder.pos_embedding", ""), ())
    if not model.startswith("vit_") or len(table) != 3:
        return None
    side = math.isqrt(max(0, table[1] - 1)) * layout(model).shapes["conv_proj.weight"][3]
    return side if side in SIDES else None


def _straighten(own: dict[str, str], wanted: Layout) -> list[str]:
    """Give a last layer that was replaced together with the dropout around it, or wrapped anew, its usual key."""
    inside = [key for key in own if key.startswith(f"{wanted.place}.")]
    layers = list(dict.fromkeys(key.rpartition(".")[0] for key in inside))
    if len(layers) > 1:
        names = " and ".join(f"'{shown(layer)}'" for layer in layers[:2])
        raise Misfit(
            f"its head has {len(layers)} layers with tensors ({names}) instead of one, and their order or kind is not "
            f"plain; {_READ}"
        )
    if not layers or layers == [wanted.head]:
        return []
    for key in inside:
        own[f"{wanted.head}.{key.rpartition('.')[2]}"] = own.pop(key)
    return [
        f"The last layer is '{shown(layers[0])}' instead of '{wanted.head}': dropout around it makes no difference, "
        "and an activation there would not be seen."
    ]


def _stem(checkpoint: Checkpoint, own: Mapping[str, str], wanted: Layout) -> tuple[int, ...]:
    """The shape of the first convolution's weight: that in the file if it may be one, else the usual one."""
    key = f"{wanted.stem}.weight"
    usual, found = wanted.shapes[key], checkpoint.shapes.get(own.get(key, ""), ())
    return found if is_variant(wanted.stem, usual, found) else usual


def _classes(checkpoint: Checkpoint, own: Mapping[str, str], wanted: Layout) -> int:
    weight = f"{wanted.head}.weight"
    if weight not in own:
        raise Misfit(f"its last layer ('{weight}') is not in the file, nor another head in a plain order; {_READ}")
    shape = checkpoint.shapes[own[weight]]
    if len(shape) != len(wanted.shapes[weight]) or not 0 < shape[0] <= MOST_CLASSES:
        raise Misfit(f"its last layer ('{shown(own[weight])}') is {_lengths(shape)}")
    return shape[0]


def _compare(
    checkpoint: Checkpoint, own: dict[str, str], wanted: Layout, expected: Mapping[str, tuple[int, ...]]
) -> None:
    """Raise Misfit for the first tensor that is missing, of another shape or kind, or that the model has not."""
    # Files made before torch 0.4.1 have no counters.
    missing = [key for key in expected if key not in own and not key.endswith(_COUNTER)]
    for key, shape in expected.items():
        if key in missing:
            raise Misfit(f"'{key}' is not in the file" + (f" ({len(missing)} are missing)" if missing[1:] else ""))
        if key not in own:
            continue
        found = checkpoint.shapes[own[key]]
        if found != shape:
            raise Misfit(f"'{shown(own[key])}' is {_lengths(found)} and has to be {_lengths(shape)}")
        if (own[key] in checkpoint.whole) != (key in wanted.whole):
            raise Misfit(f"'{shown(own[key])}' does not hold the kind of numbers it should")
    for key, name in own.items():
        if key not in expected:
            raise Misfit(f"the file has '{shown(name)}', which it does not have")


def _lengths(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape)) or "one number"


def _check_end(checkpoint: Checkpoint, beside: list[str], classes: int, width: int) -> None:
    """Raise Misfit where another layer seems to go on from the logits: those would explain nothing."""
    if found := takes_outputs(checkpoint, beside, classes, width):
        name, with_others = found
        outputs = counted(classes, "output", "outputs")
        fact = f"beside it the file has '{shown(name)}', a layer that could take its {outputs}"
        raise Misfit(f"{fact} together with others" if with_others else fact)
