"""The module: EfficientNet without squeeze-and-excitation, and with ReLU6 for swish, in TensorFlow's padding."""

from collections.abc import Iterator
from math import ceil

import torch
from torch import Tensor, nn
from torch.nn import functional

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


def _unit(
    channels_in: int, channels_out: int, kernel: int, stride: int = 1, padding: int = 0, groups: int = 1
) -> nn.Sequential:
    """A convolution with batch normalisation and a rectifier."""
    return nn.Sequential(*_linear(channels_in, channels_out, kernel, stride, padding, groups), nn.ReLU6(inplace=True))


def _linear(
    channels_in: int, channels_out: int, kernel: int, stride: int = 1, padding: int = 0, groups: int = 1
) -> nn.Sequential:
    """The same without the rectifier."""
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, kernel, stride, padding, groups=groups, bias=False),
        nn.BatchNorm2d(channels_out, eps=1e-3),
    )


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
        self.expand = _unit(channels_in, wide, 1) if expansion > 1 else nn.Identity()
        self.pad = SamePadding(kernel) if stride == 2 else nn.Identity()
        within = 0 if stride == 2 else kernel // 2
        self.depthwise = _unit(wide, wide, kernel, stride, padding=within, groups=wide)
        self.project = _linear(wide, channels_out, 1)
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
        self.stem = _unit(3, _STEM, 3, 2, padding=0)
        self.blocks = nn.Sequential(*_blocks(width, depth))
        self.head = _unit(_widened(_STAGES[-1][-1], width), _HEAD, 1)
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
