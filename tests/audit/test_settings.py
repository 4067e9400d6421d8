"""What an audit is asked, as a value."""

from dataclasses import fields, replace

import pytest

from core.audit.settings import Settings

ASKED = Settings(("resnet50", "alexnet"))
OTHERS = {
    "networks": ("alexnet",),
    "rules": ("vanilla",),
    "sample": 50,
    "seed": 1,
    "labels": "none",
    "fit": "pad",
    "batch": 8,
    "maps": True,
}


@pytest.mark.parametrize("name", [field.name for field in fields(Settings)])
def test_no_setting_is_forgotten_by_the_key_nor_by_the_comparison(name):
    other = replace(ASKED, **{name: OTHERS[name]})
    assert other.key != ASKED.key
    (difference,) = ASKED.differences(other)
    assert difference.startswith(f"{name} is ")


def test_what_differs_is_said_as_it_was_and_as_it_is_now():
    assert list(ASKED.differences(replace(ASKED, sample=50))) == ["sample is 200, not 50"]
    assert list(ASKED.differences(ASKED)) == []


def test_they_survive_json():
    assert Settings.of_json(ASKED.as_json()) == ASKED
    with pytest.raises(ValueError, match="another version"):
        Settings.of_json({**ASKED.as_json(), "more": 1})


@pytest.mark.parametrize(
    "values",
    [
        {"networks": ()},
        {"networks": ("alexnet", "alexnet")},
        {"rules": ()},
        {"rules": ("smooth",)},
        {"sample": -1},
        {"batch": 0},
        {"labels": "file"},
        {"fit": "stretch"},
    ],
    ids=str,
)
def test_what_makes_no_sense_is_no_setting(values):
    with pytest.raises(ValueError, match=r"must be|make no sense"):
        Settings(**{"networks": ("alexnet",), **values})
