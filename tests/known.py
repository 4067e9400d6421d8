"""Nine networks of every family with random weights that are alive, small pictures for them, and their last layers."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torchvision import models

from core.networks.efficientnet_lite import VARIANTS
from core.networks.efficientnet_lite.module import EfficientNetLite

RECTIFIED = ("resnet18", "vgg11", "densenet121", "googlenet", "efficientnet_lite0", "mobilenet_v3_small")
SMOOTH = ("convnext_tiny", "swin_t", "vit")
SIDE = 64
_NARROW = ((512 * 7 * 7, 256), (256, 256), (256, 1000))  # VGG's head

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
    "vit": lambda module: module.encoder.layers[-2],
}


def build(name: str, dtype: torch.dtype = torch.float64) -> nn.Module:
    """Ready to predict; batch normalisation knows what it normalises, so that no layer is all zero."""
    torch.manual_seed(len(name))
    module = _structure(name)
    for part in module.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.momentum = None  # the mean of all that it has seen
            part.reset_running_stats()
        if isinstance(part, nn.Linear):
            nn.init.normal_(part.weight, std=part.in_features**-0.5)  # the usual ones of some heads are zero
    with torch.no_grad():
        module.to(dtype).train()(torch.randn(8, 3, SIDE, SIDE, dtype=dtype))
    return module.eval()


def _structure(name: str) -> nn.Module:
    """As torchvision makes it. Where size alone would cost most of the time, it is small: a ViT of four blocks, and
    a VGG whose head is narrow."""
    if name in VARIANTS:
        return EfficientNetLite(VARIANTS[name].width, VARIANTS[name].depth)
    if name == "vit":
        return models.VisionTransformer(SIDE, patch_size=16, num_layers=4, num_heads=4, hidden_dim=96, mlp_dim=192)
    if name == "vgg11":
        with torch.device("meta"):  # 25088 x 4096 numbers need no memory to be thrown away
            vgg = models.vgg11(init_weights=False)
        vgg.features = models.vgg.make_layers(models.vgg.cfgs["A"])
        vgg.classifier[0], vgg.classifier[3], vgg.classifier[6] = (nn.Linear(*of) for of in _NARROW)
        return vgg
    return models.get_model(name, weights=None, **({"init_weights": False} if name == "googlenet" else {}))


def side_of(name: str) -> int:
    """The smallest picture that a network takes; Grad-CAM's grid on it may be a single place."""
    return SIDE if name == "vit" else SIDE // 2


def picture(side: int = SIDE, dtype: torch.dtype = torch.float64) -> Tensor:
    return torch.randn(1, 3, side, side, generator=torch.Generator().manual_seed(2)).to(dtype)
