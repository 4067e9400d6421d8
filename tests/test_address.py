"""Addresses: what a text means, and that what makes no sense means nothing."""

from dataclasses import dataclass, fields

import pytest

from core import address
from core.address import QUESTION, VIEW, Parameter, read_from, written
from core.networks.catalogue import names
from core.question import MOST_NETWORKS, Question
from core.rules import RULES
from core.targets import Classes, TopK, target_of
from core.view import View


@dataclass(frozen=True)
class Drink:
    kind: str = "tea"
    sugar: float = 0.5
    milk: bool = False
    extras: tuple[str, ...] = ()


DRINK = {
    "kind": Parameter("what", address.one_of(["tea", "coffee"])),
    "sugar": Parameter("sugar", float),
    "milk": Parameter("milk", address.flag),
    "extras": Parameter("with", address.some_of(["lemon", "honey"])),
}
SWEET = Drink("coffee", 2.0, True, ("lemon", "honey"))


def asked(**query):
    return read_from(query, QUESTION, Question())


def test_what_differs_from_the_default_is_written_as_plain_text():
    assert written(SWEET, DRINK, Drink()) == {"what": "coffee", "sugar": "2", "milk": "1", "with": "lemon,honey"}
    assert written(Drink(), DRINK, Drink()) == {}
    assert written(Drink(), DRINK, SWEET) == {"what": "tea", "sugar": "0.5", "milk": "0", "with": ""}


def test_what_is_not_there_or_makes_no_sense_is_as_in_the_default():
    assert read_from({"what": "water", "milk": "true", "kind": "coffee"}, DRINK, SWEET) == Drink(
        "coffee", 2.0, False, ("lemon", "honey")
    )


def test_several_words_come_in_their_own_order_and_once():
    read = address.some_of(["lemon", "honey"])
    assert read("honey,salt,lemon,honey") == ("lemon", "honey")
    assert read("lemonhoney") is None


@pytest.mark.parametrize(("kind", "parameters"), [(Question, QUESTION), (View, VIEW)], ids=["question", "view"])
def test_every_field_is_in_the_address_under_a_key_of_its_own(kind, parameters):
    assert set(parameters) == {field.name for field in fields(kind)}
    assert len({parameter.key for parameter in parameters.values()}) == len(parameters)


def test_networks_keep_their_order_and_come_once():
    assert asked(networks="vgg19,alexnet,vgg19,nonsense,resnet18,alexnet").networks == ("vgg19", "alexnet", "resnet18")


def test_networks_with_other_weights_are_accepted():
    assert asked(networks="resnet50:IMAGENET1K_V1").networks == ("resnet50:IMAGENET1K_V1",)


def test_two_spellings_of_one_network_are_one():
    assert asked(networks="resnet50,resnet50:DEFAULT,resnet50:IMAGENET1K_V2").networks == ("resnet50",)


def test_there_are_at_most_so_many_networks():
    many = names()[: MOST_NETWORKS + 5]
    assert asked(networks=",".join(many)).networks == many[:MOST_NETWORKS]


def test_a_long_list_of_unknown_networks_is_not_searched_for_hints(monkeypatch):
    hints = []
    monkeypatch.setattr("core.networks.catalogue._close", lambda name: hints.append(name) or [])
    asked(networks=",".join(f"resnet{number}x" for number in range(10_000)))
    assert len(hints) <= 100


def test_rules_come_in_the_order_of_the_table():
    assert asked(rules="guided,deconvnet,vanilla").rules == tuple(RULES)


def test_the_class_is_read_from_its_key():
    assert asked(**{"class": "0"}).targets == target_of(0)
    assert asked(**{"class": "281"}).targets == target_of(281)


@pytest.mark.parametrize(
    ("text", "index"), [("0", 0), ("007", 7), ("29999", 29_999), ("30000", None), ("000001", None)]
)
def test_a_class_is_a_short_number_that_some_network_may_have(text, index):
    assert address.index(text) == index


def test_classes_come_once_and_of_a_long_list_only_the_first_are_looked_at():
    assert address.indices("3,1,x,3,2") == (3, 1, 2)
    assert address.indices("8,7,6,5,4,3,2,1,0") == (8, 7, 6, 5, 4, 3, 2, 1)
    assert address.indices("," * 49 + "1,2") == (1,)
    assert address.indices("," * 50 + "1,2") is None


@pytest.mark.parametrize(
    ("text", "targets"),
    [("281,282", Classes((281, 282))), ("top5", TopK(5)), ("top1-0", TopK(1, excluding=0))],
)
def test_classes_and_the_most_probable_ones_are_read_and_written(text, targets):
    targets_of = QUESTION["targets"]
    assert targets_of.read(text) == targets
    assert targets_of.write(targets) == text


@pytest.mark.parametrize("text", ["top", "top0", "top9", "top-1", "top5-x", "top5-1-2", "top5,281", "Top5"])
def test_a_ranking_that_makes_no_sense_means_nothing(text):
    assert QUESTION["targets"].read(text) is None


@pytest.mark.parametrize(("text", "opacity"), [("0.1", 0.1), ("1", 1), ("0.554", 0.55), ("0.09", None), ("-1", None)])
def test_an_opacity_is_rounded_and_never_so_low_that_nothing_is_seen(text, opacity):
    assert VIEW["opacity"].read(text) == opacity
