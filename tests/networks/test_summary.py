"""Layers without weights, against torchvision's own counts and shapes by hand."""

import pytest

from core.networks.catalogue import lookup
from core.networks.coverage import coverage_of
from core.networks.summary import summary_of


@pytest.mark.parametrize("name", ["alexnet", "vgg11", "resnet18", "efficientnet_lite0", "mobilenet_v3_small"])
def test_all_parameters_are_somebodys_but_those_of_batchnorm(name):
    spec = lookup(name)
    counted = sum(step.parameters for step in summary_of(spec).steps)
    if name in ("alexnet", "vgg11"):
        assert counted == spec.parameters
    else:  # a folded convolution has a bias where it had a weight and a bias of BatchNorm
        assert 0.97 * spec.parameters < counted < spec.parameters


def test_the_first_layers_of_alexnet():
    first, rectifier, pool, *_ = summary_of(lookup("alexnet")).steps
    assert (first.name, first.kind, first.shape, first.parameters) == ("features.0", "Conv2d", (64, 55, 55), 23_296)
    assert (rectifier.kind, rectifier.shape, rectifier.gated) == ("ReLU", (64, 55, 55), True)
    assert (pool.kind, pool.shape, pool.gated) == ("MaxPool2d", (64, 27, 27), False)


@pytest.mark.parametrize("name", ["resnet18", "efficientnet_lite2", "swin_t", "convnext_tiny"])
def test_the_rectifiers_that_rules_act_on_are_those_that_are_counted(name):
    summary = summary_of(lookup(name))
    assert sum(step.gated for step in summary.steps) == coverage_of(lookup(name)).gated
    assert summary.sizes


def test_a_network_whose_layer_is_known_by_its_weights_alone_names_none():
    assert summary_of(lookup("vit_b_16")).sizes == ()
    assert len(summary_of(lookup("vit_b_16")).steps) > 40
