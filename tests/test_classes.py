"""Several classes from one forward pass: each as if it had been explained alone; and one class against another."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from core.classes import explain_classes
from core.comparison import explain
from core.errors import NetworkError, SameClass, UnknownClass
from core.networks.catalogue import lookup
from core.networks.graph.network import Network
from core.networks.graph.prepare import prepare
from core.saliency.attribution import attribute

NAME = "efficientnet_lite0"
RULES = ("vanilla", "guided")
TABBY, TIGER_CAT, OWL = 281, 282, 24


@pytest.fixture(scope="module")
def top(cat, network):
    return explain_classes(cat, NAME, network)


@pytest.fixture
def forwards(monkeypatch):
    """How many forward passes there were."""
    passes, logits = [], Network.logits
    monkeypatch.setattr(Network, "logits", lambda *arguments: passes.append(1) or logits(*arguments))
    return passes


def alike(one, other):
    largest = np.abs(other).max()
    assert largest > 0
    assert np.abs(one - other).max() <= 1e-4 * largest


def test_the_most_probable_classes_are_explained_in_their_order(top):
    assert len(top) == 5
    assert [each.target for each in top] == list(top[0].top)
    assert {each.against for each in top} == {None}


@pytest.mark.parametrize("place", [0, 1, 4])
@pytest.mark.parametrize("rule", RULES)
def test_each_class_is_explained_as_if_alone(cat, network, top, place, rule):
    alone = explain(cat, NAME, network, (rule,), top[place].target.index)
    assert alone.target.index == top[place].target.index
    assert alone.target.logit == pytest.approx(top[place].target.logit, abs=1e-4)
    alike(top[place].attributions[rule], alone.attributions[rule])
    assert (alone.top[0].index, alone.framing, alone.coverage) == (
        top[place].top[0].index, top[place].framing, top[place].coverage,
    )  # fmt: skip


def test_chosen_classes_keep_their_order(cat, network):
    found = explain_classes(cat, NAME, network, ("vanilla",), (OWL, TABBY))
    assert [each.target.index for each in found] == [OWL, TABBY]
    assert [each.target.name for each in found] == ["great grey owl", "tabby"]


@pytest.mark.parametrize(("classes", "against"), [(None, None), ((1, 2, 3), None), (None, 5), ((1, 2, 3), 5)])
def test_any_number_of_classes_and_rules_is_one_forward_pass(cat, network, forwards, classes, against):
    explain_classes(cat, NAME, network, ("vanilla", "guided", "deconvnet"), classes, against)
    assert len(forwards) == 1


def test_the_arrays_are_read_only_and_hold_no_others_in_memory(top):
    for each in top:
        for array in each.attributions.values():
            assert not array.flags.writeable
            assert array.base is None or array.base.nbytes == array.nbytes


@pytest.fixture(scope="module")
def small():
    """A network in float64."""
    torch.manual_seed(0)
    head = nn.Linear(6, 1000)
    layers = [nn.Conv2d(3, 6, 5, stride=4), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), head]
    return prepare(nn.Sequential(*layers).double())


def test_a_vanilla_contrast_is_the_difference_of_two_maps_to_machine_precision(small):
    inputs = torch.randn(1, 3, 32, 32, dtype=torch.float64)
    one, other = (attribute(small, inputs, target, ("vanilla",))["vanilla"] for target in (3, 8))
    contrast = attribute(small, inputs, 3, ("vanilla",), 8)["vanilla"]
    assert (contrast - (one - other)).abs().max() <= 1e-12 * one.abs().max()


def test_an_explained_contrast_is_that_difference_and_names_both(cat, network):
    (contrast,) = explain_classes(cat, NAME, network, ("vanilla",), (TABBY,), TIGER_CAT)
    one, other = (explain(cat, NAME, network, ("vanilla",), target) for target in (TABBY, TIGER_CAT))
    alike(contrast.attributions["vanilla"], one.attributions["vanilla"] - other.attributions["vanilla"])
    assert (contrast.target.index, contrast.against.index) == (TABBY, TIGER_CAT)
    assert contrast.against.logit == pytest.approx(other.target.logit, abs=1e-4)


def test_a_guided_contrast_is_not_the_difference_of_two_guided_maps(cat, network):
    (contrast,) = explain_classes(cat, NAME, network, ("guided",), (TABBY,), TIGER_CAT)
    one, other = (explain(cat, NAME, network, ("guided",), target) for target in (TABBY, TIGER_CAT))
    difference = one.attributions["guided"] - other.attributions["guided"]
    assert np.abs(contrast.attributions["guided"] - difference).max() > 0.1 * np.abs(difference).max()


def test_the_class_that_is_contrasted_with_is_not_among_the_most_probable(cat, network, top):
    first, second = top[0].target.index, top[1].target.index
    (found,) = explain_classes(cat, NAME, network, ("vanilla",), None, first, most=1)
    assert (found.target.index, found.against.index) == (second, first)
    (found,) = explain_classes(cat, NAME, network, ("vanilla",), None, OWL, most=1)
    assert (found.target.index, found.against.index) == (first, OWL)


@pytest.mark.parametrize(("classes", "against", "error"), [
    ((1000,), None, UnknownClass), ((1, 1000), None, UnknownClass), ((1,), 1000, UnknownClass),
    (None, 1000, UnknownClass), ((1, 2), 2, SameClass),
])  # fmt: skip
def test_a_class_that_cannot_be_explained_is_a_sentence(cat, network, classes, against, error):
    with pytest.raises(error):
        explain_classes(cat, NAME, network, ("vanilla",), classes, against)


def test_more_classes_than_a_network_has_are_all_of_them(cat):
    torch.manual_seed(0)
    layers = [nn.Conv2d(3, 4, 3, stride=8), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 2)]
    spec, network = two_classes("cat", "dog"), prepare(nn.Sequential(*layers))
    assert len(explain_classes(cat, spec, network)) == 2
    assert len(explain_classes(cat, spec, network, against=0)) == 1
    with pytest.raises(NetworkError, match="one class only"):
        explain_classes(cat, two_classes("cat"), network, against=0)


def two_classes(*names):
    return replace(lookup(NAME), categories=names)


def test_rules_that_mean_nothing_are_refused_for_every_class(cat):
    torch.manual_seed(0)
    layers = [nn.Conv2d(3, 4, 3, stride=8), nn.SiLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 1000)]
    found = explain_classes(cat, NAME, prepare(nn.Sequential(*layers)), RULES, (1, 2))
    assert [(set(each.attributions), set(each.refused)) for each in found] == [({"vanilla"}, {"guided"})] * 2
