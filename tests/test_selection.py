"""The selection and its address: a stranger may have written it."""

from dataclasses import replace
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.images.address import MAX_ADDRESS
from core.images.framing import FITS
from core.images.region import Region
from core.networks.catalogue import names
from core.question import DEFAULT_NETWORKS, MOST_CLASSES, MOST_NETWORKS, Question
from core.rules import RULES
from core.saliency.reductions import REDUCTIONS
from core.saliency.references import REFERENCES
from core.selection import TOOLS, Selection
from core.targets import Classes, TopK
from core.view import ARRANGEMENTS, CLIPS, COARSE, COLOURS, SCALES, SHOWS, SPACES, View
from tests.selecting import select

KEYS = {
    "picture", "networks", "rules", "class", "against", "fit", "show", "reduction", "colours", "scale", "clip",
    "opacity", "coarse", "networks_as", "on", "with", "region", "subject", "classes", "ask", "present",
}  # fmt: skip
FIRST_PAGE = Selection()
LITE0 = select()  # what an address means that says something, but no network

classes = st.integers(0, 999)


def some(choices, least=0):
    """Some of the choices, in their own order."""
    chosen = st.sets(st.sampled_from(list(choices)), min_size=least)
    return chosen.map(lambda found: tuple(choice for choice in choices if choice in found))


questions = st.builds(
    Question,
    networks=st.lists(st.sampled_from(names()), min_size=1, max_size=MOST_NETWORKS, unique=True).map(tuple),
    rules=some(RULES, least=1),
    targets=st.one_of(
        st.builds(TopK, st.integers(1, MOST_CLASSES), st.none() | classes),
        st.builds(Classes, st.lists(classes, min_size=1, max_size=MOST_CLASSES, unique=True).map(tuple)),
    ),
    against=st.none() | classes,
    fit=st.sampled_from(FITS),
)
views = st.builds(
    View,
    show=st.sampled_from(SHOWS),
    reduction=st.sampled_from(REDUCTIONS),
    colours=st.sampled_from(COLOURS),
    scale=st.sampled_from(SCALES),
    clip=st.sampled_from(CLIPS),
    opacity=st.integers(10, 100).map(lambda percent: percent / 100),
    arrangement=st.sampled_from(ARRANGEMENTS),
    space=st.sampled_from(SPACES),
    coarse=st.sampled_from(COARSE),
    references=some(REFERENCES),
    region=st.none() | st.just(Region(0.1, 0.2, 0.5, 0.9)),
)


def consistent(selection):
    """A selection whose mode is the one that its address implies."""
    mode = "chosen" if selection.classes else "top"
    return replace(selection, mode=mode if selection.question.against is None else "contrast")


selections = st.builds(
    Selection,
    picture=st.one_of(
        st.sampled_from(["chelsea", "rocket", "https://example.com/a,b.jpg?x=1&y=ü#z", "upload-0123456789abcdef"]),
        st.text(min_size=1, max_size=100),
    ),
    question=questions,
    view=views,
    subject=st.sampled_from(["", *names()]),
    classes=st.lists(classes, max_size=MOST_CLASSES, unique=True).map(tuple),
    tool=st.sampled_from(["", *TOOLS]),
    presenting=st.booleans(),
).map(consistent)


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
    assert FIRST_PAGE.to_query() == {}
    assert select(target=207, clip=95.0).to_query() == {"class": "207", "clip": "95"}


def test_an_empty_address_is_the_first_page():
    assert Selection.from_query({}) == FIRST_PAGE
    assert FIRST_PAGE.question.networks == DEFAULT_NETWORKS
    assert Selection.from_query({"utm_source": "mail"}) == FIRST_PAGE


def test_the_first_pages_networks_are_said_as_soon_as_anything_is():
    assert replace(FIRST_PAGE, tool="region").to_query() == {"networks": ",".join(DEFAULT_NETWORKS), "ask": "region"}


def test_the_network_that_an_address_leaves_out_is_said_where_it_would_be_empty():
    assert LITE0.to_query() == {"networks": "efficientnet_lite0"}


# Addresses that were shared when the first page had one network, and what they opened.
OLD = [
    ("picture=coffee", select(picture="coffee")),
    ("class=207", select(target=207)),
    ("networks=alexnet%2Cvgg19&rules=guided", select(networks=("alexnet", "vgg19"), rules=("guided",))),
    ("networks=resnet50%3AIMAGENET1K_V1&fit=squash", select(networks=("resnet50:IMAGENET1K_V1",), fit="squash")),
    ("show=overlay&opacity=0.55&colours=hot", select(show="overlay", opacity=0.55, colours="hot")),
    ("reduction=sum&scale=all&clip=95", select(reduction="sum", scale="all", clip=95.0)),
    ("networks_as=rows&on=picture", select(arrangement="rows", space="picture")),
    ("with=edges%2Crandom&ask=agreement", select(references=("edges", "random"), tool="agreement")),
    ("picture=stamped&region=0.08%2C0.84%2C0.58%2C0.92&ask=region",
     select(picture="stamped", region=Region(0.08, 0.84, 0.58, 0.92), tool="region")),
    ("networks=alexnet&present=1", select(networks=("alexnet",), presenting=True)),
    ("subject=vgg19&classes=281%2C282", select(subject="vgg19", classes=(281, 282), mode="chosen")),
    ("classes=281&against=285", select(classes=(281,), against=285, mode="contrast")),
    ("picture=https%3A%2F%2Fexample.com%2Fa.jpg&rules=vanilla%2Cguided%2Cdeconvnet",
     select(picture="https://example.com/a.jpg", rules=("vanilla", "guided", "deconvnet"))),
    ("networks=own-0123456789abcdef&picture=upload-0123456789abcdef",
     select(networks=("own-0123456789abcdef",), picture="upload-0123456789abcdef")),
]  # fmt: skip


@pytest.mark.parametrize(("link", "opened"), OLD, ids=[link for link, _ in OLD])
def test_a_link_made_before_opens_the_same_comparison(link, opened):
    query = dict(parse_qsl(link))
    assert Selection.from_query(query) == opened
    assert opened.to_query() == query


def test_the_pages_ask_what_an_old_link_asked():
    compared = Selection.from_query({"class": "207", "classes": "281,282", "against": "285"})
    assert compared.compare_question == Question(("efficientnet_lite0",), targets=Classes((207,)))
    contrast = replace(compared.question, targets=Classes((281,)))
    assert compared.class_question == contrast
    assert contrast.against == 285
    chosen = Selection.from_query({"class": "207", "classes": "281,282", "subject": "vgg19"})
    assert chosen.class_question == Question(("vgg19",), targets=Classes((281, 282)))
    assert Selection.from_query({"networks": "vgg19,alexnet"}).class_question == Question(("vgg19",), targets=TopK(5))
    top = Selection.from_query({"against": "285"}).class_question
    assert top == Question(("efficientnet_lite0",), targets=TopK(excluding=285), against=285)


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
    assert Selection.from_query({key: text}) in (FIRST_PAGE, LITE0)


def test_one_field_of_nonsense_does_not_cost_the_others():
    query = {"networks": "resnet50", "class": "²", "fit": "pad", "opacity": "nan"}
    assert Selection.from_query(query) == select(networks=("resnet50",), fit="pad")


def test_a_picture_address_is_bounded_and_one_too_long_stays_too_long():
    assert len(Selection.from_query({"picture": "x" * 100_000}).picture) == MAX_ADDRESS + 1
