"""The names of networks as their papers write them."""

import pytest

from core.networks.titles import title_of


@pytest.mark.parametrize(
    ("model", "title"),
    [
        ("alexnet", "AlexNet"),
        ("convnext_base", "ConvNeXt-Base"),
        ("densenet121", "DenseNet-121"),
        ("efficientnet_b0", "EfficientNet-B0"),
        ("efficientnet_lite0", "EfficientNet-Lite0"),
        ("efficientnet_lite2", "EfficientNet-Lite2"),
        ("efficientnet_v2_s", "EfficientNetV2-S"),
        ("mnasnet0_75", "MNASNet 0.75"),
        ("mobilenet_v3_large", "MobileNet V3 Large"),
        ("regnet_x_16gf", "RegNet-X 16GF"),
        ("regnet_y_1_6gf", "RegNet-Y 1.6GF"),
        ("regnet_y_400mf", "RegNet-Y 400MF"),
        ("resnet50", "ResNet-50"),
        ("resnext101_32x8d", "ResNeXt-101 32x8d"),
        ("shufflenet_v2_x0_5", "ShuffleNet V2 x0.5"),
        ("swin_v2_t", "Swin V2-T"),
        ("vgg19", "VGG-19"),
        ("vgg19_bn", "VGG-19 with batch norm"),
        ("vit_b_16", "ViT-B/16"),
        ("wide_resnet50_2", "Wide ResNet-50-2"),
    ],
)
def test_titles_are_written_as_the_papers_write_them(model, title):
    assert title_of(model) == title


@pytest.mark.parametrize("model", ["", "vgg", "vgg19_bn_new", "my_resnet50", "resnet50\n", "VGG19", "vgg{}"])
def test_the_name_of_an_unknown_family_is_left_as_it_is(model):
    assert title_of(model) == model
