"""Nine networks of every family with random weights that are alive, small pictures for them, and their last layers."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torchvision import models

from core.networks.efficientnet_lite import VARIANTS, EfficientNetLite

RECTIFIED = ("resnet18", "vgg11", "densenet121", "googlenet", "efficientnet_lite0", "mobilenet_v3_small")
SMOOTH = ("convnext_tiny", "swin_t", "vit_b_16")
SIDE = 64

# The module after which values lie on the last grid that Grad-CAM can look at, by reading torchvision's source.
LAST_PART: dict[str, Callable[[nn.Module], nn.Module]] = {
    "resnet18": lambda module: module.layer4,
    "vgg11": lambda module: module.features[-2],
    "densenet121": lambda module: module.features,  # its values are rectified in place, by a function
    "googlenet": lambda module: module.inception5b,
    "efficientnet_lite0": lambda module: module.head,
    "mobilenet_v3_small": lambda module: module.features,
    "convnext_tiny": lambda module: module.features,
    "swin_t": lambda module: module.permute,
    "vit_b_16": lambda module: module.encoder.layers[-2],
}


def build(name: str, dtype: torch.dtype = torch.float64) -> nn.Module:
    """Ready to predict; batch normalisation knows what it normalises, so that no layer is all zero."""
    torch.manual_seed(len(name))
    settings = {"googlenet": {"init_weights": False}, "vit_b_16": {"image_size": SIDE}}
    if name in VARIANTS:
        variant = VARIANTS[name]
        module: nn.Module = EfficientNetLite(variant.width, variant.depth)
    else:
        module = models.get_model(name, weights=None, **settings.get(name, {}))
    for part in module.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.momentum = None  # the mean of all that it has seen
            part.reset_running_stats()
        if isinstance(part, nn.Linear):
            nn.init.normal_(part.weight, std=part.in_features**-0.5)  # the usual ones of some heads are zero
    with torch.no_grad():
        module.to(dtype).train()(torch.randn(8, 3, SIDE, SIDE, dtype=dtype))
    return module.eval()


def side_of(name: str) -> int:
    """The smallest picture that a network takes; Grad-CAM's grid on it may be a single place."""
    return SIDE if name == "vit_b_16" else SIDE // 2


def picture(side: int = SIDE, dtype: torch.dtype = torch.float64) -> Tensor:
    return torch.randn(1, 3, side, side, generator=torch.Generator().manual_seed(2)).to(dtype)
