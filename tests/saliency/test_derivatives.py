"""Derivatives by the input and by layers, from one forward pass."""

import torch

from core.networks.graph.layers import layers_of
from core.networks.graph.prepare import prepare
from core.saliency.derivatives import differentiate
from core.targets import TopK
from tests.estimators.made import SIDE, module, picture
from tests.oracles import autograd_gradient, patched_gradient, relative_error


def test_without_a_rule_there_are_logits_and_no_derivative():
    own = module()
    found = differentiate(prepare(own), picture(), None, None, ())
    assert relative_error(found.logits, own(picture())) < 1e-14
    assert found.targets.tolist() == own(picture()).argmax(1).tolist()
    assert (found.by_rule, found.layers) == ({}, {})
    assert not found.logits.requires_grad


def test_each_rule_has_its_own_gradient_and_layers_have_that_of_vanilla_whatever_comes_first():
    own, images = module(), picture(1, 2)
    network = prepare(own)
    layer = layers_of(network, SIDE, SIDE)[-1]
    values = own[:6](images).detach().requires_grad_()
    (expected,) = torch.autograd.grad(own[6:](values)[:, 3].sum(), values)
    for rules in (("vanilla", "guided"), ("guided", "vanilla")):
        found = differentiate(network, images, 3, None, rules, (layer,))
        assert relative_error(found.by_rule["vanilla"], autograd_gradient(own, images, torch.tensor([3, 3]))) < 1e-12
        guided = patched_gradient(own, images, torch.tensor([3, 3]), "guided")
        assert relative_error(found.by_rule["guided"], guided) < 1e-12
        assert relative_error(found.layers[layer][0], values) < 1e-12
        assert relative_error(found.layers[layer][1], expected) < 1e-12


def test_classes_come_first_in_every_shape():
    network, images = prepare(module()), picture(1, 2)
    layer = layers_of(network, SIDE, SIDE)[-1]
    several = differentiate(network, images, TopK(3), None, ("vanilla",), (layer,))
    assert several.targets.shape == (3, 2)
    assert several.by_rule["vanilla"].shape == (3, 2, 3, SIDE, SIDE)
    assert several.layers[layer][1].shape == (3, *several.layers[layer][0].shape)
    for place in range(3):
        alone = differentiate(network, images, several.targets[place], None, ("vanilla",), (layer,))
        assert relative_error(several.by_rule["vanilla"][place], alone.by_rule["vanilla"]) < 1e-12
        assert relative_error(several.layers[layer][1][place], alone.layers[layer][1]) < 1e-12


def test_a_contrast_is_the_derivative_of_a_difference():
    own, image = module(), picture()
    found = differentiate(prepare(own), image, 0, 4, ("vanilla",))
    one, other = (autograd_gradient(own, image, torch.tensor([place])) for place in (0, 4))
    assert relative_error(found.by_rule["vanilla"], one - other) < 1e-12
    assert found.against.tolist() == [4]
