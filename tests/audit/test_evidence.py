"""Class evidence by hand, and as the class activation map of networks that end in an average and a linear layer."""

import pytest
import torch

from core.audit.evidence import evidence
from core.audit.settings import Settings
from core.audit.subject import audited
from core.saliency.derivatives import differentiate


def test_of_one_place_by_hand():
    # two channels of values 2 and 3, three classes with gradients (1, 0), (0, 1), (2, 2)
    values = torch.tensor([2.0, 3.0]).reshape(1, 2, 1, 1)
    own, every = torch.tensor([2.0, 2.0]).reshape(1, 2, 1, 1), torch.tensor([3.0, 3.0]).reshape(1, 2, 1, 1)
    # against the others, (0.5, 0.5): 1.5 x 2 + 1.5 x 3
    assert evidence(values, own, every, 3).item() == 7.5
    assert evidence(values, torch.tensor([1.0, 0.0]).reshape(1, 2, 1, 1), every, 3).item() == 0  # 0 x 2 - 1.5 x 3 < 0
    assert evidence(values, own, own, 1).item() == 10  # a single class has no others


def test_it_is_the_class_activation_map_less_the_mean_of_the_others(spec):
    subject = audited(spec, Settings((spec.name,)))
    inputs = torch.rand(2, 3, 64, 64)
    known = differentiate(subject.network, inputs, [0, 2], None, ("vanilla",), (subject.layer,), with_sums=True)
    values, gradients = known.layers[subject.layer]
    found = evidence(values, gradients, known.sums[subject.layer], 3)
    cells = inputs.reshape(2, 3, 8, 8, 8, 8).mean((3, 5))
    for i, target in enumerate((0, 2)):
        others = [index for index in range(3) if index != target]
        by_hand = 10 / 64 * (cells[i, target] - cells[i, others].mean(0)).clamp(min=0)
        assert torch.allclose(found[i], by_hand, atol=1e-6)


def test_of_a_real_network_it_is_the_weights_times_the_features(network, cat):
    from core.images.framing import frame
    from core.networks.catalogue import lookup
    from core.networks.graph.layers import layer_of

    spec = lookup("efficientnet_lite0")
    inputs = torch.from_numpy(frame(cat, spec.recipe)[0])[None]
    layer = layer_of(network, 224, 224, None)
    known = differentiate(network, inputs, 281, None, ("vanilla",), (layer,), with_sums=True)
    values, gradients = known.layers[layer]
    weights = dict(network.graph.named_parameters())["network.classifier.weight"]
    own = weights[281]
    others = (weights.sum(0) - own) / 999
    by_hand = torch.einsum("c,chw->hw", own - others, values[0]).clamp(min=0) / 49
    found = evidence(values, gradients, known.sums[layer], 1000)[0]
    assert found.shape == (7, 7)
    assert torch.allclose(found, by_hand, atol=1e-5 * float(by_hand.max()))


def test_the_rest_is_not_computed_unless_asked_for(spec):
    subject = audited(spec, Settings((spec.name,)))
    known = differentiate(subject.network, torch.rand(1, 3, 64, 64), 0, None, ("vanilla",), (subject.layer,))
    assert known.sums == {}


def test_the_maps_are_the_same_with_and_without_the_rest(spec):
    subject = audited(spec, Settings((spec.name,)))
    inputs = torch.rand(2, 3, 64, 64)
    rules = ("vanilla", "guided")
    alone, both = (
        differentiate(subject.network, inputs, None, None, rules, (subject.layer,), with_sums=rest)
        for rest in (False, True)
    )
    for rule in rules:
        assert torch.equal(alone.by_rule[rule], both.by_rule[rule])
    for one, other in zip(alone.layers[subject.layer], both.layers[subject.layer], strict=True):
        assert torch.equal(one, other)


def test_a_network_that_knows_no_places_has_no_evidence():
    with pytest.raises(TypeError):
        evidence(None, None, None, 3)
