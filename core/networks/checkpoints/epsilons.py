"""Normalisation layers whose epsilon is not torchvision's."""

import re
from collections.abc import Callable, Iterable

from torch import nn

_LAYERS = (nn.LayerNorm, nn.BatchNorm2d)


def build_with_epsilons(build: Callable[[], nn.Module], epsilons: Iterable[tuple[str, float]]) -> nn.Module:
    """The module, with another epsilon in those layers whose whole name a pattern matches."""
    module = build()
    for name, layer in module.named_modules():
        for pattern, epsilon in epsilons:
            if isinstance(layer, _LAYERS) and re.fullmatch(pattern, name):
                layer.eps = epsilon
    return module
