"""Comparisons of a real photo by the network that pip installed, and what happens when something is wrong."""

import numpy as np
import pytest
import torch
from torch import nn

from core import comparison as module
from core.comparison import compare, explain
from core.errors import NetworkError, RuleUnavailable, UnknownClass
from core.images.framing import frame
from core.networks.catalogue import lookup
from core.networks.graph.prepare import prepare
from core.saliency.attribution import attribute

NAME = "efficientnet_lite0"
CATS = range(281, 286)  # tabby, tiger cat, Persian, Siamese, Egyptian


@pytest.fixture(scope="module")
def compared(cat):
    return compare(cat, [NAME], device="cpu")


def small(activation, logits=None):
    """A prepared network of 1000 classes; logits: a constant that is added to all of them."""
    torch.manual_seed(0)
    layers = [nn.Conv2d(3, 4, 3, stride=8), activation, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 1000)]
    if logits is not None:
        layers[-1].bias.data.fill_(logits)
    return prepare(nn.Sequential(*layers))


def test_a_cat_is_a_cat(compared):
    (explanation,) = compared.explanations
    assert explanation.target.index in CATS
    assert explanation.target == explanation.top[0]
    assert explanation.target.name == lookup(NAME).categories[explanation.target.index]


@pytest.mark.parametrize("rule", ["vanilla", "guided"])
def test_a_map_covers_the_input_and_is_never_negative(compared, rule):
    saliency = compared[NAME, rule].saliency
    assert saliency.shape == (224, 224)
    assert saliency.min() >= 0
    assert saliency.max() > 0


def test_a_panel_knows_what_it_shows(compared):
    panel = compared[NAME, "guided"]
    assert (panel.network, panel.rule) == (NAME, "guided")
    assert panel.framing.side == 224
    assert panel.framing.picture == compared.picture.size
    assert panel.coverage.full


def test_what_was_not_asked_for_is_a_key_error(compared):
    with pytest.raises(KeyError, match="alexnet"):
        compared["alexnet", "vanilla"]
    with pytest.raises(KeyError, match="deconvnet"):
        compared[NAME, "deconvnet"]


def test_a_network_named_twice_is_explained_once(cat, network, monkeypatch):
    monkeypatch.setattr(module, "load_network", lambda name, device: network)
    assert len(compare(cat, [NAME, NAME], ("vanilla",), device="cpu").explanations) == 1


def test_the_arrays_are_read_only(compared):
    explanation = compared.explanations[0]
    for array in (explanation.seen, *explanation.attributions.values(), compared[NAME, "vanilla"].attribution):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_the_mappings_are_read_only(compared):
    with pytest.raises(TypeError):
        compared.explanations[0].attributions["vanilla"] = None


def test_probabilities_are_ranked_and_add_up(compared):
    top = [prediction.probability for prediction in compared.explanations[0].top]
    assert len(top) == 5
    assert top == sorted(top, reverse=True)
    assert 0.5 < sum(top) <= 1


def test_probabilities_are_the_softmax_of_the_logits(compared, cat, network):
    inputs = torch.from_numpy(frame(cat, lookup(NAME).recipe)[0])[None]
    logits = network(inputs)[0].double()
    for prediction in compared.explanations[0].top:
        assert prediction.logit == pytest.approx(float(logits[prediction.index]), abs=1e-4)
        assert prediction.probability == pytest.approx(float(logits.softmax(0)[prediction.index]), abs=1e-5)


def test_a_chosen_class_is_explained_although_it_is_not_on_top(cat, compared, network, monkeypatch):
    monkeypatch.setattr(module, "load_network", lambda name, device: network)
    chosen = compare(cat, [NAME], target=207, device="cpu")
    panel = chosen[NAME, "vanilla"]
    assert panel.target.index == 207
    assert panel.target.name == "golden retriever"
    assert chosen.explanations[0].top == compared.explanations[0].top
    assert not np.array_equal(panel.attribution, compared[NAME, "vanilla"].attribution)


def test_seen_is_the_picture_cropped_as_the_recipe_says(compared, cat):
    explanation, recipe = compared.explanations[0], lookup(NAME).recipe
    assert explanation.seen.shape == (224, 224, 3)
    image, framing = frame(cat, recipe)
    assert explanation.framing == framing
    mean, std = (np.reshape(values, (3, 1, 1)) for values in (recipe.mean, recipe.std))
    shown = explanation.seen.transpose(2, 0, 1) / 255
    assert np.abs(shown - (image * std + mean)).max() <= 0.51 / 255


@pytest.mark.parametrize("fit", ["crop", "pad"])
def test_the_maps_are_those_of_attribute(cat, network, fit):
    explanation = explain(cat, NAME, network, ("vanilla", "guided"), 281, fit=fit)
    inputs = torch.from_numpy(frame(cat, lookup(NAME).recipe, fit)[0])[None]
    maps = attribute(network, inputs, 281)
    for rule in maps.rules:
        assert np.allclose(explanation.attributions[rule], maps[rule][0].numpy(), rtol=1e-5, atol=1e-7)


def test_the_bytes_of_all_arrays_are_counted(compared):
    assert compared.explanations[0].nbytes == 224 * 224 * 3 * (1 + 4 + 4)


def test_a_class_that_does_not_exist_is_a_sentence(cat, network):
    with pytest.raises(UnknownClass, match="classes 0 to 999"):
        explain(cat, NAME, network, target=1000)


def test_a_rule_that_means_nothing_costs_only_its_own_panel(cat):
    explanation = explain(cat, NAME, small(nn.SiLU()), ("vanilla", "guided"))
    assert explanation.panel("vanilla").saliency.shape == (224, 224)
    assert set(explanation.attributions) == {"vanilla"}
    assert set(explanation.refused) == {"guided"}
    assert "1 SiLU" in explanation.refused["guided"]
    with pytest.raises(RuleUnavailable, match="1 SiLU"):
        explanation.panel("guided")


def test_predictions_are_there_although_every_rule_was_refused(cat):
    explanation = explain(cat, NAME, small(nn.SiLU()), ("guided",))
    assert len(explanation.top) == 5
    assert set(explanation.refused) == {"guided"}


@pytest.mark.parametrize("logits", [float("nan"), float("inf")])
def test_scores_that_are_not_numbers_are_refused(cat, logits):
    with pytest.raises(NetworkError, match="not numbers"):
        explain(cat, NAME, small(nn.ReLU(), logits))


class Accelerated:
    """A prepared network that says it is on an accelerator."""

    device = torch.device("cuda")

    def __init__(self, network):
        self.network, self.coverage, self.dtype = network, network.coverage, network.dtype

    def to(self, device):
        assert str(device) == "cpu"
        return self.network


def failing(error, times):
    """core.comparison.attribute, which fails so many times first; and the devices it was called for."""
    devices = []

    def attempt(network, *arguments):
        devices.append(network.device.type)
        if len(devices) <= times:
            raise error
        return attribute(network, *arguments)

    return attempt, devices


@pytest.mark.parametrize(
    "error", [torch.OutOfMemoryError("CUDA out of memory"), RuntimeError("MPS backend out of memory (1 GB)")]
)
def test_an_accelerator_without_memory_is_replaced_by_the_cpu_and_it_is_said(cat, monkeypatch, error):
    network = small(nn.ReLU())
    attempt, devices = failing(error, times=1)
    monkeypatch.setattr(module, "attribute", attempt)
    explanation = explain(cat, NAME, Accelerated(network))
    assert devices == ["cuda", "cpu"]
    assert explanation.device == "cpu"
    assert explanation.notices == ("EfficientNet-Lite0 ran out of memory on the GPU and was computed on the CPU.",)
    assert explain(cat, NAME, network).notices == ()


def test_other_failures_of_an_accelerator_are_not_tried_again(cat, monkeypatch):
    attempt, devices = failing(RuntimeError("an illegal memory access"), times=1)
    monkeypatch.setattr(module, "attribute", attempt)
    with pytest.raises(RuntimeError, match="illegal"):
        explain(cat, NAME, Accelerated(small(nn.ReLU())))
    assert devices == ["cuda"]


def test_the_cpu_is_not_tried_twice(cat, monkeypatch):
    attempt, devices = failing(torch.OutOfMemoryError("no memory"), times=2)
    monkeypatch.setattr(module, "attribute", attempt)
    with pytest.raises(torch.OutOfMemoryError):
        explain(cat, NAME, small(nn.ReLU()))
    assert devices == ["cpu"]
