"""Files to take away: every number is in them as it was computed, and nothing in them runs."""

import csv
import io
import json
from types import MappingProxyType

import numpy as np
import pytest

from core.explanation import Comparison
from core.export.files import CSV_COLUMNS, csv_of, npz_of
from core.values import Picture, Prediction
from tests.ui.made import OTHERS, TABBY, explained, gradient

PICTURE = Picture(np.zeros((8, 16, 3), np.uint8), "0" * 64)
MANIFEST = {"format": {"name": "made", "version": 1}, "title": "Café"}


def comparison(*explanations):
    return Comparison(PICTURE, explanations)


def arrays(data):
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def rows(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def named(name):
    """The CSV's row for a class of this name."""
    target = Prediction(1, name, -1.5, 0.25)
    return rows(csv_of(comparison(explained(target=target, top=(target,)))))[0]


def test_every_map_is_there_bit_by_bit():
    values = np.random.default_rng(0).normal(size=(3, 8, 8)).astype(np.float32)
    values[0, 0, :2] = -0.0, 1e-42  # bits that careless conversions lose
    both = comparison(
        explained("resnet50", maps={"guided": values}),
        explained("vgg19", maps={"vanilla": np.asfortranarray(values), "guided": gradient()}),
    )
    found = arrays(npz_of(both, MANIFEST))
    assert set(found) == {
        "manifest.json", "resnet50/seen", "resnet50/guided", "vgg19/seen", "vgg19/vanilla", "vgg19/guided",
    }  # fmt: skip
    for name in ("resnet50/guided", "vgg19/vanilla"):
        assert found[name].dtype.str == "<f4"
        assert found[name].shape == (3, 8, 8)
        assert found[name].tobytes() == values.tobytes()


def test_what_the_network_saw_is_there():
    explanation = explained()
    found = arrays(npz_of(comparison(explanation), MANIFEST))["alexnet/seen"]
    assert found.dtype == np.uint8
    assert np.array_equal(found, explanation.seen)


def test_the_manifest_is_there_as_bytes():
    found = arrays(npz_of(comparison(explained()), MANIFEST))["manifest.json"]
    assert found.dtype == np.uint8
    assert json.loads(found.tobytes()) == MANIFEST


def test_names_with_a_colon_keep_it():
    found = arrays(npz_of(comparison(explained("resnet50:IMAGENET1K_V1")), MANIFEST))
    assert "resnet50:IMAGENET1K_V1/guided" in found


def test_a_refused_rule_has_no_array():
    explanation = explained(maps={"vanilla": gradient()}, refused={"guided": "No ReLU."})
    assert set(arrays(npz_of(comparison(explanation), MANIFEST))) == {
        "manifest.json", "alexnet/seen", "alexnet/vanilla",
    }  # fmt: skip


def test_the_csv_is_as_the_standard_says_with_a_mark_for_excel():
    data = csv_of(comparison(explained()))
    lines = data.decode("utf-8-sig").split("\r\n")
    assert data.startswith(
        b"\xef\xbb\xbfnetwork,title,rank,class_index,class_name,probability,logit,explained,outputs\r\n"
    )
    assert lines[1] == "alexnet,Alexnet,1,281,tabby,0.38,9.0,1,softmax"
    assert lines[-1] == ""
    assert len(lines) == 1 + 5 + 1


def test_each_network_has_its_five_classes_in_their_order():
    found = rows(csv_of(comparison(explained("alexnet"), explained("vgg19"))))
    assert tuple(found[0]) == CSV_COLUMNS
    assert [row["network"] for row in found] == ["alexnet"] * 5 + ["vgg19"] * 5
    assert [int(row["rank"]) for row in found] == [1, 2, 3, 4, 5] * 2
    assert [int(row["class_index"]) for row in found[:5]] == [281, 0, 1, 2, 3]
    assert [row["explained"] for row in found[:5]] == ["1", "0", "0", "0", "0"]


def test_numbers_come_back_exactly():
    target = Prediction(7, "cup", float(np.float32(-12.345678)), 1 / 3)
    (row,) = rows(csv_of(comparison(explained(target=target, top=(target,)))))
    assert float(row["logit"]) == target.logit
    assert float(row["probability"]) == target.probability


def test_a_class_that_is_explained_but_not_among_the_five_has_a_row_without_rank():
    found = rows(csv_of(comparison(explained(target=TABBY, top=OTHERS))))
    assert len(found) == 5
    assert (found[-1]["rank"], found[-1]["class_name"], found[-1]["explained"]) == ("", "tabby", "1")
    assert all(row["explained"] == "0" for row in found[:-1])


@pytest.mark.parametrize(
    "name",
    ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", " =1+1", "  \u00a0=1", "＝1+1", "＋1", "－1", "＠a"],
)
def test_a_name_cannot_be_a_formula(name):
    assert named(name)["class_name"] == f"'{name}"


@pytest.mark.parametrize("name", ["a;=1+1", "a,=1+1", "a; @x"])
def test_a_name_cannot_hold_a_formula_where_others_see_the_end_of_a_cell(name):
    found = named(name)["class_name"]
    assert found == name[:2] + "'" + name[2:]


@pytest.mark.parametrize("control", ["\t", "\r", "\n", "\0", "\x1b", "\x85", "\u2028"])
def test_a_name_cannot_hold_a_control_character_nor_hide_a_formula_behind_one(control):
    assert named(f"a{control}b")["class_name"] == "a b"
    assert named(f"{control}=1+1")["class_name"] == "' =1+1"


@pytest.mark.parametrize("name", ["tabby", "Welsh springer spaniel", "t-shirt", "a = b", 'so-called "cat", big', "Ø-1"])
def test_other_names_stay_as_they_are(name):
    assert named(name)["class_name"] == name


def test_titles_of_networks_cannot_be_formulas_either():
    (row,) = rows(csv_of(comparison(explained(title="=1+1", top=(TABBY,)))))
    assert row["title"] == "'=1+1"


def test_negative_numbers_stay_numbers():
    assert named("cat")["logit"] == "-1.5"


def test_names_that_no_encoding_has_do_not_break_the_file():
    assert named("a\ud800b")["class_name"] == "a?b"


def test_maps_stay_as_they_were():
    maps = MappingProxyType({"vanilla": gradient(), "guided": gradient()})
    npz_of(comparison(explained(maps=maps)), MANIFEST)
    assert np.array_equal(maps["guided"], gradient())


def test_where_outputs_were_never_said_there_is_no_probability():
    target = Prediction(7, "cup", 2.5, 0.9, "assumed")
    (row,) = rows(csv_of(comparison(explained(target=target, top=(target,)))))
    assert (row["probability"], row["logit"], row["outputs"]) == ("", "2.5", "assumed")
