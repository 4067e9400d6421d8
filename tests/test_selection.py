"""The selection and its address: a stranger may have written it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.images.framing import FITS
from core.networks.catalogue import names
from core.networks.graph.gates import RULES
from core.saliency.reductions import REDUCTIONS
from core.selection import ARRANGEMENTS, CLIPS, COLOURS, MOST_NETWORKS, SCALES, SHOWS, Selection

KEYS = {
    "picture", "networks", "rules", "class", "fit", "show", "reduction", "colours", "scale", "clip", "opacity",
    "networks_as",
}  # fmt: skip
DEFAULT = Selection()

selections = st.builds(
    Selection,
    picture=st.one_of(
        st.sampled_from(["chelsea", "rocket", "https://example.com/a,b.jpg?x=1&y=ü#z", "upload-0123456789abcdef"]),
        st.text(min_size=1, max_size=100),
    ),
    networks=st.lists(st.sampled_from(names()), min_size=1, max_size=MOST_NETWORKS, unique=True).map(tuple),
    rules=st.sets(st.sampled_from(list(RULES)), min_size=1).map(lambda some: tuple(r for r in RULES if r in some)),
    target=st.none() | st.integers(0, 999),
    fit=st.sampled_from(FITS),
    show=st.sampled_from(SHOWS),
    reduction=st.sampled_from(REDUCTIONS),
    colours=st.sampled_from(COLOURS),
    scale=st.sampled_from(SCALES),
    clip=st.sampled_from(CLIPS),
    opacity=st.integers(10, 100).map(lambda percent: percent / 100),
    networks_as=st.sampled_from(ARRANGEMENTS),
)


@settings(deadline=None, max_examples=50)
@given(selections)
def test_a_selection_survives_its_own_address(selection):
    assert Selection.from_query(selection.to_query()) == selection


@settings(deadline=None, max_examples=50)
@given(selections)
def test_an_address_is_plain_text_under_known_keys(selection):
    query = selection.to_query()
    assert set(query) <= KEYS
    assert all(isinstance(value, str) for value in query.values())


def test_defaults_are_left_out():
    assert DEFAULT.to_query() == {}
    assert Selection(target=207, clip=95.0).to_query() == {"class": "207", "clip": "95"}


def test_an_empty_address_is_the_default():
    assert Selection.from_query({}) == DEFAULT


@settings(deadline=None, max_examples=50)
@given(st.dictionaries(st.sampled_from(sorted(KEYS - {"picture"})), st.text(max_size=30)))
def test_whatever_a_stranger_writes_gives_a_selection_that_survives(query):
    selection = Selection.from_query(query)
    assert Selection.from_query(selection.to_query()) == selection


@pytest.mark.parametrize(
    ("key", "text"),
    [
        *((key, "") for key in sorted(KEYS)),
        *((key, "nonsense") for key in sorted(KEYS - {"picture"})),
        *((key, "9" * 5000) for key in sorted(KEYS - {"picture"})),
        ("networks", ",,,"),
        ("networks", "resnet50:NO_SUCH_WEIGHTS"),
        ("networks", "vgg16:IMAGENET1K_FEATURES"),  # cannot classify
        ("networks", "RESNET50"),
        ("rules", "Vanilla"),
        ("class", "²"),
        ("class", "-1"),
        ("class", "1.0"),
        ("class", "1_0"),
        ("class", " 1"),
        ("class", "30000"),  # no network has it
        ("class", "99999"),
        ("clip", "99.51"),
        ("clip", "nan"),
        ("opacity", "nan"),
        ("opacity", "inf"),
        ("opacity", "-0.5"),
        ("opacity", "0"),
        ("opacity", "0.0999"),
        ("opacity", "1.01"),
        ("opacity", "1e999"),
        ("show", "MAP"),
        ("target", "207"),  # the key is "class"
        ("__class__", "x"),
    ],
)
def test_nonsense_becomes_the_default(key, text):
    assert Selection.from_query({key: text}) == DEFAULT


def test_one_field_of_nonsense_does_not_cost_the_others():
    query = {"networks": "resnet50", "class": "²", "fit": "pad", "opacity": "nan"}
    assert Selection.from_query(query) == Selection(networks=("resnet50",), fit="pad")


def test_networks_keep_their_order_and_come_once():
    query = {"networks": "vgg19,alexnet,vgg19,nonsense,resnet18,alexnet"}
    assert Selection.from_query(query).networks == ("vgg19", "alexnet", "resnet18")


def test_networks_with_other_weights_are_accepted():
    assert Selection.from_query({"networks": "resnet50:IMAGENET1K_V1"}).networks == ("resnet50:IMAGENET1K_V1",)


def test_there_are_at_most_so_many_networks():
    asked = names()[: MOST_NETWORKS + 5]
    assert Selection.from_query({"networks": ",".join(asked)}).networks == asked[:MOST_NETWORKS]


def test_rules_come_in_the_order_of_the_table():
    assert Selection.from_query({"rules": "guided,deconvnet,vanilla"}).rules == tuple(RULES)


def test_the_class_is_read_from_its_key():
    assert Selection.from_query({"class": "0"}).target == 0
    assert Selection.from_query({"class": "281"}).target == 281


def test_a_picture_address_is_bounded():
    assert len(Selection.from_query({"picture": "x" * 100_000}).picture) == 2000


def test_a_long_list_of_unknown_networks_is_not_searched_for_hints(monkeypatch):
    hints = []
    monkeypatch.setattr("core.networks.catalogue._close", lambda name: hints.append(name) or [])
    Selection.from_query({"networks": ",".join(f"resnet{number}x" for number in range(10_000))})
    assert len(hints) <= 100


def test_two_spellings_of_one_network_are_one():
    query = {"networks": "resnet50,resnet50:DEFAULT,resnet50:IMAGENET1K_V2"}
    assert Selection.from_query(query).networks == ("resnet50",)
