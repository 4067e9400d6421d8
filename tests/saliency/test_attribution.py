"""What attribute promises, on networks small enough to check by hand."""

import threading

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torchvision import models

from core.errors import NetworkError, RuleUnavailable
from core.networks.graph.prepare import prepare
from core.saliency.attribution import attribute
from core.targets import TopK
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


def forwards_of(network, monkeypatch):
    """How many forward passes there are from here on."""
    forwards, plain = [], type(network.graph).forward
    monkeypatch.setattr(type(network.graph), "forward", lambda self, *args: forwards.append(1) or plain(self, *args))
    return forwards


def test_one_forward_pass_serves_every_rule_and_every_class(monkeypatch):
    network = prepare(SmallConv())
    forwards = forwards_of(network, monkeypatch)
    attribute(network, torch.randn(2, 3, 8, 8), torch.tensor([[0, 1], [2, 3]]), ("vanilla", "guided", "deconvnet"))
    assert len(forwards) == 1


@pytest.mark.parametrize("k", [1, 2, 4, 9])
def test_the_most_probable_classes_are_explained_as_if_given(k):
    network = prepare(SmallConv().double())
    inputs = torch.randn(3, 3, 8, 8, dtype=torch.float64, generator=torch.Generator().manual_seed(3))
    best = network(inputs).topk(min(k, 4)).indices.T  # all of a network that has fewer
    chosen, given = attribute(network, inputs, TopK(k)), attribute(network, inputs, best)
    assert chosen.targets.equal(best)
    for rule in given.rules:
        assert chosen[rule].equal(given[rule])


def test_a_single_class_of_several_is_bit_for_bit_the_class_alone():
    network, inputs = prepare(SmallConv()), torch.randn(2, 3, 8, 8)
    alone, one_row = attribute(network, inputs), attribute(network, inputs, TopK())
    assert one_row.targets.equal(alone.targets[None])
    for rule in alone.rules:
        assert one_row[rule].equal(alone[rule][None])


def test_choosing_costs_no_second_forward_pass(monkeypatch):
    network = prepare(SmallConv())
    forwards = forwards_of(network, monkeypatch)
    attribute(network, torch.randn(2, 3, 8, 8), TopK(2))
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


class Difference(nn.Module):
    """One score a sample: the logit of the first class minus that of the second; for the oracles."""

    def __init__(self, module: nn.Module, targets: torch.Tensor, against: torch.Tensor) -> None:
        super().__init__()
        self.module, self.targets, self.against = module, targets, against

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        logits = self.module(x)
        return logits.gather(1, self.targets[:, None]) - logits.gather(1, self.against[:, None])


def small_conv():
    return SmallConv(), torch.tensor([0, 3, 2]), torch.tensor([1, 1, 0])


def squeezenet():
    torch.manual_seed(0)
    return models.squeezenet1_1(weights=None), torch.tensor([3, 998, 7]), torch.tensor([500, 0, 8])


@pytest.mark.parametrize("build", [small_conv, squeezenet])
def test_a_contrast_is_what_the_oracles_say_under_every_rule(build):
    module, targets, against = build()
    module = module.double().eval()
    inputs = torch.randn(3, 3, 80, 80, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    network, rules = prepare(module), ("vanilla", "guided", "deconvnet")
    maps = attribute(network, inputs, targets, rules, against=against)
    single, other = (attribute(network, inputs, classes, rules) for classes in (targets, against))
    assert relative_error(maps["vanilla"], single["vanilla"] - other["vanilla"]) <= 1e-12
    for rule in rules:
        oracle = patched_gradient(Difference(module, targets, against), inputs, torch.zeros(3).long(), rule)
        assert relative_error(maps[rule], oracle) <= 1e-12, rule
    assert relative_error(maps["guided"], single["guided"] - other["guided"]) > 0.01
    assert maps.targets.equal(targets)
    assert maps.against.equal(against)
    assert single.against is None


def test_a_contrast_by_hand():
    # logit 0 - logit 1 = 2 relu(x0) - 4 relu(x1): guided keeps only what speaks for class 0 against class 1
    maps = attribute(prepare(TwoPaths()), ONE, targets=0, against=1)
    assert maps["vanilla"].flatten().tolist() == [2, -4, 0]
    assert maps["guided"].flatten().tolist() == [2, 0, 0]
    maps = attribute(prepare(TwoPaths()), ONE, targets=1, against=0)
    assert maps["vanilla"].flatten().tolist() == [-2, 4, 0]
    assert maps["guided"].flatten().tolist() == [0, 4, 0]


def test_without_a_target_each_samples_top_class_is_contrasted():
    points = torch.tensor([[1.0, 0, 0], [0, 1.0, 0]]).reshape(2, 3, 1, 1)  # top classes 0 and 1
    maps = attribute(prepare(TwoPaths()), points, rules=("vanilla",), against=torch.tensor([1, 0]))
    assert maps.targets.tolist() == [0, 1]
    assert maps["vanilla"].flatten(1).tolist() == [[2, 0, 0], [0, 4, 0]]


@pytest.mark.parametrize(
    ("targets", "against"),
    [
        (torch.tensor([[0, 1], [2, 0]]), 3),
        (torch.tensor([[0, 1], [2, 0]]), torch.tensor([3, 2])),
        (torch.tensor([[0, 1], [2, 0]]), torch.tensor([[1, 0], [3, 1]])),
        (3, torch.tensor([[0, 1], [2, 0]])),
    ],
)
def test_contrasts_of_several_classes_equal_a_loop(targets, against):
    network = prepare(SmallConv().double())
    inputs = torch.randn(2, 3, 8, 8, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    maps = attribute(network, inputs, targets, against=against)
    assert maps["guided"].shape == (2, 2, 3, 8, 8)
    for k in range(2):
        for n in range(2):
            pair = int(maps.targets[k, n]), int(maps.against[k, n])
            assert pair == tuple(int(torch.as_tensor(each).expand(2, 2)[k, n]) for each in (targets, against))
            for rule in maps.rules:
                alone = attribute(network, inputs[n : n + 1], pair[0], (rule,), against=pair[1])[rule][0]
                assert relative_error(maps[rule][k, n], alone) < 1e-13


def test_an_output_that_is_not_logits_is_refused_when_it_shows():
    class Folds(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x.reshape(-1, 3)

    with pytest.raises(NetworkError, match="not an image classifier"):
        attribute(prepare(Folds()), torch.ones(1, 3, 2, 2), rules=("vanilla",))
