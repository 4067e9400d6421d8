"""Gates: forwards a rectifier, backwards whatever rule is in force by then."""

import math

import pytest
import torch

from core.networks.graph.gates import Ruling, gate
from core.rules import RULES

X = torch.tensor([-1.0, 0.0, 2.0, 6.0, 7.0])


def through_a_gate(rule, x, cotangent, ceiling=math.inf, in_place=False):
    ruling, leaf = Ruling(), x.clone().requires_grad_()
    y = gate(leaf * 1, ruling, ceiling, in_place)  # a leaf itself may not be overwritten
    ruling.rule = rule
    return torch.autograd.grad(y, leaf, cotangent)[0]


@pytest.mark.parametrize(("ceiling", "rectified"), [(math.inf, [0, 0, 2, 6, 7]), (6.0, [0, 0, 2, 6, 6])])
@pytest.mark.parametrize("in_place", [False, True])
def test_forwards_it_is_a_rectifier(ceiling, rectified, in_place):
    x = X.clone()
    assert gate(x, Ruling(), ceiling, in_place).tolist() == rectified
    assert x.tolist() == (rectified if in_place else X.tolist())


@pytest.mark.parametrize("in_place", [False, True])
@pytest.mark.parametrize(
    ("rule", "ceiling", "by_hand"),
    [
        ("vanilla", math.inf, [0, 0, 1, 1, 1]),
        ("vanilla", 6.0, [0, 0, 1, 0, 0]),  # at 0 and at the ceiling it is not active
        ("guided", 6.0, [0, 0, 1, 0, 0]),
        ("deconvnet", 6.0, [1, 1, 1, 1, 1]),
    ],
)
def test_backwards_it_is_active_strictly_between_0_and_its_ceiling(rule, ceiling, by_hand, in_place):
    assert through_a_gate(RULES[rule], X, torch.ones(5), ceiling, in_place).tolist() == by_hand


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("ceiling", [math.inf, 6.0])
def test_what_a_gate_computes_is_what_the_table_defines(name, ceiling):
    random = torch.Generator().manual_seed(0)
    x, cotangent = (torch.randn(1000, generator=random) * 8 for _ in range(2))
    expected = RULES[name].backward(cotangent, (x > 0) & (x < ceiling))
    assert through_a_gate(RULES[name], x, cotangent, ceiling).equal(expected)


def test_one_forward_pass_serves_every_rule():
    ruling, leaf, cotangent = (
        Ruling(),
        torch.tensor([1.0, -1.0, 1.0], requires_grad=True),
        torch.tensor([3.0, 3.0, -3.0]),
    )
    y = gate(leaf, ruling)
    found = {}
    for name in ("vanilla", "guided", "deconvnet", "vanilla"):
        ruling.rule = RULES[name]
        (found[name],) = torch.autograd.grad(y, leaf, cotangent, retain_graph=True)
    assert {name: each.tolist() for name, each in found.items()} == {
        "vanilla": [3, 0, -3], "guided": [3, 0, 0], "deconvnet": [3, 3, 0],
    }  # fmt: skip


def test_each_call_follows_its_own_ruling():
    leaf, rulings = torch.tensor([-1.0], requires_grad=True), [Ruling(), Ruling()]
    vanilla, deconvnet = (gate(leaf, ruling) for ruling in rulings)
    rulings[0].rule, rulings[1].rule = RULES["vanilla"], RULES["deconvnet"]
    assert torch.autograd.grad(vanilla + deconvnet, leaf) == (torch.tensor([1.0]),)


@pytest.mark.parametrize("name", RULES)
def test_the_cotangent_is_left_alone(name):
    cotangent = torch.tensor([-1.0, 1.0])
    through_a_gate(RULES[name], torch.ones(2), cotangent)
    assert cotangent.tolist() == [-1, 1]
