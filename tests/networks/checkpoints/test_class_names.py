"""Labels as people keep them, and what is wrong with them."""

import json

import pytest
from torchvision.models import AlexNet_Weights

from core.errors import CheckpointError
from core.networks.checkpoints.class_names import LONGEST_NAME, MAX_BYTES, MOST_NAMES, parse_labels
from core.networks.labels import CLASSES


@pytest.mark.parametrize(
    "text",
    [
        "cat\ndog\nold horse",
        "cat\r\ndog\r\n  old   horse \r\n\r\n",
        '["cat", "dog", "old horse"]',
        ' {"0": "cat", "2": "old horse", "1": "dog"}',
        '{"old horse": 2, "cat": 0, "dog": 1}',
        '{"0": ["n02", "cat"], "1": ["n01", "dog"], "2": ["n03", "old horse"]}',
        '[["n02", "cat"], ["n01", "dog"], ["n03", "old horse"]]',
        '{"architectures": ["X"], "id2label": {"0": "cat", "1": "dog", "2": "old horse"}, "layers": 12}',
        '{"label2id": {"cat": 0, "dog": 1, "old horse": 2}, "eps": 1e-12}',
        "0,cat\n1,dog\n2,old horse",
        "index,name\r\n2,old horse\r\n1,dog\r\n0,cat\r\n",
        "name;index\ncat;0\ndog;1\nold horse;2",
        'cat\t0\n"dog"\t1\nold horse\t2\n',
        '"cat"\n"dog"\n"old horse"\n',
        "['cat', 'dog', 'old horse']",
        "('cat', 'dog', 'old horse')",
        "{0: 'cat', 1: 'dog', 2: 'old horse'}",
        "{'cat': 0, 'dog': 1, 'old horse': 2}",
        "(#3) ['cat','dog','old horse']",
        "/c/cat 0\n/d/dog 1\n/o/old_horse 2\n",
    ],
)
@pytest.mark.parametrize("encoding", [None, "utf-8", "utf-8-sig", "utf-16"])
def test_all_usual_kinds_give_the_same_names(text: str, encoding: str | None) -> None:
    data = text if encoding is None else text.encode(encoding)
    assert parse_labels(data) == ("cat", "dog", "old horse")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("tench, Tinca tinca\ngoldfish, Carassius auratus", ("tench, Tinca tinca", "goldfish, Carassius auratus")),
        ("digit 0\ndigit 1", ("digit 0", "digit 1")),
        ('0,"tench, Tinca tinca"\n1,goldfish', ("tench, Tinca tinca", "goldfish")),
        ('"tench, Tinca tinca"\n"gold ""fish"""', ("tench, Tinca tinca", 'gold "fish"')),
        ("/a/airfield 0\n/a/apartment_building/outdoor 1", ("airfield", "apartment building/outdoor")),
        ("0,1\n1,2", ("1", "2")),
    ],
)
def test_commas_numbers_and_quotes_in_names_stay_theirs(text: str, names: tuple[str, ...]) -> None:
    assert parse_labels(text) == names


def test_a_name_keeps_its_letters_and_loses_what_cannot_be_printed() -> None:
    assert parse_labels("Zürich\t(Ü)\x00\n猫\u202e!") == ("Zürich (Ü)", "猫 !")


def test_names_that_occur_twice_are_told_apart() -> None:
    assert parse_labels("crane\nox\ncrane") == ("crane (class 0)", "ox", "crane (class 2)")


def test_imagenets_names_are_told_apart_as_everywhere_in_limelight() -> None:
    published = AlexNet_Weights.IMAGENET1K_V1.meta["categories"]
    assert parse_labels(json.dumps(published)) == parse_labels("\n".join(published)) == CLASSES


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"\xff\xfe\xd8", "not text in UTF-8"),
        (b"caf\xe9", "not text in UTF-8"),
        ("", "no labels"),
        ("[]", "no labels"),
        ("{}", "no labels"),
        ("cat\n\ndog", "label of class 1 is empty"),
        ("cat\n\x07\n", "label of class 1 is empty"),
        ("x" * (LONGEST_NAME + 1), "label of class 0 is longer"),
        ("x\n" * (MOST_NAMES + 1), f"{MOST_NAMES + 1} labels and at most"),
        (" " * (MAX_BYTES + 1), "more than 4 MB"),
        ('["cat"', "look like JSON but are none: .* in line 1"),
        ("[1, 2]", "label of class 0 is not a name"),
        ('{"0": {"name": "cat"}}', "label of class 0 is not a name"),
        ('{"0": []}', "label of class 0 is not a name"),
        ('{"1": "cat", "2": "dog"}', "do not name class 0"),
        ('{"cat": 0, "dog": 0}', "do not name class 1"),
        ('{"cat": 0, "dog": -1}', "do not name class 0"),
        ('{"cat": true}', "'cat' in the labels is not a class's number"),
        ('{"a](b) *c*": "cat"}', "'a··b···c·' in the labels is not"),
        ('{"0": "cat", "0": "dog"}', "'0' occurs twice"),
        ("[" * 100_000, "JSON of an unknown kind"),
        (f'{{"cat": {"9" * 10_000}}}', "JSON of an unknown kind"),
        ("ox\nox (class 0)\nox", "have the same name"),
        ("1,cat\n2,dog", "do not name class 0"),
        ("['cat', open('x')]", "look like JSON but are none"),
        ("(" * 100_000, "look like JSON but are none"),
        ("[" + "-" * 100_000 + "1]", "look like JSON but are none"),
        ("{'cat', 'dog'}", "look like JSON but are none"),
    ],
)
def test_what_is_wrong_is_said(data: bytes | str, sentence: str) -> None:
    with pytest.raises(CheckpointError, match=sentence):
        parse_labels(data)
