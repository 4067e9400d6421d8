"""What has to be assumed of a network that fits, since its file does not say it: sentences for its owner."""

from collections.abc import Sequence

from core.networks.checkpoints.alike import look_alikes
from core.networks.checkpoints.checkpoint import Checkpoint
from core.networks.checkpoints.places import Place
from core.networks.checkpoints.shown import shown
from core.networks.checkpoints.ways import Way
from core.networks.titles import title_of


def joints(model: str, place: Place, way: Way) -> list[str]:
    """Sentences about how a network was put together of its parts."""
    notices = []
    if place.numbered:
        notices.append(
            f"Its parts have numbers instead of names: they are taken to be those of torchvision's {title_of(model)} "
            "in their order, with all that stands between them."
        )
    if way.apart:
        notices.append(
            f"Its head, '{shown(way.apart)}', stands apart in the file: what lies between it and the rest, such as "
            f"pooling, is taken to be as in torchvision's {title_of(model)}."
        )
    if way.head:
        names = ", ".join(f"'{shown(layer.name)}' ({layer.title})" for layer in way.head.layers)
        open_ones = "; what stands between them is not in the file and has to be said." if way.head.is_open else "."
        notices.append(f"Its head is made of {names}, in this order{open_ones}")
    return notices


def assumptions(checkpoint: Checkpoint, model: str, classes: int, beside: Sequence[str]) -> list[str]:
    """Sentences about what its outputs are, and what it was read as. beside: tensors that it does not use."""
    notices = []
    if beside:
        notices.append(f"Tensors beside the network were left out: {len(beside)}, such as '{shown(beside[0])}'.")
    if classes == 1000:
        notices.append("It has 1000 classes: without labels of your own they are taken to be ImageNet's.")
    if classes == 1:
        notices.append("It has a single output, which is read as a sigmoid: it, or its opposite, can be explained.")
    return notices if checkpoint.is_renamed else [*notices, *look_alikes(model)]
