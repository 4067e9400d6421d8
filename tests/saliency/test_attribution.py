"""What attribute promises, on networks small enough to check by hand."""

import threading

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from core.errors import NetworkError, RuleUnavailable, UnknownClass
from core.networks.prepare import prepare
from core.saliency.attribution import attribute
from tests.oracles import patched_gradient, relative_error
from tests.toys import SmallConv, TwoPaths

ONE = torch.ones(1, 3, 1, 1)
SHARED = nn.ReLU()
SPELLINGS = {
    "module": nn.ReLU(),
    "module in place": nn.ReLU(inplace=True),
    "F.relu": F.relu,
    "F.relu in place": lambda x: F.relu(x, inplace=True),
    "F.relu by keyword": lambda x: F.relu(input=x),
    "torch.relu": torch.relu,
    "method": lambda x: x.relu(),
    "method in place": lambda x: x.relu_(),
    "module reused": nn.Sequential(SHARED, SHARED),
    "nn.ReLU6": nn.ReLU6(),
    "nn.ReLU6 in place": nn.ReLU6(inplace=True),
    "F.relu6": F.relu6,
    "nn.Hardtanh from 0": nn.Hardtanh(0.0, 6.0),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize(("rule", "expected"), [("vanilla", [2, -3, 0]), ("guided", [2, 0, 0])])
def test_guided_keeps_only_evidence_for_the_class(spelling, rule, expected):
    # logit 0 = 2 relu(x0) - 3 relu(x1): at (1, 1, 1) its gradient is (2, -3, 0)
    maps = attribute(prepare(TwoPaths(SPELLINGS[spelling])), ONE, targets=0, rules=(rule,))
    assert maps[rule].flatten().tolist() == expected


def test_the_three_rules_at_an_inactive_rectifier():
    point = torch.tensor([-1.0, 1.0, 1.0]).reshape(1, 3, 1, 1)  # x0 is inactive, its cotangent is +2
    maps = attribute(prepare(TwoPaths()), point, targets=0, rules=("vanilla", "guided", "deconvnet"))
    assert maps["vanilla"].flatten().tolist() == [0, -3, 0]
    assert maps["guided"].flatten().tolist() == [0, 0, 0]
    assert maps["deconvnet"].flatten().tolist() == [2, 0, 0]


@pytest.mark.parametrize("x0", [0.0, 6.0, 7.0, -1.0])
def test_at_the_corners_a_capped_rectifier_passes_what_autograd_passes(x0):
    toy, point = TwoPaths(nn.ReLU6()), torch.tensor([x0, 1.0, 1.0]).reshape(1, 3, 1, 1)
    leaf = point.clone().requires_grad_()
    toy(leaf)[0, 0].backward()
    assert attribute(prepare(toy), point, targets=0)["vanilla"].equal(leaf.grad)


def test_the_default_target_is_each_samples_own_top_class():
    points = torch.tensor([[1.0, 0, 0], [0, 1.0, 0]]).reshape(2, 3, 1, 1)
    maps = attribute(prepare(TwoPaths()), points, rules=("vanilla",))
    assert maps.logits.tolist() == [[2, 0], [-3, 1]]
    assert maps.targets.tolist() == [0, 1]
    assert maps["vanilla"].flatten(1).tolist() == [[2, 0, 0], [0, 1, 0]]


def test_a_target_that_is_not_the_top_class_is_explained_all_the_same():
    maps = attribute(prepare(TwoPaths()), ONE, targets=0, rules=("vanilla",))
    assert maps.logits.argmax() == 1
    assert maps["vanilla"].flatten().tolist() == [2, -3, 0]


@pytest.mark.parametrize("rule", ["vanilla", "guided", "deconvnet"])
def test_a_batch_with_several_targets_equals_a_loop(rule):
    network = prepare(SmallConv().double())
    inputs = torch.randn(3, 3, 8, 9, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    targets = torch.tensor([[0, 1, 2], [3, 0, 1]])
    maps = attribute(network, inputs, targets, rules=(rule,))
    assert maps[rule].shape == (2, 3, 3, 8, 9)
    for k in range(2):
        for n in range(3):
            alone = attribute(network, inputs[n : n + 1], int(targets[k, n]), rules=(rule,))[rule]
            assert relative_error(maps[rule][k, n], alone[0]) < 1e-13


def test_one_forward_pass_serves_every_rule_and_every_class(monkeypatch):
    network = prepare(SmallConv())
    forwards = []
    plain = type(network.graph).forward
    monkeypatch.setattr(type(network.graph), "forward", lambda self, *args: forwards.append(1) or plain(self, *args))
    attribute(network, torch.randn(2, 3, 8, 8), torch.tensor([[0, 1], [2, 3]]), ("vanilla", "guided", "deconvnet"))
    assert len(forwards) == 1


def test_vanilla_after_guided_is_vanilla_still():
    network, inputs = prepare(SmallConv()), torch.randn(1, 3, 8, 8)
    before = attribute(network, inputs, 0, rules=("vanilla",))["vanilla"]
    attribute(network, inputs, 0, rules=("guided",))
    assert attribute(network, inputs, 0, rules=("guided", "vanilla"))["vanilla"].equal(before)


def test_threads_that_share_a_network_do_not_disturb_each_other():
    toy, inputs = SmallConv().double().eval(), torch.randn(1, 3, 16, 16, dtype=torch.float64)
    network, wrong = prepare(toy), []
    expected = {rule: patched_gradient(toy, inputs, torch.tensor([2]), rule) for rule in ("vanilla", "guided")}

    def work(rule: str) -> None:
        for _ in range(20):
            found = attribute(network, inputs, 2, rules=(rule,))[rule]
            if relative_error(found, expected[rule]) > 1e-12:
                wrong.append(rule)

    threads = [threading.Thread(target=work, args=(rule,)) for rule in ("vanilla", "guided") * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_callers_input_is_left_alone():
    inputs = torch.ones(1, 3, 1, 1, requires_grad=True)
    maps = attribute(prepare(TwoPaths()), inputs, 0)
    assert inputs.grad is None
    assert inputs.equal(ONE)
    assert not maps["guided"].requires_grad


def test_it_works_inside_no_grad():
    with torch.no_grad():
        assert attribute(prepare(TwoPaths()), ONE, 0)["vanilla"].flatten().tolist() == [2, -3, 0]


@pytest.mark.parametrize("target", [2, -1])
def test_a_class_that_does_not_exist_is_refused(target):
    with pytest.raises(UnknownClass, match=f"Class {target} does not exist: this network has classes 0 to 1"):
        attribute(prepare(TwoPaths()), ONE, target)


@pytest.mark.parametrize("rule", ["guided", "deconvnet"])
def test_guided_without_rectifiers_is_refused_with_the_reason(rule):
    network = prepare(TwoPaths(nn.SiLU()))
    with pytest.raises(RuleUnavailable, match=rf"{rule.capitalize()} needs rectifiers .* has none \(1 SiLU\)"):
        attribute(network, ONE, 0, rules=(rule,))
    assert attribute(network, ONE, 0, rules=("vanilla",))["vanilla"].shape == (1, 3, 1, 1)


@pytest.mark.parametrize("inputs", [torch.ones(3, 4, 4), torch.ones(1, 1, 4, 4)])
def test_inputs_of_another_shape_are_a_programming_mistake(inputs):
    with pytest.raises(ValueError, match=r"inputs must be \(N, 3, height, width\)"):
        attribute(prepare(SmallConv()), inputs)


@pytest.mark.parametrize("rules", [(), ("guided", "magic")])
def test_unknown_rules_are_a_programming_mistake(rules):
    with pytest.raises(ValueError, match="rules must be among vanilla, guided, deconvnet"):
        attribute(prepare(TwoPaths()), ONE, rules=rules)


@pytest.mark.parametrize("targets", [torch.tensor([0, 1]), torch.tensor([0.0]), torch.zeros(1, 1, 1).long(), []])
def test_targets_of_another_shape_are_a_programming_mistake(targets):
    with pytest.raises(ValueError, match="targets must be"):
        attribute(prepare(TwoPaths()), ONE, targets)


def test_an_output_that_is_not_logits_is_refused_when_it_shows():
    class Folds(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x.reshape(-1, 3)

    with pytest.raises(NetworkError, match="not an image classifier"):
        attribute(prepare(Folds()), torch.ones(1, 3, 2, 2), rules=("vanilla",))
