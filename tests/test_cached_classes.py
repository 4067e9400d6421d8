"""What is kept of several classes and of contrasts: what is there is not computed again, the rest together."""

import pytest

from core import cached, cached_classes
from core.classes import explain_classes
from core.networks.catalogue import lookup
from tests.held import ignore

NAME = "efficientnet_lite0"
RULES = ("vanilla", "guided")
TABBY, OWL = 281, 24


def forget():
    for holding in (cached.explanations, cached_classes.class_batches, cached.networks):
        holding.clear()


@pytest.fixture
def asked(monkeypatch, network):
    """The classes of every batch that is really computed."""
    batches = []

    def counting(picture, spec, network, rules, classes, against, **more):
        batches.append((classes, against))
        return explain_classes(picture, spec, network, rules, classes, against, **more)

    monkeypatch.setattr(cached_classes, "explain_classes", counting)
    monkeypatch.setattr(cached, "load_network", lambda spec: network)
    forget()
    yield batches
    forget()


def indices(cat, classes, rules=RULES):
    found = cached_classes.class_explanations(lookup(NAME), cat, rules, classes, "crop", ignore)
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
    spec = lookup(NAME)
    own = cached.explanation(spec, cat, RULES, None, "crop", ignore)
    cached.explanation(spec, cat, RULES, OWL, "crop", ignore)
    assert indices(cat, (OWL, own.target.index)) == [OWL, own.target.index]
    assert asked == []
    rest = tuple(prediction.index for prediction in own.top[1:])
    assert not cached_classes.classes_are_ready(spec, cat, RULES, (), "crop")
    assert indices(cat, ()) == [own.target.index, *rest]
    assert asked == [(rest, None)]
    assert cached_classes.classes_are_ready(spec, cat, RULES, (), "crop")
    cached.explanation(spec, cat, RULES, rest[0], "crop", lambda places: pytest.fail("waited for what was there"))


def test_a_contrast_is_kept_and_its_other_way_round_is_another_one(cat, asked):
    def ask(target, against):
        return cached_classes.contrast(lookup(NAME), cat, RULES, target, against, "crop", ignore)

    assert not cached_classes.contrast_is_ready(lookup(NAME), cat, RULES, TABBY, OWL, "crop")
    assert ask(TABBY, OWL) is ask(TABBY, OWL)
    assert cached_classes.contrast_is_ready(lookup(NAME), cat, RULES, TABBY, OWL, "crop")
    ask(OWL, TABBY)
    ask(None, TABBY)
    assert asked == [((TABBY,), OWL), ((OWL,), TABBY), (None, TABBY)]


def test_guided_maps_of_two_cats_raise_the_alarm_and_vanilla_ones_do_not(cat, network):
    top = explain_classes(cat, NAME, network, most=2)
    assert cached_classes.nearly_identical(cat, "crop", "guided", *top)
    assert not cached_classes.nearly_identical(cat, "crop", "vanilla", *top)
