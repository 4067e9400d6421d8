"""Which layers still know places, on networks of every kind."""

import pytest
import torch
from torch import nn
from torchvision import models

from core.errors import LayerUnavailable
from core.networks.graph.layers import Layer, layer_of, layers_of
from core.networks.graph.prepare import prepare

# By hand, from the architectures: the usual layer's size, its layout, and how many sizes there are to choose from.
KNOWN = {
    "alexnet": ("13x13", "NCHW", 3),
    "vgg11": ("14x14", "NCHW", 5),
    "resnet18": ("7x7", "NCHW", 5),
    "squeezenet1_0": ("13x13", "NCHW", 4),
    "densenet121": ("7x7", "NCHW", 5),
    "mobilenet_v3_small": ("7x7", "NCHW", 5),
    "regnet_y_400mf": ("7x7", "NCHW", 5),
    "convnext_tiny": ("7x7", "NCHW", 4),
    "swin_t": ("7x7", "NCHW", 4),
    "maxvit_t": ("7x7", "NCHW", 5),
}


@pytest.mark.parametrize("name", KNOWN)
def test_the_usual_layer_is_the_last_that_knows_places(name):
    layers = layers_of(prepare(models.get_model(name, weights=None)), 224, 224)
    assert (layers[-1].size, layers[-1].layout, len(layers)) == KNOWN[name]
    assert [layer.grid for layer in layers] == sorted((layer.grid for layer in layers), reverse=True)


def test_of_a_vision_transformer_it_is_the_last_whose_patches_still_reach_the_scores():
    module = models.VisionTransformer(32, 8, 3, 2, 16, 32, num_classes=4)  # its new head is all zeros
    (layer,) = layers_of(prepare(module), 32, 32)
    assert (layer.size, layer.layout, layer.extra) == ("4x4", "NTC", 1)
    assert layer.node == "add_4"  # what the last of three blocks takes in: one sum of positions, two a block


def test_a_size_that_there_is_not_is_a_sentence_with_those_that_there_are():
    network = prepare(models.alexnet(weights=None))
    assert layer_of(network, 224, 224, "27x27").size == "27x27"
    with pytest.raises(LayerUnavailable, match="no layer of 28 × 28 places, but of 55 × 55, 27 × 27, 13 × 13"):
        layer_of(network, 224, 224, "28x28")


def test_a_network_without_places_is_a_sentence():
    network = prepare(nn.Sequential(nn.Flatten(), nn.Linear(3 * 8 * 8, 4)))
    with pytest.raises(LayerUnavailable, match="No layer"):
        layers_of(network, 8, 8)


def test_places_are_found_in_every_layout():
    values = torch.arange(2 * 3 * 4 * 4.0).reshape(2, 3, 4, 4)
    tokens = torch.cat((torch.zeros(2, 1, 3), values.flatten(2).transpose(1, 2)), dim=1)
    assert Layer("x", "NCHW", (4, 4)).places(values).equal(values)
    assert Layer("x", "NHWC", (4, 4)).places(values.movedim(1, -1)).equal(values)
    assert Layer("x", "NTC", (4, 4), 1).places(tokens).equal(values)
