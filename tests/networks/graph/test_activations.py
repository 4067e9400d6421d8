"""Recognising activations, however they are spelled; that those which can be gated are, attribution's tests say."""

import math
from functools import partial

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, fx, nn

from core.networks.graph.activations import Activation, recognise


def found_in(activation):
    """All that is recognised in a network which calls this once."""

    class Calls(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.activation = activation

        def forward(self, x: Tensor) -> Tensor:
            return self.activation(x * 2) + 1

    traced = fx.symbolic_trace(Calls())
    modules = dict(traced.named_modules())
    return [each for node in traced.graph.nodes for each in recognise(node, modules)]


class Mine(nn.ReLU):
    """A subclass, which may compute anything."""

    __module__ = "torch.nn.mine"  # a leaf to the tracer, as torch's own are


@pytest.mark.parametrize(
    ("activation", "kind", "ceiling", "in_place"),
    [
        (nn.ReLU(), "ReLU", math.inf, False),
        (nn.ReLU(inplace=True), "ReLU", math.inf, True),
        (nn.ReLU6(), "ReLU6", 6, False),
        (nn.Hardtanh(0.0, 3.0, inplace=True), "Hardtanh", 3, True),
        (F.relu, "ReLU", math.inf, False),
        (F.relu6, "ReLU6", 6, False),
        (torch.relu, "ReLU", math.inf, False),
        (lambda x: x.relu(), "ReLU", math.inf, False),
        (lambda x: F.relu(x, inplace=True), "ReLU", math.inf, True),
        (lambda x: F.relu6(x, inplace=True), "ReLU6", 6, True),
        (lambda x: x.relu_(), "ReLU", math.inf, True),
        (torch.relu_, "ReLU", math.inf, True),
    ],
)
def test_a_rectifier_is_known_with_its_ceiling_and_whether_it_overwrites(activation, kind, ceiling, in_place):
    assert found_in(activation) == [Activation(kind, ceiling, in_place)]


@pytest.mark.parametrize(
    ("activation", "kind"),
    [
        (nn.SiLU(), "SiLU"),
        (F.gelu, "GELU"),
        (nn.LeakyReLU(), "LeakyReLU"),
        (torch.tanh, "Tanh"),
        (nn.PReLU(), "PReLU"),
        (nn.Hardtanh(), "Hardtanh"),
        (Mine(), "Mine"),
        (lambda x: x.clamp(min=0), "clamp"),
        (lambda x: torch.clamp(x, 0.0, 6.0), "clamp"),
        (lambda x: torch.clamp_min(x, 0), "clamp"),
        (lambda x: x.clamp(min=torch.zeros(())), "clamp"),
        (lambda x: torch.maximum(x, torch.zeros_like(x)), "clamp"),
        (lambda x: torch.maximum(torch.zeros(1), x), "clamp"),
        (lambda x: torch.max(x, torch.tensor(0.0)), "clamp"),
        (lambda x: x.maximum(x.new_zeros(1)), "clamp"),
        (lambda x: torch.fmax(input=x, other=torch.zeros(())), "clamp"),
    ],
)
def test_what_cannot_be_gated_is_known_by_its_name(activation, kind):
    assert found_in(activation) == [Activation(kind)]


@pytest.mark.parametrize(
    "function",
    [
        nn.Sigmoid(), F.hardsigmoid, partial(F.softmax, dim=1), nn.Dropout(), nn.Linear(2, 2),
        lambda x: x.clamp(min=-1), lambda x: x.clamp(max=0), lambda x: torch.maximum(x, x * 2),
        lambda x: torch.maximum(x, torch.ones_like(x)), lambda x: torch.max(x, 0)[0], lambda x: x.max(dim=0)[0],
    ],
)  # fmt: skip
def test_what_squashes_cuts_elsewhere_or_computes_is_no_activation(function):
    assert found_in(function) == []


def test_activations_hidden_in_leaf_modules_are_not_forgotten():
    layer, known = nn.TransformerEncoderLayer(4, 2, 8, batch_first=True), Activation("TransformerEncoderLayer")
    assert found_in(layer) == [known]
    assert found_in(nn.TransformerEncoder(layer, 3, enable_nested_tensor=False)) == [known] * 3
