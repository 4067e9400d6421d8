"""Cousins of a network: which weights are permuted, in which order, and that nothing else is touched or copied."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from core.evidence.permuting import Cousins, weighted_layers
from core.networks.graph.prepare import prepare
from tests.known import build, picture, side_of
from tests.toys import SmallConv

HEADS = {"resnet18": "fc", "densenet121": "classifier", "convnext_tiny": "classifier.2", "swin_t": "head",
         "vit": "heads.head"}  # fmt: skip


@pytest.fixture(scope="module", params=HEADS)
def named(request):
    return request.param, prepare(build(request.param, torch.float32))


def moments(weight):
    """What no permutation changes."""
    exact = weight.double()
    return [float(each) for each in (exact.min(), exact.max(), exact.sum(), exact.square().sum())]


def fresh(network, cousin):
    """The weights of the cousin that are not the network's own."""
    own = {id(weight) for weight in network.graph.parameters()}
    return [weight for weight in cousin.graph.parameters() if id(weight) not in own]


def test_every_weight_belongs_to_one_layer(named):
    _, network = named
    layers = [id(weight) for layer in weighted_layers(network) for weight in layer]
    assert len(layers) == len(set(layers))
    assert set(layers) == {id(weight) for weight in network.graph.parameters()}


def test_layers_begin_at_the_logits(named):
    name, network = named
    head = build(name, torch.float32).get_submodule(HEADS[name])
    first = weighted_layers(network)[0]
    assert [tuple(weight.shape) for weight in first] == [tuple(weight.shape) for weight in head.parameters()]
    assert all(torch.equal(one, other) for one, other in zip(first, head.parameters(), strict=True))


def test_a_cousin_has_the_same_values_in_other_places_and_leaves_the_network_alone(named):
    name, network = named
    image = picture(side_of(name), torch.float32)
    before = network(image)
    cousin = Cousins(network).permuted(len(weighted_layers(network)))
    for own, other in zip(network.graph.parameters(), cousin.graph.parameters(), strict=True):
        assert own.shape == other.shape
        assert moments(other) == pytest.approx(moments(own), rel=1e-9, abs=1e-9)
        assert own.min() == own.max() or own.numel() < 5 or not torch.equal(own, other)
    assert torch.equal(network(image), before)
    assert not torch.allclose(cousin(image), before)


def test_what_is_not_permuted_is_shared(named):
    _, network = named
    cousin = Cousins(network).permuted(1)
    assert len(fresh(network, cousin)) == len(weighted_layers(network)[0])
    own = {tensor.data_ptr() for tensor in (*network.graph.parameters(), *network.graph.buffers())}
    others = [tensor for tensor in (*cousin.graph.parameters(), *cousin.graph.buffers())]
    assert sum(tensor.data_ptr() not in own for tensor in others) == len(weighted_layers(network)[0])


def test_the_logits_are_those_of_the_permuted_head():
    module = SmallConv().double().eval()
    network = prepare(module)
    image = torch.randn(2, 3, 8, 8, dtype=torch.float64)
    cousin = Cousins(network, 5).permuted(1)
    generator = torch.Generator().manual_seed(5)
    weight = module.fc.weight.flatten()[torch.randperm(32, generator=generator)].view(4, 8)
    bias = module.fc.bias[torch.randperm(4, generator=generator)]
    features = []
    module.fc.register_forward_pre_hook(lambda _, given: features.append(given[0]))
    module(image)
    torch.testing.assert_close(cousin(image), F.linear(features[0], weight, bias), rtol=1e-12, atol=1e-12)


def test_a_deeper_stage_permutes_the_upper_layers_alike_and_another_seed_does_not():
    network = prepare(SmallConv())
    one, two, other = Cousins(network).permuted(1), Cousins(network).permuted(2), Cousins(network, 1).permuted(1)
    weights = [weighted_layers(each)[0][0] for each in (one, two, other)]
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])


def test_weights_that_two_layers_share_are_still_shared():
    class Tied(nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.second, self.head = nn.Linear(12, 12), nn.Linear(12, 12), nn.Linear(12, 3)
            self.second.weight = self.first.weight

        def forward(self, x):
            return self.head(self.second(F.relu(self.first(x.flatten(1)))))

    network = prepare(Tied())
    cousin = Cousins(network).permuted(3)
    assert [len(layer) for layer in weighted_layers(network)] == [2, 2, 1]
    assert len({id(weight) for layer in weighted_layers(cousin) for weight in layer}) == 5
