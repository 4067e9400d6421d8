"""A small network that has every operation, pictures for it, and the noise that SmoothGrad adds to them."""

import torch
from torch import nn

from core.values import Recipe

RECIPE = Recipe(32, 32, "bilinear", (0.4, 0.5, 0.6), (0.2, 0.25, 0.3))
SIDE = 32


def module(seed=3):
    """Two convolutions, pooled: smooth enough for every oracle, and every operation in one small place."""
    torch.manual_seed(seed)
    return nn.Sequential(
        nn.Conv2d(3, 6, 3, 2, 1), nn.ReLU(inplace=True), nn.Conv2d(6, 8, 3, 2, 1), nn.ReLU(), nn.Conv2d(8, 8, 1),
        nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(32, 5),
    ).double()  # fmt: skip


def picture(seed=0, count=1):
    return torch.randn(count, 3, SIDE, SIDE, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def noises(image, samples, spread, seed=0):
    drawn = torch.Generator().manual_seed(seed)
    sigma = spread * (image.max() - image.min())
    return torch.stack([torch.randn(image.shape, generator=drawn).double() * sigma for _ in range(samples)])
