"""Networks with the very tensors of one of torchvision's, which compute something else with them.

How pictures are made smaller (pooling, strides) has no tensors, so nobody but their owner tells these networks apart.
"""

from core.networks.titles import title_of

_CAFFES = "a network that halves pictures in its 1 × 1 convolutions, as Caffe's did,"
_ALIKE = {  # what is said to look the same; the tests find those of timm in timm itself
    "resnet18": "timm's resnetblur18",
    "resnet50": f"timm's resnetaa50 and resnetblur50, and of {_CAFFES}",
    **dict.fromkeys(
        ("resnet101", "resnet152", "resnext50_32x4d", "resnext101_32x8d", "resnext101_64x4d", "wide_resnet50_2",
         "wide_resnet101_2"),
        _CAFFES,
    ),
}  # fmt: skip


def look_alikes(model: str) -> list[str]:
    """The sentence about what a file under torchvision's names was taken for, where it could be something else."""
    others = _ALIKE.get(model)
    return [f"Read as torchvision's {title_of(model)}; the weights of {others} look the same."] if others else []
