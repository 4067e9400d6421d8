"""Where a network's head can be other than its architecture has it: exchanged, or elsewhere in the file."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile

from core.networks.checkpoints.checkpoint import Checkpoint
from core.networks.checkpoints.heads import Head, Layer, Order, layers_among, orders
from core.networks.checkpoints.layouts import Layout


@dataclass(frozen=True, slots=True)
class Way:
    """One way to read the tensors as a network.

    own: the module's keys -> the file's names, without those of `head`. head: one of several layers, or None. apart:
    where in the file the head is, if it is not where the body is.
    """

    own: dict[str, str]
    head: Head | None = None
    apart: str = ""


def ways(
    checkpoint: Checkpoint, wanted: Layout, own: dict[str, str], prefix: str, others: Sequence[str]
) -> Iterator[Way]:
    """All ways beside the plain one, that all of `own` is what the layout wants.

    prefix: what the names in `own` begin with. others: the same of other networks in the file, which lend no head.
    """
    for at, inputs in _exchangeable(wanted):
        inside = [name for key, name in own.items() if key.startswith(f"{at}.")]
        if inside:
            yield from _exchanged(checkpoint, own, inside, at, inputs)
        else:
            yield from _apart(checkpoint, wanted, own, prefix, others, (at, inputs))


def _exchangeable(wanted: Layout) -> list[tuple[str, int]]:
    """The modules in whose place an owner can have put a head, and how many numbers each takes."""
    weight = wanted.shapes[f"{wanted.head}.weight"]
    places = [(wanted.place, weight[1])] if len(weight) == 2 else []
    return [*places, wanted.top] if wanted.top else places


def _exchanged(checkpoint: Checkpoint, own: dict[str, str], inside: list[str], at: str, inputs: int) -> Iterator[Way]:
    layers, strange = layers_among(checkpoint.shapes, inside)
    for order in orders(layers, inputs, strange):
        if not strange and all(layer in order for layer in layers):
            yield Way({key: name for key, name in own.items() if name not in inside}, Head(at, order))


def _apart(
    checkpoint: Checkpoint, wanted: Layout, own: dict[str, str], prefix: str, others: Sequence[str],
    exchangeable: tuple[str, int],
) -> Iterator[Way]:  # fmt: skip
    """Heads among the tensors that are not the body's, if there are any then the nearest by name."""
    at, inputs = exchangeable
    body = {own[key] for key in wanted.shapes if key in own}
    foreign = tuple(other for other in others if not prefix.startswith(other))
    free = [name for name in checkpoint.shapes if name not in body and not name.startswith(foreign)]
    for names in _nearest_first(free, prefix):
        layers, strange = layers_among(checkpoint.shapes, names)
        if found := orders(layers, inputs, strange):
            of_heads = {layer for order in found for layer in order if layer}
            rest = {key: name for key, name in own.items() if not _belongs(name, of_heads)}
            yield from (_joined(wanted, rest, order, at) for order in found)
            return


def _nearest_first(names: Iterable[str], prefix: str) -> Iterator[list[str]]:
    """Groups of names that have as many parts in common with a prefix, those with most parts first."""

    def common(name: str) -> int:
        pairs = zip(name.split("."), prefix.split("."), strict=False)
        return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))

    for _, group in groupby(sorted(names, key=lambda name: -common(name)), common):
        yield list(group)


def _belongs(name: str, layers: Iterable[Layer]) -> bool:
    return name.rpartition(".")[0] in {layer.name for layer in layers}


def _joined(wanted: Layout, body: dict[str, str], order: Order, at: str) -> Way:
    """The body with a head: the architecture's own if it is one layer in its place."""
    first = next(layer for layer in order if layer)
    if len(order) > 1 or at != wanted.place:
        return Way(body, Head(at, order), apart=first.name)
    kinds = ("weight", "bias") if first.bias else ("weight",)
    own = {f"{wanted.head}.{kind}": ".".join(filter(None, (first.name, kind))) for kind in kinds}
    return Way(body | own, apart=first.name or "weight")


def takes_outputs(checkpoint: Checkpoint, beside: Sequence[str], classes: int, width: int) -> tuple[str, bool] | None:
    """A layer beside a network that could go on from its outputs, and whether it would take others with them.

    classes: how many outputs. width: what its own last layer takes, as many layers beside it do. The others would come
    from another layer beside it, or be fewer than the outputs, such as a patient's age and weight.
    """
    layers = {name: checkpoint.shapes[name] for name in beside if "weight" in name.rpartition(".")[2]}
    layers = {name: shape for name, shape in layers.items() if len(shape) == 2}
    given = {shape[0] for shape in layers.values()}
    for name, (_, taken) in layers.items():
        if taken == classes:
            return name, False
        if taken != width and (taken - classes in given or classes < taken < 2 * classes):
            return name, True
    return None
