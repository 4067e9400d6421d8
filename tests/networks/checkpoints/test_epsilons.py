"""Normalisation layers with another epsilon."""

import torch
from torch import nn

from core.networks.checkpoints.epsilons import build_with_epsilons
from core.networks.graph.prepare import prepare


def network():
    return nn.Sequential(
        nn.Conv2d(3, 2, 1), nn.BatchNorm2d(2), nn.ReLU(), nn.Flatten(), nn.LayerNorm(2), nn.Linear(2, 2)
    )


def test_only_layers_whose_whole_name_matches_get_it():
    module = build_with_epsilons(network, [("4", 0.5)])
    assert (module[1].eps, module[4].eps) == (1e-5, 0.5)
    assert build_with_epsilons(network, [("", 0.5)])[4].eps == 1e-5


def test_the_last_pattern_that_matches_counts():
    module = build_with_epsilons(network, [(".*", 0.5), ("1", 0.25)])
    assert (module[1].eps, module[4].eps) == (0.25, 0.5)


def test_a_prepared_network_computes_with_it():
    torch.manual_seed(0)
    module = build_with_epsilons(network, [(".*", 0.5)]).eval()
    prepared, inputs = prepare(module), torch.randn(1, 3, 1, 1)
    with torch.no_grad():
        torch.testing.assert_close(prepared(inputs), module(inputs))
