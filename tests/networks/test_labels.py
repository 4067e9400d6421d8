"""Finding a class by name."""

from collections.abc import Callable

import pytest

from core.networks.labels import CLASSES, class_named, disambiguated, find_classes


def first(query: str) -> int:
    return find_classes(query)[0].index


def test_the_thousand_names_are_all_different_in_any_case() -> None:
    assert len(CLASSES) == len({name.casefold() for name in CLASSES}) == 1000


@pytest.mark.parametrize(
    ("first", "written"),
    [
        (0, lambda name: "  " + name.title().replace(" ", "   ") + "\t"),
        (1, lambda name: name.upper().replace(" ", "_")),
    ],
    ids=["Title Case with stray spaces", "UPPER CASE with underscores"],
)
def test_every_name_finds_exactly_its_class_however_it_is_written(first: int, written: Callable[[str], str]) -> None:
    for index, name in list(enumerate(CLASSES))[first::2]:  # one half in one way, the other in the other
        best, *others = find_classes(written(name), limit=3)
        assert (best.index, best.exact, best.score) == (index, True, 1.0)
        assert not any(other.exact for other in others)


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("great grey owl", 24),
        ("great_grey_owl", 24),
        ("jay", 17),
        ("foxhound", 167),
        ("dalmatian dog", 251),
        ("tabby cat", 281),
        ("tabby cats", 281),
        ("the tabby cat", 281),
        ("penguin", 145),
        ("Peacock", 84),
        ("a toucan", 96),
        ("crane wading bird", 134),
        ("crane lifting device", 517),
        ("maillot tights", 638),
        ("wolf spiders", 77),
    ],
)
def test_names_people_use_find_their_class_first(query: str, index: int) -> None:
    assert first(query) == index


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("dalmation", 251),
        ("great gray owl", 24),
        ("expresso", 967),
        ("golden retriver", 207),
        ("gold fish", 1),
        ("greatgreyowl", 24),
        ("dalma", 251),
    ],
)
def test_what_is_mistyped_or_unfinished_finds_its_class_first_but_not_exactly(query: str, index: int) -> None:
    best = find_classes(query)[0]
    assert (best.index, best.exact) == (index, False)


@pytest.mark.parametrize(
    ("query", "indices"),
    [("crane", {134, 517}), ("cardigan", {264, 474}), ("maillot", {638, 639}), ("Cardigan", {264, 474})],
)
def test_a_name_of_two_classes_gives_both_and_neither_exactly(query: str, indices: set[int]) -> None:
    found = find_classes(query)
    assert {match.index for match in found[:2]} == indices
    assert found[0].score == found[1].score
    assert not any(match.exact for match in found)


@pytest.mark.parametrize("query", ["dog", "owl", "cat", "spider"])
def test_a_kind_gives_several_candidates_and_none_exactly(query: str) -> None:
    found = find_classes(query)
    assert len(found) > 1
    assert not any(match.exact for match in found)


def test_names_that_differ_by_a_plural_are_not_confused() -> None:
    assert [match.index for match in find_classes("sunglass") if match.exact] == [836]
    assert [match.index for match in find_classes("Sunglasses") if match.exact] == [837]


@pytest.mark.parametrize(("query", "index"), [("281", 281), (" 0 ", 0), ("999", 999)])
def test_a_number_is_the_class_of_that_index(query: str, index: int) -> None:
    (match,) = find_classes(query)
    assert (match.index, match.name, match.exact) == (index, CLASSES[index], True)


@pytest.mark.parametrize("query", ["", "  ", "_-_", "1000", "-1", "zzzzqqq", "9" * 10_000, "?" * 10_000])
def test_what_names_nothing_finds_nothing(query: str) -> None:
    assert find_classes(query) == []


def test_candidates_are_ranked_and_limited() -> None:
    found = find_classes("dog", limit=3)
    assert len(found) == 3
    assert sorted(found, key=lambda match: -match.score) == found
    assert all(0 < match.score < 1 for match in found)


def test_classes_of_another_network_can_be_searched() -> None:
    assert find_classes("HOT dog", categories=["hot dog", "not hot dog"])[0].exact
    twice = find_classes("hot dog", categories=["hot dog", "hot dog"])
    assert [(match.index, match.exact) for match in twice] == [(0, False), (1, False)]


def test_categories_that_are_not_imagenets_keep_their_names() -> None:
    assert disambiguated(["crane", "pulley"]) == ("crane", "pulley")


@pytest.mark.parametrize(
    ("name", "index"),
    [("Egyptian_cat", 285), ("TABBY", 281), ("crane (wading bird)", 134), ("crane", None), ("281", None), ("", None)],
)
def test_a_class_is_found_by_its_full_name_alone(name: str, index: int | None) -> None:
    assert class_named(name, CLASSES) == index


def test_a_name_that_two_classes_have_is_neithers() -> None:
    assert class_named("Red", ("red", "RED")) is None
    assert class_named("7", ("6", "7")) == 1
    assert class_named("", ("?", "a")) is None
