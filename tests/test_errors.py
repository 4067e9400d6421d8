"""Errors that a reader can fix: the tree is as drawn, and every message is a sentence."""

from pathlib import Path

import pytest

from core import errors
from core.errors import (
    LimelightError,
    RuleUnavailable,
    SameClass,
    UnknownClass,
    UnknownNetwork,
    WeightsDamaged,
    WeightsMissing,
)


def branches(error, depth=0):
    """(depth, name) of an error and of all below it, as they are written one under another."""
    yield depth, error.__name__
    for below in error.__subclasses__():
        if below.__module__ == errors.__name__:
            yield from branches(below, depth + 1)


def test_the_tree_is_as_drawn():
    lines = [line.partition("── ") for line in errors.__doc__.splitlines() if "── " in line]
    drawn = [(len(indent) // 4 + 1, name.split()[0]) for indent, _, name in lines]
    assert [(0, "LimelightError"), *drawn] == list(branches(LimelightError))


FILE = Path("models", "vgg.pth")
MADE = [
    UnknownNetwork("vgg", []),
    UnknownNetwork("vgg", ["vgg11", "vgg13"]),
    WeightsMissing("VGG-19", FILE, "https://example.com/vgg.pth", 574_673_361),
    WeightsDamaged("VGG-19", FILE, "it is empty"),
    RuleUnavailable("guided", "12 GELU"),
    UnknownClass(1000, 1000),
    SameClass(3),
]


@pytest.mark.parametrize("error", MADE, ids=lambda error: type(error).__name__)
def test_a_message_is_made_of_whole_sentences(error):
    assert str(error)[0].isupper()
    assert str(error)[-1] in ".?"
    assert "  " not in str(error)


def test_close_names_are_offered_only_where_there_are_any():
    assert str(UnknownNetwork("vgg", [])) == "There is no network called 'vgg'."
    assert str(UnknownNetwork("vgg", ["vgg11", "vgg13"])).endswith(" Did you mean vgg11 or vgg13?")


def test_a_name_of_several_lines_is_shown_in_one():
    assert "\n" not in str(UnknownNetwork("a\n# b", []))


def test_missing_weights_say_their_size_and_keep_what_a_download_needs():
    missing = WeightsMissing("VGG-19", FILE, "https://example.com/vgg.pth", 574_673_361)
    assert "VGG-19 (575 MB)" in str(missing)
    assert (missing.path, missing.url, missing.size) == (FILE, "https://example.com/vgg.pth", 574_673_361)


def test_the_last_class_is_one_less_than_there_are():
    assert "classes 0 to 9." in str(UnknownClass(10, 10))
