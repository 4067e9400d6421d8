"""A prepared network as a value, and what is said of its activations."""

import gc
import weakref

import pytest
import torch
from torch import nn

from core.networks.coverage import Coverage
from core.networks.graph.network import frozen, laid_out
from core.networks.graph.prepare import prepare
from tests.toys import SmallConv, TwoPaths

HALF = torch.full((1, 3, 1, 1), 0.5)


@pytest.mark.parametrize(
    ("coverage", "full", "idles", "text", "names"),
    [
        (Coverage(18, 18, (("ReLU", 18),)), True, False, "18 of 18 rectifiers", "18 ReLU"),
        (Coverage(2, 5, (("SiLU", 3), ("ReLU", 2))), False, False, "2 of 5 activations", "3 SiLU, 2 ReLU"),
        (Coverage(2, 4, (("ReLU", 2), ("GELU", 2)), 2), False, True, "2 of 4 activations", "2 ReLU, 2 GELU"),
        (Coverage(2, 2, (("ReLU", 2),), 1), True, False, "2 of 2 rectifiers", "2 ReLU"),
        (Coverage(0, 1, (("GELU", 1),)), False, False, "0 of 1 activations", "1 GELU"),
        (Coverage(0, 0, ()), False, False, "0 of 0 activations", "no activations"),
    ],
)
def test_coverage_in_words(coverage, full, idles, text, names):
    assert (coverage.full, coverage.idles, str(coverage), coverage.names) == (full, idles, text, names)


def test_calling_it_gives_logits_without_gradient_and_leaves_its_input_alone():
    inputs = HALF.clone().requires_grad_()
    logits = prepare(TwoPaths())(inputs)
    assert logits.tolist() == [[-0.5, 0.5]]  # 2 relu(x0) - 3 relu(x1), and relu(x1)
    assert not logits.requires_grad
    assert inputs.equal(HALF)


def test_its_size_is_that_of_parameters_and_buffers():
    module = nn.Sequential(nn.Flatten(), nn.Linear(3, 2), nn.BatchNorm1d(2))
    # 6 weights and 2 biases; scale, shift, mean and variance of 2 each; a counter of 8 bytes
    assert prepare(module).nbytes == 4 * (6 + 2) + 4 * 8 + 8


def test_a_network_moves_to_another_device_and_stays_where_it_was():
    network = prepare(SmallConv())
    moved = network.to("meta")
    assert moved.device.type == "meta"
    assert network.device.type == "cpu"
    assert {p.device.type for p in network.graph.parameters()} == {"cpu"}
    assert moved.coverage == network.coverage


def test_on_its_own_device_it_is_itself():
    network = prepare(SmallConv())
    assert network.to("cpu") is network.to(torch.device("cpu")) is network


def test_a_frozen_tensor_shares_its_memory_and_has_no_gradient():
    weight = nn.Parameter(torch.zeros(2))
    parameter = frozen(weight)
    parameter[0] = 1
    assert weight.tolist() == [1, 0]
    assert (parameter.requires_grad, weight.requires_grad) == (False, True)


def test_weights_of_images_are_laid_out_by_channels_and_keep_their_values():
    weight = torch.arange(2 * 3 * 4 * 4.0).view(2, 3, 4, 4)
    assert laid_out(weight).is_contiguous(memory_format=torch.channels_last)
    assert laid_out(weight).equal(weight)
    assert laid_out(torch.zeros(3, 2).t()).is_contiguous()


def test_an_output_and_its_opposite_are_put_together_once_for_each_network():
    network = prepare(nn.Sequential(nn.Flatten(), nn.Linear(12, 1)))
    inputs = torch.rand(2, 3, 2, 2)
    both = network.with_opposite()
    assert torch.equal(both(inputs), torch.cat([network(inputs), -network(inputs)], 1))
    assert both.graph is network.with_opposite().graph
    kept = weakref.ref(both.graph)
    del both, network
    gc.collect()  # the network,
    gc.collect()  # and then what was kept for it
    assert kept() is None
