"""Networks whose first layer is another one compute what their owner's do."""

import pytest
import torch
from torch import nn
from torchvision import models

from core.images.framing import frame
from core.networks.checkpoints.match import match
from core.networks.checkpoints.spec import describe
from core.networks.checkpoints.stems import is_variant
from core.networks.load import load_network
from core.saliency.attribution import attribute
from tests.networks.checkpoints.made_checkpoints import kept, outline, shapes_of, zeros


def grey_resnet():
    module = models.resnet18(num_classes=5)
    module.conv1 = nn.Conv2d(1, 64, 7, 2, 3, bias=False)
    return module


def grey_googlenet():
    module = models.googlenet(num_classes=5, aux_logits=False, transform_input=False, init_weights=True)
    module.conv1.conv = nn.Conv2d(1, 64, 7, 2, 3, bias=False)
    return module


def grey_mobilenet():
    module = models.mobilenet_v3_small(num_classes=5)
    module.features[0][0] = nn.Conv2d(1, 16, 3, 2, 1, bias=False)
    return module


def grey_squeezenet():
    module = models.squeezenet1_1(num_classes=5)
    module.features[0] = nn.Conv2d(1, 64, 3, 2)
    return module


def small_resnet(channels=3):
    module = models.resnet18(num_classes=5)
    module.conv1, module.maxpool = nn.Conv2d(channels, 64, 3, 1, 1, bias=False), nn.Identity()
    return module


def small_densenet():
    module = models.densenet121(num_classes=5)
    module.features.conv0, module.features.pool0 = nn.Conv2d(3, 64, 3, 1, 1, bias=False), nn.Identity()
    return module


OWNERS = {
    "grey ResNet": ("resnet18", grey_resnet, 1, 224),
    "grey GoogLeNet, which converts nothing": ("googlenet", grey_googlenet, 1, 224),
    "grey MobileNet": ("mobilenet_v3_small", grey_mobilenet, 1, 224),
    "grey SqueezeNet, whose first layer has a bias": ("squeezenet1_1", grey_squeezenet, 1, 224),
    "ResNet for CIFAR": ("resnet18", small_resnet, 3, 32),
    "ResNet for MNIST": ("resnet18", lambda: small_resnet(1), 1, 32),
    "DenseNet for CIFAR": ("densenet121", small_densenet, 3, 32),
}


@pytest.mark.parametrize("whose", OWNERS)
def test_logits_are_the_owners(whose, tmp_path):
    model, make, channels, side = OWNERS[whose]
    torch.manual_seed(0)
    owners = make().eval()
    spec = describe(kept(owners.state_dict(), tmp_path), model)
    assert (spec.recipe.channels, spec.recipe.crop) == (channels, side)
    network = load_network(spec, "cpu")
    inputs = torch.randn(2, channels, side, side)
    with torch.no_grad():
        torch.testing.assert_close(network(inputs), owners(inputs), atol=1e-5, rtol=1e-5)
    assert attribute(network, inputs)["guided"].shape == inputs.shape


def test_a_grey_network_sees_the_luma_of_the_picture(tmp_path, cat):
    torch.manual_seed(0)
    spec = describe(kept(grey_resnet().state_dict(), tmp_path), "resnet18")
    image, framing = frame(cat, spec.recipe)
    assert image.shape == (1, 224, 224)
    grey = 0.299 * cat.pixels[..., 0] + 0.587 * cat.pixels[..., 1] + 0.114 * cat.pixels[..., 2]
    left, top, right, bottom = map(round, framing.seen)
    seen = image * spec.recipe.std[0] + spec.recipe.mean[0]
    assert seen.mean() * 255 == pytest.approx(grey[top:bottom, left:right].mean(), abs=1)


def test_it_says_what_it_assumes_of_the_first_layer():
    found = match(outline({**shapes_of("resnet18"), **zeros(**{"conv1.weight": (64, 1, 3, 3)})}), "resnet18")
    assert "takes grey pictures" in found.notices[0]
    assert "no pooling after it" in found.notices[1]


@pytest.mark.parametrize(
    ("stem", "found", "fits"),
    [
        ("conv1", (64, 1, 7, 7), True),
        ("conv1", (64, 3, 3, 3), True),
        ("conv1", (64, 2, 7, 7), False),
        ("conv1", (32, 3, 7, 7), False),
        ("conv1", (64, 3, 5, 5), False),
        ("conv1", (64, 3), False),
        ("features.0", (64, 3, 3, 3), False),  # there is no pooling after it that small pictures would do without
    ],
)
def test_which_first_layers_may_stand_for_the_usual(stem, found, fits):
    assert is_variant(stem, (64, 3, 7, 7), found) == fits
