"""Whether a checkpoint is of one of torchvision's classifiers: all its tensors, in their shapes, and no others.

What may differ is the number of classes, what all names begin with, how the last layer is wrapped, and whatever
stands in the file beside the network.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from core.errors import CheckpointError, UnknownNetwork, counted
from core.networks.checkpoints.checkpoint import Checkpoint
from core.networks.checkpoints.layouts import Layout, families, key_in, layout
from core.networks.checkpoints.shown import shown
from core.networks.checkpoints.stems import is_variant, remarks
from core.networks.titles import a_title

MOST_CLASSES = 30_000
SIDES = range(16, 1025)  # of pictures, in pixels

_COPIES = re.compile(r"(^|[._])(ema|average|teacher|momentum|swa|target)", re.IGNORECASE)
_DEEPEST = 10  # parts of a key; torchvision's have 8 at most
_MOST_PREFIXES = 8


@dataclass(frozen=True, slots=True)
class Match:
    """How a checkpoint is one of a model's.

    model: torchvision's name. prefix: what its names begin with in the file. ignored: tensors of the file that are
    not used. keys: the file's names -> the module's. side: of the pictures in pixels, if the weights are made for
    one size. bias: whether the last layer has one. stem: the shape of the first convolution's weight, which may be
    that of a network of grey or of small pictures. notices: sentences about what had to be assumed.
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
        return _COPIES.search(self.prefix) is not None


def match(checkpoint: Checkpoint, model: str) -> Match:
    """How the checkpoint is this model's. Raises UnknownNetwork, and CheckpointError with what first does not fit."""
    if not any(model in members for members in families()):
        raise UnknownNetwork(model, [])
    found, facts = [], []
    for prefix in prefixes(checkpoint, model):
        try:
            found.append(_fit(checkpoint, model, prefix))
        except _Misfit as misfit:
            facts.append(str(misfit))
    if not found:
        fact = facts[0] if facts else "the file has none of its tensors"
        raise CheckpointError(f"The file does not hold {a_title(model)}: {fact}. {checkpoint.foreign}".rstrip())
    return _preferred(found)


def prefixes(checkpoint: Checkpoint, model: str) -> list[str]:
    """What the names of the model's tensors may begin with in the file, the likeliest first; [] if none is there."""
    counts = votes(checkpoint, model).most_common(_MOST_PREFIXES)
    return [prefix for prefix, count in counts if 2 * count >= counts[0][1]]


def votes(
    checkpoint: Checkpoint, model: str, agree: Callable[[str, str], bool] = lambda name, key: True
) -> Counter[str]:
    """How many of the model's tensors the file has behind each prefix, of those that agree (file's name, key)."""
    keys = layout(model).shapes
    counts: Counter[str] = Counter()
    for name in checkpoint.shapes:
        parts = (key_in(model, name) or "").split(".")
        for start in range(max(0, len(parts) - _DEEPEST), len(parts)):
            key = ".".join(parts[start:])
            if key in keys and agree(name, key):
                counts["".join(f"{part}." for part in parts[:start])] += 1
    return counts


class _Misfit(Exception):
    """A bare fact; `match` adds of which network."""


def _preferred(found: list[Match]) -> Match:
    best = min(found, key=lambda match: (match.is_a_copy, len(match.prefix), match.prefix))
    if len(found) == 1:
        return best
    count, begins = len(found), shown(best.prefix) or "nothing"
    notice = f"The file holds {count} such networks; the one behind '{begins}' was taken."
    return replace(best, notices=(notice, *best.notices))


def _fit(checkpoint: Checkpoint, model: str, prefix: str) -> Match:
    """How the tensors behind one prefix are the model's; raises _Misfit."""
    behind = [name for name in checkpoint.shapes if name.startswith(prefix)]
    own = {key: name for name in behind if (key := key_in(model, name.removeprefix(prefix)))}
    side = _side(checkpoint, model, own)
    wanted = layout(model, side)
    notices = _straighten(own, wanted)
    classes, bias = _classes(checkpoint, own, wanted), f"{wanted.head}.bias" in own
    stem = _stem(checkpoint, own, wanted)
    _compare(checkpoint, own, wanted, {**wanted.expected(classes, bias), f"{wanted.stem}.weight": stem})
    beside = [name for name in checkpoint.shapes if not name.startswith(prefix)]
    _check_end(checkpoint, beside, classes)
    return Match(
        model=model,
        classes=classes,
        prefix=prefix,
        ignored=len(checkpoint.shapes) - len(own),
        keys={name: key for key, name in own.items()},
        side=side,
        bias=bias,
        stem=stem,
        notices=(*notices, *remarks(wanted.shapes[f"{wanted.stem}.weight"], stem), *_assumptions(classes, beside)),
    )


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
        raise _Misfit(
            f"its head has {len(layers)} layers with tensors ({names}) instead of one, and what stands between "
            "them is not in the file"
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
        raise _Misfit(f"its last layer ('{weight}') is not in the file")
    shape = checkpoint.shapes[own[weight]]
    if len(shape) != len(wanted.shapes[weight]) or not 0 < shape[0] <= MOST_CLASSES:
        raise _Misfit(f"its last layer ('{shown(own[weight])}') is {_lengths(shape)}")
    return shape[0]


def _compare(
    checkpoint: Checkpoint, own: dict[str, str], wanted: Layout, expected: Mapping[str, tuple[int, ...]]
) -> None:
    """Raise _Misfit for the first tensor that is missing, of another shape or kind, or that the model has not."""
    # Files made before torch 0.4.1 have no counters.
    missing = [key for key in expected if key not in own and not key.endswith("num_batches_tracked")]
    for key, shape in expected.items():
        if key in missing:
            raise _Misfit(f"'{key}' is not in the file" + (f" ({len(missing)} are missing)" if missing[1:] else ""))
        if key not in own:
            continue
        found = checkpoint.shapes[own[key]]
        if found != shape:
            raise _Misfit(f"'{shown(own[key])}' is {_lengths(found)} and has to be {_lengths(shape)}")
        if (own[key] in checkpoint.whole) != (key in wanted.whole):
            raise _Misfit(f"'{shown(own[key])}' does not hold the kind of numbers it should")
    for key, name in own.items():
        if key not in expected:
            raise _Misfit(f"the file has '{shown(name)}', which it does not have")


def _lengths(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape)) or "one number"


def _check_end(checkpoint: Checkpoint, beside: list[str], classes: int) -> None:
    """Raise _Misfit where another layer seems to go on from the logits: those would explain nothing."""
    for name in beside:
        if name.endswith("weight") and len(shape := checkpoint.shapes[name]) == 2 and shape[1] == classes:
            outputs = counted(classes, "output", "outputs")
            raise _Misfit(f"beside it the file has '{shown(name)}', a layer that could take its {outputs}")


def _assumptions(classes: int, beside: list[str]) -> list[str]:
    notices = []
    if beside:
        notices.append(f"Tensors beside the network were left out: {len(beside)}, such as '{shown(beside[0])}'.")
    if classes == 1000:
        notices.append("It has 1000 classes: without labels of your own they are taken to be ImageNet's.")
    if classes == 1:
        notices.append("It has a single output, which is read as a sigmoid: it, or its opposite, can be explained.")
    return notices
