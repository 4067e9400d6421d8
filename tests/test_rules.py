"""The table of backward rules: by hand, open to a new row, and complete in its words."""

import math

import pytest
import torch

from core.networks.graph.prepare import prepare
from core.rules import DEFAULT_RULES, RULES, Rule, applicable
from core.saliency.attribution import attribute
from tests.oracles import patched_gradient
from tests.toys import SmallConv

G = torch.tensor([-2.0, -1.0, 0.5, 3.0])
ACTIVE = torch.tensor([True, False, True, False])


@pytest.mark.parametrize(
    ("rule", "by_hand"), [("vanilla", [-2, 0, 0.5, 0]), ("guided", [0, 0, 0.5, 0]), ("deconvnet", [0, 0, 0.5, 3])]
)
def test_a_rule_by_hand(rule, by_hand):
    assert RULES[rule].backward(G, ACTIVE).tolist() == by_hand


def test_a_new_rule_is_a_row_of_the_table(monkeypatch):
    halved = Rule("Halved", "halved", lambda g, active: g * active / 2, "half", True, False, True, "Half.", "us", "0")
    monkeypatch.setitem(RULES, "halved", halved)
    toy, inputs = SmallConv().double().eval(), torch.randn(1, 3, 8, 8, dtype=torch.float64)
    maps = attribute(prepare(toy), inputs, 0, ("vanilla", "halved"))
    layers = round(math.log2(float(maps["vanilla"].abs().max() / maps["halved"].abs().max())))
    assert layers >= 1
    torch.testing.assert_close(maps["halved"] * 2**layers, maps["vanilla"])
    torch.testing.assert_close(maps["vanilla"], patched_gradient(toy, inputs, torch.tensor([0]), "vanilla"))


def test_rules_that_need_rectifiers_mean_nothing_without_any():
    assert applicable(tuple(RULES), has_rectifiers=True) == tuple(RULES)
    assert applicable(("guided", "vanilla"), has_rectifiers=False) == ("vanilla",)


def test_every_row_says_what_a_reader_should_know():
    assert set(DEFAULT_RULES) <= set(RULES)
    for words in ("title", "short", "caution", "words", "source", "paper"):
        said = [getattr(rule, words) for rule in RULES.values()]
        assert all(said)
        assert len(set(said)) == len(said)
