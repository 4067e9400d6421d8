"""The names of networks as their papers write them."""

import re

_TITLES = (
    (r"alexnet", "AlexNet"),
    (r"convnext_(\w+)", "ConvNeXt-{}"),
    (r"densenet(\d+)", "DenseNet-{}"),
    (r"efficientnet_(b\d|lite\d)", "EfficientNet-{}"),
    (r"efficientnet_v2_(\w)", "EfficientNetV2-{}"),
    (r"googlenet", "GoogLeNet"),
    (r"inception_v3", "Inception v3"),
    (r"maxvit_(\w)", "MaxViT-{}"),
    (r"mnasnet(\d)_(\d+)", "MNASNet {}.{}"),
    (r"mobilenet_v2", "MobileNet V2"),
    (r"mobilenet_v3_(\w+)", "MobileNet V3 {}"),
    (r"regnet_([xy])_(\d+)([mg])f", "RegNet-{} {}{}F"),
    (r"regnet_([xy])_(\d+)_(\d+)gf", "RegNet-{} {}.{}GF"),
    (r"resnet(\d+)", "ResNet-{}"),
    (r"resnext(\d+)_(\w+)", "ResNeXt-{} {}"),
    (r"shufflenet_v2_x(\d)_(\d)", "ShuffleNet V2 x{}.{}"),
    (r"squeezenet(\d)_(\d)", "SqueezeNet {}.{}"),
    (r"swin_(\w)", "Swin-{}"),
    (r"swin_v2_(\w)", "Swin V2-{}"),
    (r"vgg(\d+)", "VGG-{}"),
    (r"vgg(\d+)_bn", "VGG-{} with batch norm"),
    (r"vit_(\w)_(\d+)", "ViT-{}/{}"),
    (r"wide_resnet(\d+)_(\d)", "Wide ResNet-{}-{}"),
)


def title_of(model: str) -> str:
    """How people write a network's name: "vgg19" -> "VGG-19"; of an unknown family, the name itself."""
    for pattern, template in _TITLES:
        if found := re.fullmatch(pattern, model):
            return template.format(*(g.upper() if len(g) <= 2 else g.capitalize() for g in found.groups()))
    return model


def a_title(model: str) -> str:
    """The same with its article: "a VGG-19", "an AlexNet"."""
    title = title_of(model)
    return f"{'an' if re.match('[AEIO]|MNAS', title) else 'a'} {title}"
