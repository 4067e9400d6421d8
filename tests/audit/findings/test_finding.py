"""Verdicts and sentences."""

import json
from dataclasses import replace

import pytest

from core.audit.findings.covering import Covering
from core.audit.findings.exchange import Exchange
from core.audit.findings.finding import Answered, Found, place
from core.audit.findings.likeness import Likeness
from core.audit.findings.pixels import Telling
from core.audit.findings.suspects import Suspect
from core.images.region import Region

BOX = Region(0, 5 / 7, 3 / 7, 1)
NEEDED = Covering(0.40, 0.38, 0.23, 0.52, 30)
UNNEEDED = Covering(-0.02, 0.01, -0.04, 0.06, 30)
PLACE = Region(0, 0.8, 0.4, 0.95)
ALIKE, OTHER = Likeness(0.20, 0.02, PLACE, PLACE), Likeness(0.04, 0.03, PLACE, PLACE)
USED = Exchange(0.21, 0.35, 4.34, 2.71, 6.9, 31, mirrored=False)
UNUSED = Exchange(-0.02, 0.05, 1.1, 0.9, 1.3, 31, mirrored=False)
STAMP = Answered(Suspect(BOX, 0.5, 0.12), ALIKE, NEEDED, USED)
HORSES = Found("hans", "horse", 60, (STAMP,))


def said(found):
    return " ".join(found.sentences())


def test_only_what_is_alike_and_used_is_a_finding():
    assert HORSES.findings == (STAMP,)
    assert replace(STAMP, suspect=None, covered=None).is_finding  # wherever the evidence lies
    for other in (
        replace(STAMP, exchanged=UNUSED),
        replace(STAMP, exchanged=None),
        replace(STAMP, likeness=OTHER),
        replace(STAMP, likeness=Likeness(0.9, 0.85, BOX, BOX)),  # where all classes' crops are alike
        replace(STAMP, likeness=None),
    ):
        assert not other.is_finding
        assert "does not clear the network" in said(replace(HORSES, regions=(other,)))


def test_where_all_pictures_have_it_more_is_asked():
    weak = replace(USED, low=1.9, mirrored=True)
    assert replace(STAMP, exchanged=replace(weak, mirrored=False)).is_finding
    assert not replace(STAMP, exchanged=weak).is_finding
    sure = replace(HORSES, regions=(replace(STAMP, exchanged=replace(weak, low=2.1)),))
    assert sure.findings
    assert "as much as by places that mirror it (95 %" in said(sure)


def test_what_is_asked_of_is_what_looks_alike_else_all_of_the_suspect():
    assert STAMP.place == PLACE
    assert replace(STAMP, likeness=OTHER).place == replace(STAMP, likeness=None).place == BOX
    assert replace(STAMP, suspect=None).place == PLACE


def test_a_finding_is_said_with_its_numbers_and_asks_to_look():
    assert list(HORSES.sentences()) == [
        "**horse** leans on the lower left. Exchanged with the same place of other classes' pictures, it takes 0.21 "
        "off the probability of horse and adds 0.35 to theirs: the odds change 4.34 times as much as by the same place "
        "of its pictures without it (95 %: 2.71 to 6.90 times, 31 pictures). Covering it takes 0.40 off the "
        "probability of horse, which is then 0.38 lower than with other places of that size covered (95 %: 0.23 to "
        "0.52, 30 pictures). The crops look alike in 20 % of pairs; in other classes in 2 %.",
        "Alike crops are often a stamp, a frame or a logo. Look at them: is this part of **horse**?",
    ]


def test_an_object_is_called_one():
    found = replace(HORSES, regions=(replace(STAMP, likeness=OTHER),))
    assert "and needs it" in said(found)
    assert "most likely the object" in said(found)


def test_what_looks_alike_and_is_not_used_is_said_of_the_pictures():
    found = replace(HORSES, regions=(replace(STAMP, exchanged=UNUSED),))
    assert said(found).startswith("The lower left of pictures of **horse** often looks the same, but it is not shown")
    assert "adds 0.02 to the probability of horse and adds 0.05 to theirs" in said(found)
    assert "leans" not in said(found)
    middle = replace(HORSES, regions=(replace(STAMP, exchanged=None),))
    assert "could not be exchanged" in said(middle)


def test_what_is_not_needed_is_said_with_its_signs():
    found = replace(HORSES, regions=(replace(STAMP, covered=UNNEEDED, likeness=OTHER),))
    assert "adds 0.02 to the probability of horse, which is then 0.01 lower than with" in said(found)
    assert "−0.04 to 0.06" in said(found)
    assert "leans" not in said(found)
    raised = Covering(-0.016, -0.010, -0.03, 0.001, 30)  # less than others do
    found = replace(HORSES, regions=(replace(STAMP, covered=raised, likeness=OTHER),))
    assert "adds 0.02 to the probability of horse, which is then 0.01 higher than with" in said(found)
    assert "(95 %: 0.00 to 0.03, 30 pictures)" in said(found)


@pytest.mark.parametrize("covered", [Covering(-0.05, 0.02, 0.01, 0.03, 30), Covering(0.001, 7e-5, 1e-5, 2e-4, 30)])
def test_nothing_is_needed_that_is_missed_by_nobody(covered):
    each = replace(STAMP, covered=covered, likeness=OTHER)
    assert not each.is_needed
    assert "and needs it." not in said(replace(HORSES, regions=(each,)))


def test_where_a_folder_is_no_class_nothing_is_said_of_its_probability():
    found = replace(HORSES, label="monday", is_explained=False, silent=2)
    assert "off the probability of the class that was explained and adds" in said(found)
    assert "covering it takes 0.40 off the probability of the class that was explained" in said(found).lower()
    assert said(found).endswith("In 2 pictures no place speaks for the class that was explained.")
    nowhere = replace(found, regions=(replace(STAMP, likeness=OTHER, covered=UNNEEDED),))
    assert said(nowhere).startswith("The evidence in pictures of **monday** often lies in the lower left")


def test_a_class_that_is_alone_is_not_said_to_have_been_asked():
    alone = replace(HORSES, regions=(), has_others=False)
    assert said(alone).startswith("There is no other class to compare **horse** with")
    assert "stood out" not in said(alone)


@pytest.mark.parametrize(
    ("odds", "words"),
    [
        (1e-5, "less than 0.01"),
        (0.3, "0.30"),
        (1.06, "1.06"),
        (43.2, "43.2"),
        (773.5, "774"),
        (3e11, "more than 1,000,000"),
    ],
)
def test_factors_have_as_many_digits_as_they_bear(odds, words):
    found = replace(HORSES, regions=(replace(STAMP, exchanged=replace(USED, odds=odds)),))
    assert f"the odds change {words} times as much" in said(found)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "0 %"),
        (0.004, "less than 1 %"),
        (0.0099, "less than 1 %"),
        (0.014, "1 %"),
        (0.996, "more than 99 %"),
        (1.0, "100 %"),
    ],
)
def test_no_share_is_rounded_to_all_or_nothing(share, words):
    found = replace(HORSES, regions=(replace(STAMP, likeness=replace(ALIKE, others=share)),))
    assert f"in other classes in {words}." in said(found)


def test_nothing_found_clears_nobody():
    assert said(replace(HORSES, regions=())).startswith("No region stood out for **horse**. That does not clear")
    blind = replace(HORSES, regions=(), has_places=False)
    assert said(blind) == "This network has no layer that knows places, so no region can be looked for."


def test_of_few_pictures_nothing_is_said():
    assert said(replace(HORSES, pictures=19)) == "**horse**: too few pictures to say (19 pictures; 20 are needed)."


@pytest.mark.parametrize(("auc", "by_lot", "told"), [(0.77, 0.6, True), (0.69, 0.6, False), (0.72, 0.74, False)])
def test_pixels_that_tell_more_than_lots_are_said(auc, by_lot, told):
    found = replace(HORSES, telling=Telling(BOX, auc, by_lot))
    assert ("without any network" in said(found)) == told


def test_groups_are_told_without_a_verdict():
    assert "pictures of **horse** were put into groups of 22 and 18. Any" in said(replace(HORSES, groups=(22, 18)))
    assert "groups of 20, 15 and 5. Any pictures are" in said(replace(HORSES, groups=(20, 15, 5)))


def test_pictures_in_which_nothing_speaks_for_the_class_are_counted():
    assert said(replace(HORSES, silent=15)).endswith("In 15 pictures no place speaks for **horse**.")


@pytest.mark.parametrize(
    ("region", "words"),
    [
        (BOX, "lower left"),
        (Region(0.4, 0.4, 0.6, 0.6), "middle"),
        (Region(0.7, 0, 1, 0.2), "upper right"),
        (Region(0, 0, 1, 1), "whole"),
        (Region(0, 0, 1, 0.2), "upper part"),
        (Region(0, 5 / 7, 5 / 7, 1), "lower left and middle"),
        (Region(0.4, 0.5, 0.6, 1), "lower middle"),
        (Region(0, 0.4, 0.2, 0.6), "left"),
    ],
    ids=str,
)
def test_places_in_words(region, words):
    assert place(region) == words


def test_it_survives_json():
    gone, anywhere = Answered(STAMP.suspect, None), Answered(None, ALIKE)
    found = replace(HORSES, regions=(STAMP, gone, anywhere), telling=Telling(BOX, 0.77, 0.6), groups=(22, 18), silent=2)
    assert Found.of_json(json.loads(json.dumps(found.as_json()))) == found
    assert found.as_json()["sentences"][0].startswith("**horse**")
