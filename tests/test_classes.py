"""Several classes from one forward pass: each as if it had been explained alone; and one class against another."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from core import cached
from core.classes import explain_classes
from core.comparison import explain
from core.errors import NetworkError, UnknownClass
from core.images import load_sample
from core.networks.load import load_network
from core.networks.network import Network
from core.networks.prepare import prepare
from core.networks.registry import architecture
from core.saliency.attribution import SameClass, attribute
from core.ui.figure.grid import lay_out
from core.ui.figure.maps import Slot
from core.ui.why.words import contrast_captions, contrast_slot, same_maps
from core.values import Prediction
from tests.ui.made import explained

NAME = "efficientnet_lite0"
RULES = ("vanilla", "guided")
TABBY, TIGER_CAT, OWL = 281, 282, 24


@pytest.fixture(scope="module")
def cat():
    return load_sample("chelsea")


@pytest.fixture(scope="module")
def network():
    return load_network(NAME, "cpu")


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
    known, network = two_classes("cat", "dog"), prepare(nn.Sequential(*layers))
    assert len(explain_classes(cat, known, network)) == 2
    assert len(explain_classes(cat, known, network, against=0)) == 1
    with pytest.raises(NetworkError, match="one class only"):
        explain_classes(cat, two_classes("cat"), network, against=0)


def two_classes(*names):
    return replace(architecture(NAME), categories=names)


def test_rules_that_mean_nothing_are_refused_for_every_class(cat):
    torch.manual_seed(0)
    layers = [nn.Conv2d(3, 4, 3, stride=8), nn.SiLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 1000)]
    found = explain_classes(cat, NAME, prepare(nn.Sequential(*layers)), RULES, (1, 2))
    assert [(set(each.attributions), set(each.refused)) for each in found] == [({"vanilla"}, {"guided"})] * 2


@pytest.fixture
def asked(monkeypatch, network):
    """The classes of every batch that is really computed."""
    batches = []

    def counting(picture, known, network, rules, classes, against, **more):
        batches.append((classes, against))
        return explain_classes(picture, known, network, rules, classes, against, **more)

    monkeypatch.setattr(cached, "explain_classes", counting)
    monkeypatch.setattr(cached, "load_network", lambda known: network)
    for holding in (cached.explanations, cached.class_batches, cached.networks):
        holding.clear()
    yield batches
    for holding in (cached.explanations, cached.class_batches, cached.networks):
        holding.clear()


def indices(cat, classes, rules=RULES):
    found = cached.class_explanations(architecture(NAME), cat, rules, classes, "crop", lambda places: None)
    return [each.target.index for each in found]


def test_only_classes_that_are_not_there_are_computed(cat, asked):
    top = indices(cat, ())
    assert indices(cat, ()) == top
    assert indices(cat, (top[2], top[0]), ("guided",)) == [top[2], top[0]]
    assert asked == [(None, None)]
    assert indices(cat, (top[1], OWL, 1)) == [top[1], OWL, 1]
    assert indices(cat, (1, OWL)) == [1, OWL]
    assert asked == [(None, None), ((OWL, 1), None)]


def test_what_a_comparison_has_explained_is_not_computed_again(cat, asked):
    known = architecture(NAME)
    own = cached.explanation(known, cat, RULES, None, "crop", lambda places: None)
    cached.explanation(known, cat, RULES, OWL, "crop", lambda places: None)
    assert indices(cat, (OWL, own.target.index)) == [OWL, own.target.index]
    assert asked == []
    rest = tuple(prediction.index for prediction in own.top[1:])
    assert not cached.classes_are_ready(known, cat, RULES, (), "crop")
    assert indices(cat, ()) == [own.target.index, *rest]
    assert asked == [(rest, None)]
    assert cached.classes_are_ready(known, cat, RULES, (), "crop")
    cached.explanation(known, cat, RULES, rest[0], "crop", lambda places: pytest.fail("waited for what was there"))


def test_a_contrast_is_kept_and_its_other_way_round_is_another_one(cat, asked):
    def ask(target, against):
        return cached.contrast(architecture(NAME), cat, RULES, target, against, "crop", lambda places: None)

    assert not cached.contrast_is_ready(architecture(NAME), cat, RULES, TABBY, OWL, "crop")
    assert ask(TABBY, OWL) is ask(TABBY, OWL)
    assert cached.contrast_is_ready(architecture(NAME), cat, RULES, TABBY, OWL, "crop")
    ask(OWL, TABBY)
    ask(None, TABBY)
    assert asked == [((TABBY,), OWL), ((OWL,), TABBY), (None, TABBY)]


def test_guided_maps_of_two_cats_raise_the_alarm_and_vanilla_ones_do_not(cat, top):
    assert cached.nearly_identical(cat, "crop", "guided", top[0], top[1])
    assert not cached.nearly_identical(cat, "crop", "vanilla", top[0], top[1])


def contrast(target="tabby", rival="tiger cat", difference=1.3):
    rival = Prediction(TIGER_CAT, rival, 8.0, 0.3)
    return explained("alexnet", target=Prediction(TABBY, target, 8.0 + difference, 0.38), against=rival)


@pytest.mark.parametrize(("room", "said"), [
    ((1900, 1130), "tabby − tiger cat, logit difference +1.30"), ((1150, 900), "tabby − tiger cat, Δ logit +1.30"),
])  # fmt: skip
def test_a_contrasts_caption_names_both_classes_and_the_difference(room, said):
    grid = lay_out(("alexnet",) * 4, RULES, "columns", room)
    each = contrast()
    ((found, instead),) = contrast_captions({"alexnet": each}, grid).items()
    assert instead == said
    target = contrast_slot(each).explanation.target
    assert found == f"{target.name} 38 %"
    assert len(target.name) <= 8  # or a caption would shorten it


def test_long_names_are_both_shortened():
    grid = lay_out(("alexnet",) * 8, RULES, "columns", (1200, 500))
    (said,) = contrast_captions({"a": contrast("Staffordshire bull terrier", "wire-haired fox terrier")}, grid).values()
    assert said.startswith("Staff")
    assert "… − wire" in said
    assert said.endswith("…, Δ +1.30")
    assert len(said) <= grid.panel_width / grid.letter


def test_a_contrast_is_a_slot_of_its_network():
    slot = contrast_slot(contrast())
    assert isinstance(slot, Slot)
    assert (slot.network, slot.title, slot.explanation.top[0].name) == ("alexnet", "Alexnet", "tabby")


def test_pairs_of_same_maps_are_named_but_not_endlessly():
    classes = [explained(target=Prediction(index, f"c{index}", 1.0, 0.1)) for index in range(4)]
    pairs = [(one, other) for place, one in enumerate(classes) for other in classes[place + 1 :]]
    assert same_maps(pairs, 4) == "all 4 classes"
    assert same_maps(pairs[:1], 2) == "**c0** and **c1**"
    assert same_maps(pairs[:4], 4).endswith("; and 1 more pair")
    assert same_maps([], 4) == ""
