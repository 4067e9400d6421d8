"""Explanations of a real photo by the network that pip installed: of one class, of several, of one against another."""

import sys
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from core import load_sample
from core.errors import NetworkError, RuleUnavailable, SameClass, UnknownClass
from core.explain import compare, explain, predict
from core.images.framing import frame
from core.networks.catalogue import lookup
from core.networks.graph.network import Network
from core.networks.graph.prepare import prepare
from core.question import Question
from core.rules import RULES
from core.saliency.attribution import attribute
from core.targets import Classes, TopK, target_of
from tests.toys import Root, small

module = sys.modules["core.explain"]  # in its package, the function has the module's name

NAME = "efficientnet_lite0"
TABBY, TIGER_CAT, OWL = 281, 282, 24
CATS = range(281, 286)  # tabby, tiger cat, Persian, Siamese, Egyptian


@pytest.fixture(scope="module")
def compared(cat):
    return compare(cat, [NAME], device="cpu")


def explained(picture, network, rules=("vanilla", "guided"), target=None, fit="crop"):
    """The explanation of one class."""
    (found,) = explain(picture, NAME, network, Question((NAME,), rules, target_of(target), fit=fit))
    return found


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
    explanation = explained(cat, network, target=281, fit=fit)
    inputs = torch.from_numpy(frame(cat, lookup(NAME).recipe, fit)[0])[None]
    maps = attribute(network, inputs, 281)
    for rule in maps.rules:
        assert np.allclose(explanation.attributions[rule], maps[rule][0].numpy(), rtol=1e-5, atol=1e-7)


def test_a_class_that_does_not_exist_is_a_sentence(cat, network):
    with pytest.raises(UnknownClass, match="classes 0 to 999"):
        explained(cat, network, target=1000)


def test_a_rule_that_means_nothing_costs_only_its_own_panel(cat):
    explanation = explained(cat, small(nn.SiLU()))
    assert explanation.panel("vanilla").saliency.shape == (224, 224)
    assert set(explanation.attributions) == {"vanilla"}
    assert set(explanation.refused) == {"guided"}
    assert "1 SiLU" in explanation.refused["guided"]
    with pytest.raises(RuleUnavailable, match="1 SiLU"):
        explanation.panel("guided")


def test_predictions_are_there_although_every_rule_was_refused(cat):
    explanation = explained(cat, small(nn.SiLU()), ("guided",))
    assert len(explanation.top) == 5
    assert set(explanation.refused) == {"guided"}


@pytest.mark.parametrize("logits", [float("nan"), float("inf")])
def test_scores_that_are_not_numbers_are_refused(cat, logits):
    with pytest.raises(NetworkError, match="not numbers"):
        explained(cat, small(nn.ReLU(), logits))


@pytest.mark.parametrize("logits", [float("nan"), float("inf")])
def test_nor_are_they_said_without_maps(cat, logits):
    with pytest.raises(NetworkError, match="not numbers"):
        predict(cat, lookup(NAME), small(nn.ReLU(), logits))


def test_gradients_that_are_no_numbers_are_no_map(cat):
    found = explained(cat, small(Root()))
    assert not found.attributions
    assert set(found.refused) == {"vanilla", "guided"}
    with pytest.raises(NetworkError, match=r"no numbers.*another network") as raised:
        found.panel("vanilla")  # not for want of rectifiers
    assert not isinstance(raised.value, RuleUnavailable)
    assert len(found.top) == 5


class Accelerated:
    """A prepared network that says it is on an accelerator."""

    device, ending = torch.device("cuda"), None

    def __init__(self, network):
        self.network, self.coverage, self.dtype = network, network.coverage, network.dtype

    def to(self, device):
        assert str(device) == "cpu"
        return self.network


def failing(error, times):
    """core.explain.attribute, which fails so many times first; and the devices it was called for."""
    devices = []

    def attempt(network, *arguments, **named):
        devices.append(network.device.type)
        if len(devices) <= times:
            raise error
        return attribute(network, *arguments, **named)

    return attempt, devices


@pytest.mark.parametrize(
    "error", [torch.OutOfMemoryError("CUDA out of memory"), RuntimeError("MPS backend out of memory (1 GB)")]
)
def test_an_accelerator_without_memory_is_replaced_by_the_cpu_and_it_is_said(cat, monkeypatch, error):
    network = small(nn.ReLU())
    attempt, devices = failing(error, times=1)
    monkeypatch.setattr(module, "attribute", attempt)
    explanation = explained(cat, Accelerated(network))
    assert devices == ["cuda", "cpu"]
    assert explanation.device == "cpu"
    assert explanation.notices == ("EfficientNet-Lite0 ran out of memory on the GPU and was computed on the CPU.",)
    assert explained(cat, network).notices == ()


def test_other_failures_of_an_accelerator_are_not_tried_again(cat, monkeypatch):
    attempt, devices = failing(RuntimeError("an illegal memory access"), times=1)
    monkeypatch.setattr(module, "attribute", attempt)
    with pytest.raises(RuntimeError, match="illegal"):
        explained(cat, Accelerated(small(nn.ReLU())))
    assert devices == ["cuda"]


def test_the_cpu_is_not_tried_twice(cat, monkeypatch):
    attempt, devices = failing(torch.OutOfMemoryError("no memory"), times=2)
    monkeypatch.setattr(module, "attribute", attempt)
    with pytest.raises(torch.OutOfMemoryError):
        explained(cat, small(nn.ReLU()))
    assert devices == ["cpu"]


# Several classes, and one against another


def several(picture, network, targets=TopK(5), rules=("vanilla", "guided"), against=None):
    """The explanations of several classes."""
    return explain(picture, NAME, network, Question((NAME,), rules, targets, against))


@pytest.fixture(scope="module")
def top(cat, network):
    return several(cat, network)


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
@pytest.mark.parametrize("rule", ["vanilla", "guided"])
def test_each_class_is_explained_as_if_alone(cat, network, top, place, rule):
    alone = explained(cat, network, (rule,), top[place].target.index)
    assert alone.target.index == top[place].target.index
    assert alone.target.logit == pytest.approx(top[place].target.logit, abs=1e-4)
    alike(top[place].attributions[rule], alone.attributions[rule])
    assert (alone.top[0].index, alone.framing, alone.coverage) == (
        top[place].top[0].index, top[place].framing, top[place].coverage,
    )  # fmt: skip


def test_chosen_classes_keep_their_order(cat, network):
    found = several(cat, network, Classes((OWL, TABBY)))
    assert [each.target.index for each in found] == [OWL, TABBY]
    assert [each.target.name for each in found] == ["great grey owl", "tabby"]


@pytest.mark.parametrize(("targets", "against"), [
    (TopK(5), None), (Classes((1, 2, 3)), None), (TopK(5, excluding=5), 5), (Classes((1, 2, 3)), 5),
])  # fmt: skip
def test_any_number_of_classes_and_rules_is_one_forward_pass(cat, network, forwards, targets, against):
    several(cat, network, targets, tuple(RULES), against)
    assert len(forwards) == 1


def test_the_arrays_are_read_only_and_hold_no_others_in_memory(top):
    for each in top:
        for array in each.attributions.values():
            assert not array.flags.writeable
            assert array.base is None or array.base.nbytes == array.nbytes


@pytest.fixture(scope="module")
def in_float64():
    """A network in float64."""
    torch.manual_seed(0)
    head = nn.Linear(6, 1000)
    layers = [nn.Conv2d(3, 6, 5, stride=4), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), head]
    return prepare(nn.Sequential(*layers).double())


def test_a_vanilla_contrast_is_the_difference_of_two_maps_to_machine_precision(in_float64):
    inputs = torch.randn(1, 3, 32, 32, dtype=torch.float64)
    one, other = (attribute(in_float64, inputs, target, ("vanilla",))["vanilla"] for target in (3, 8))
    contrast = attribute(in_float64, inputs, 3, ("vanilla",), 8)["vanilla"]
    assert (contrast - (one - other)).abs().max() <= 1e-12 * one.abs().max()


def test_an_explained_contrast_is_that_difference_and_names_both(cat, network):
    (contrast,) = several(cat, network, Classes((TABBY,)), ("vanilla",), TIGER_CAT)
    one, other = (explained(cat, network, ("vanilla",), target) for target in (TABBY, TIGER_CAT))
    alike(contrast.attributions["vanilla"], one.attributions["vanilla"] - other.attributions["vanilla"])
    assert (contrast.target.index, contrast.against.index) == (TABBY, TIGER_CAT)
    assert contrast.against.logit == pytest.approx(other.target.logit, abs=1e-4)


def test_a_guided_contrast_is_not_the_difference_of_two_guided_maps(cat, network):
    (contrast,) = several(cat, network, Classes((TABBY,)), ("guided",), TIGER_CAT)
    one, other = (explained(cat, network, ("guided",), target) for target in (TABBY, TIGER_CAT))
    difference = one.attributions["guided"] - other.attributions["guided"]
    assert np.abs(contrast.attributions["guided"] - difference).max() > 0.1 * np.abs(difference).max()


def test_the_class_that_is_contrasted_with_is_not_among_the_most_probable(cat, network, top):
    first, second = top[0].target.index, top[1].target.index
    (found,) = several(cat, network, TopK(excluding=first), ("vanilla",), first)
    assert (found.target.index, found.against.index) == (second, first)
    (found,) = several(cat, network, TopK(excluding=OWL), ("vanilla",), OWL)
    assert (found.target.index, found.against.index) == (first, OWL)


@pytest.mark.parametrize(("targets", "against", "error"), [
    (Classes((1000,)), None, UnknownClass), (Classes((1, 1000)), None, UnknownClass),
    (Classes((1,)), 1000, UnknownClass), (TopK(excluding=1000), 1000, UnknownClass), (Classes((1, 2)), 2, SameClass),
])  # fmt: skip
def test_a_class_that_cannot_be_explained_is_a_sentence(cat, network, targets, against, error):
    with pytest.raises(error):
        several(cat, network, targets, ("vanilla",), against)


def test_more_classes_than_a_network_has_are_all_of_them(cat):
    torch.manual_seed(0)
    layers = [nn.Conv2d(3, 4, 3, stride=8), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 2)]
    network, both = prepare(nn.Sequential(*layers)), two_classes("cat", "dog")
    assert len(explain(cat, both, network, Question(targets=TopK(5)))) == 2
    assert len(explain(cat, both, network, Question(targets=TopK(5, excluding=0), against=0))) == 1
    layers[-1] = nn.Linear(4, 1)
    with pytest.raises(NetworkError, match="one class only"):
        explain(cat, two_classes("cat"), prepare(nn.Sequential(*layers)), Question(targets=TopK(excluding=0)))


def two_classes(*names):
    return replace(lookup(NAME), categories=names)


def test_rules_that_mean_nothing_are_refused_for_every_class(cat):
    torch.manual_seed(0)
    layers = [nn.Conv2d(3, 4, 3, stride=8), nn.SiLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 1000)]
    found = several(cat, prepare(nn.Sequential(*layers)), Classes((1, 2)))
    assert [(set(each.attributions), set(each.refused)) for each in found] == [({"vanilla"}, {"guided"})] * 2


# Predicting alone: the same numbers, and no gradient


@pytest.mark.parametrize(("target", "fit"), [(None, "crop"), (281, "crop"), (504, "pad")])
def test_a_prediction_is_the_one_of_an_explanation(target, fit, cat, network):
    expected = explained(cat, network, ("vanilla",), target, fit).target
    found = predict(cat, lookup(NAME), network, target, fit=fit)
    assert (found.index, found.name) == (expected.index, expected.name)
    assert found.logit == pytest.approx(expected.logit, abs=1e-4)
    assert found.probability == pytest.approx(expected.probability, abs=1e-5)


def test_no_graph_is_kept(network, monkeypatch):
    monkeypatch.setattr(torch.autograd, "grad", lambda *args, **kwargs: pytest.fail("differentiated"))
    assert predict(load_sample("coffee"), lookup(NAME), network).name == "espresso"


def test_predicting_a_class_that_is_not_there_is_refused(network):
    with pytest.raises(UnknownClass, match="classes 0 to 999"):
        predict(load_sample("coffee"), lookup(NAME), network, 1000)


def spec_with(**changes):
    return replace(lookup(NAME), **changes)


def constant(*logits):
    """A prepared network that gives these logits whatever it sees."""
    layers = nn.Sequential(nn.Conv2d(3, 1, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(1, len(logits)))
    layers[-1].weight.data.zero_()
    layers[-1].bias.data = torch.tensor(logits)
    return prepare(layers)


def test_outputs_that_stand_each_by_itself_are_not_shares_of_a_whole(cat):
    network, spec = constant(3.89, 12.0, 6.9), spec_with(outputs="sigmoid", categories=("effusion", "mass", "nodule"))
    (found,) = explain(cat, spec, network, Question((NAME,)))
    assert [round(prediction.probability, 3) for prediction in found.top] == [1.0, 0.999, 0.980]
    assert predict(cat, spec, network, 0).probability == found.top[2].probability


def test_a_single_output_and_its_opposite_are_both_explained(cat):
    network = constant(-10.88)
    spec = spec_with(outputs="sigmoid", has_opposite=True, categories=("mass", "not mass"))
    output, opposite = explain(cat, spec, network, Question((NAME,), targets=Classes((0, 1))))
    assert output.target.logit == pytest.approx(-10.88)
    assert output.target.probability == pytest.approx(1.883e-5, rel=1e-3)
    assert opposite.target.probability == pytest.approx(1 - 1.883e-5, rel=1e-9)
    assert [prediction.name for prediction in output.top] == ["not mass", "mass"]


def test_the_gradient_of_the_opposite_is_the_negative_and_guided_is_its_own(cat):
    torch.manual_seed(0)
    network = prepare(nn.Sequential(nn.Conv2d(3, 4, 3, stride=8), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
                                    nn.Linear(4, 1)))  # fmt: skip
    spec = spec_with(outputs="sigmoid", has_opposite=True, categories=("mass", "not mass"))
    output, opposite = explain(cat, spec, network, Question((NAME,), targets=Classes((0, 1))))
    assert np.array_equal(output.attributions["vanilla"], -opposite.attributions["vanilla"])
    inputs = torch.from_numpy(frame(cat, spec.recipe)[0])[None]
    expected = attribute(network, inputs, 0, ["guided"])["guided"][0]
    assert np.allclose(output.attributions["guided"], expected.numpy(), atol=1e-9)
    assert not np.array_equal(np.abs(output.attributions["guided"]), np.abs(opposite.attributions["guided"]))


def test_where_nobody_said_what_outputs_mean_the_notices_say_what_is_assumed(cat):
    (found,) = explain(cat, spec_with(outputs="assumed"), constant(*[0.0] * 1000), Question((NAME,)))
    assert found.target.outputs == "assumed"
    assert any("softmax is assumed, and logits are shown" in notice for notice in found.notices)


def test_the_end_of_a_network_says_what_its_outputs_mean(cat):
    torch.manual_seed(0)
    layers = [nn.Conv2d(3, 4, 3, stride=8), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 1000)]
    module = nn.Sequential(*layers, nn.Sigmoid()).eval()
    (found,) = explain(cat, NAME, prepare(module), Question((NAME,)))
    shown = module(torch.from_numpy(frame(cat, lookup(NAME).recipe)[0])[None])[0, found.target.index]
    assert found.target.probability == pytest.approx(shown.item(), rel=1e-6)
    assert any("ends in a sigmoid: what is explained is the score before it" in notice for notice in found.notices)


def test_a_network_of_grey_pictures_is_explained_with_one_gradient_a_pixel(cat):
    torch.manual_seed(0)
    layers = [nn.Conv2d(1, 4, 3, stride=8), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 1000)]
    recipe = replace(lookup(NAME).recipe, mean=(0.45,), std=(0.25,))
    (found,) = explain(cat, spec_with(recipe=recipe), prepare(nn.Sequential(*layers)), Question((NAME,)))
    gradients = found.attributions["vanilla"]
    assert gradients.shape == (1, 224, 224)
    assert np.array_equal(found.panel("vanilla").saliency, np.abs(gradients[0]))
    assert (found.seen == found.seen[..., :1]).all()
