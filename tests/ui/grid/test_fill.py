"""Filling a grid: what is drawn while networks answer, and what one that fails costs the others."""

from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from core.errors import NetworkError, WeightsMissing
from core.networks.catalogue import lookup
from core.question import Question
from core.targets import Classes, TopK
from core.ui.controls import networks
from core.ui.frame import engine
from core.ui.grid import filling as module
from core.ui.grid.fill import Headings, columns_of, fill
from core.values import Picture
from tests.ui.made import explained

PICTURE = Picture(np.zeros((2, 2, 3), np.uint8), "fill")
OWN, STRANGERS = "own-0123456789abcdef", "own-fedcba9876543210"
COMPUTING, DONE, WAITING = "Computing…", "", "Waiting…"


class Progress:
    """A place for progress that keeps what it says."""

    def __init__(self):
        self.said = []

    def progress(self, done, text):
        self.said.append((done, text))

    def empty(self):
        self.said.append(None)


@pytest.fixture(autouse=True)
def session(monkeypatch):
    """A session with a network of its own, of three classes, where all is there that computes; drawn without pauses."""
    monkeypatch.setattr(module, "FLICKER", 0.0)
    engine.load()
    own = replace(lookup("squeezenet1_1"), name=OWN, categories=("cat", "dog", "fox"))
    monkeypatch.setattr(networks.st, "session_state", {"own_networks": {OWN: own}})


@pytest.fixture
def filled(monkeypatch):
    """Fill a grid: the columns, the messages of each drawing, which has to know whether it is the last, and what
    progress said.

    failing: what networks raise. ready: those that have answered before. ahead: how many others each waits for.
    """

    def run(question, failing=None, ready=(), ahead=(), **more):
        def explanations(question, spec, picture, waiting, watch, upto):
            for places in ahead:
                waiting(places)
            if error := (failing or {}).get(spec.name):
                raise error
            return tuple(explained(spec.name, title=spec.title) for _ in range(question.targets.most))

        monkeypatch.setattr(module.answering, "is_ready", lambda question, spec, picture: spec.name in ready)
        monkeypatch.setattr(module.answering, "explanations", explanations)
        monkeypatch.setattr(module, "require_weights", lambda spec: None)
        drawn, lasts, progress = [], [], Progress()

        def draw(columns, last):
            drawn.append(messages(columns))
            lasts.append(last)

        columns = fill(question, PICTURE, draw, progress, **more)
        assert lasts == [False] * (len(drawn) - 1) + [True]
        return columns, drawn, progress.said

    return run


def messages(columns):
    return [column.message for column in columns]


def test_all_is_drawn_before_each_network_that_computes_and_at_the_end(filled):
    columns, drawn, said = filled(Question(("alexnet", "vgg19")))
    assert drawn == [[COMPUTING, WAITING], [DONE, COMPUTING], [DONE, DONE]]
    assert said == [(0, "Computing AlexNet (1 of 2)"), (0.5, "Computing VGG-19 (2 of 2)"), None]
    assert [column.explanation.network for column in columns] == ["alexnet", "vgg19"]


def test_what_comes_soon_is_drawn_with_the_next(filled, monkeypatch):
    monkeypatch.setattr(module, "FLICKER", 60.0)
    monkeypatch.setattr(module, "is_brought", lambda: True)
    _, drawn, said = filled(Question(("alexnet", "vgg19")))
    assert drawn == [[COMPUTING, WAITING], [DONE, DONE]]
    assert said == [(0, "Computing AlexNet (1 of 2)"), (0.5, "Computing VGG-19 (2 of 2)"), None]


def test_the_first_maps_of_a_session_are_drawn_at_once_and_the_next_ones_together(filled, monkeypatch):
    monkeypatch.setattr(module, "FLICKER", 60.0)
    _, drawn, _ = filled(Question(("alexnet", "vgg19", "resnet18")))
    assert drawn == [[COMPUTING, WAITING, WAITING], [DONE, COMPUTING, WAITING], [DONE, DONE, DONE]]


def test_on_a_fresh_server_waiting_columns_are_drawn_before_all_else(filled, monkeypatch):
    monkeypatch.setattr(engine, "_there", Event())
    _, drawn, said = filled(Question(("alexnet", "vgg19")))
    assert drawn == [[WAITING, WAITING], [COMPUTING, WAITING], [DONE, COMPUTING], [DONE, DONE]]
    assert said[0] == (0, "Starting up")


def test_what_was_answered_before_is_drawn_once(filled):
    _, drawn, said = filled(Question(("alexnet",)), ready=("alexnet",))
    assert (drawn, said) == ([[DONE]], [None])


def test_who_has_to_wait_is_told_the_place(filled, monkeypatch):
    monkeypatch.setattr(module, "WAITING", 0.0)
    _, _, said = filled(Question(("alexnet",)), ahead=(2, 1))
    assert said[1:] == [(0, "AlexNet is 2 before you in the queue"), (0, "AlexNet is next in the queue"), None]


@pytest.mark.parametrize(
    ("error", "sentence", "missing"),
    [
        (NetworkError("This network has no such class."), "This network has no such class.", False),
        (WeightsMissing("AlexNet", Path("a.pth"), "", 244_408_911), "Not on this computer yet (244 MB)", True),
        (RuntimeError("boom"), "AlexNet failed in a way we did not foresee. Choose another network.", False),
    ],
    ids=["refused", "missing", "unforeseen"],
)
def test_what_fails_is_a_sentence_in_its_own_columns_alone(filled, error, sentence, missing):
    columns, _, said = filled(Question(("alexnet", "vgg19"), targets=TopK(2)), failing={"alexnet": error})
    assert messages(columns) == [sentence, sentence, DONE, DONE]
    assert [column.missing for column in columns] == [missing, missing, False, False]
    assert said[-1] is None


def test_a_bug_of_ours_is_in_the_log(filled, caplog):
    filled(Question(("alexnet",)), failing={"alexnet": RuntimeError("boom")})
    (record,) = caplog.records
    assert "alexnet could not be explained" in record.message
    assert record.exc_info[0] is RuntimeError


def test_missing_weights_are_found_out_before_anything_is_said_to_compute(monkeypatch):
    question = Question(("alexnet",))
    monkeypatch.setattr(module.answering, "is_ready", lambda question, spec, picture: False)
    monkeypatch.setattr("core.networks.weights.places.on_disk", lambda spec: False)
    drawn, progress = [], Progress()
    (column,) = fill(question, PICTURE, lambda columns, last: drawn.append(columns), progress)
    assert column.missing
    assert messages(drawn[0]) == ["Not on this computer yet (244 MB)"]
    assert progress.said == [None]


@pytest.mark.parametrize(
    "question",
    [Question(("alexnet", OWN), targets=Classes((2,))), Question(("alexnet", OWN), targets=TopK(1), against=2)],
    ids=["class", "contrast"],
)
def test_a_class_by_its_number_is_not_asked_of_a_network_with_other_classes(filled, question):
    one, other = filled(question)[0]
    assert one.explanation
    assert "other classes than the first network" in other.message
    assert filled(replace(question, targets=TopK(), against=None))[0][1].explanation


def test_headings_are_given_while_waiting_and_when_answered(filled):
    headings = Headings(lambda name: ("first", "second"), lambda answer: (answer.title, "38 %"))
    question, failing = Question(("vgg19", "alexnet"), targets=TopK(3)), {"alexnet": NetworkError("no")}
    columns, _, _ = filled(question, failing, headings=headings)
    assert [column.title for column in columns] == ["VGG-19"] * 3 + ["first", "second", "first"]
    assert [column.subtitle for column in columns] == ["38 %"] * 3 + [None] * 3


@pytest.mark.parametrize(
    ("name", "targets", "count"),
    [
        ("alexnet", TopK(5), 5),
        (OWN, TopK(5), 3),
        (OWN, TopK(5, excluding=1), 2),
        (OWN, Classes((7, 8, 9, 10)), 4),  # which are refused, each in its column
        (STRANGERS, TopK(5), 1),
    ],
)
def test_a_network_has_as_many_columns_as_it_will_have_answers(name, targets, count):
    assert columns_of(Question((name,), targets=targets)) == count
    assert columns_of(Question(("alexnet", name), targets=targets)) == count + targets.most


def test_somebody_elses_own_network_has_a_column_that_says_so(filled):
    (column,) = filled(Question((STRANGERS,)))[0]
    assert column.title == "Own network, not here"
    assert "or ask for the file" in column.message


SLOW = Question(("alexnet", "vgg19"), ("vanilla", "smooth:12"))


class FourMore:
    """Looks, each at four samples more."""

    upto = 4

    def after(self, done):
        self.upto = done + 4


@pytest.fixture
def sharpened(monkeypatch):
    """Fill a grid of which SmoothGrad has so many samples at each look; what was drawn, and who was asked for what."""

    def run(question, failing=(), ready=(), require=lambda spec: None, **more):
        asked, drawn = [], []

        def explanations(question, spec, picture, waiting, watch, upto):
            asked.append((spec.name, question.rules, upto))
            if spec.name in failing:
                raise NetworkError("no")
            answer = explained(spec.name, maps=dict.fromkeys(question.rules, np.ones((3, 8, 8), np.float32)))
            left = {"smooth:12": (upto, 12)} if upto and upto < 12 else {}
            return (replace(answer, samples=left),)

        monkeypatch.setattr(module.answering, "is_ready", lambda question, spec, picture: spec.name in ready)
        monkeypatch.setattr(module.answering, "explanations", explanations)
        monkeypatch.setattr(module, "require_weights", require)
        monkeypatch.setattr(module, "Looks", FourMore)

        def draw(columns, last):
            drawn.append([dict(each.explanation.samples) if each.explanation else each.message for each in columns])

        columns = fill(question, PICTURE, draw, Progress(), **more)
        return columns, drawn, asked

    return run


def test_methods_of_many_samples_come_last_and_all_networks_sharpen_together(sharpened):
    columns, drawn, asked = sharpened(SLOW)
    assert asked == [
        ("alexnet", ("vanilla",), None), ("vgg19", ("vanilla",), None),
        *((name, SLOW.rules, upto) for upto in (4, 8, 12) for name in SLOW.networks),
    ]  # fmt: skip
    at = {upto: {"smooth:12": (upto, 12)} for upto in (4, 8)}
    assert drawn == [
        [COMPUTING, WAITING], [{}, COMPUTING],  # vanilla
        [at[4], {}], [at[4], at[4]], [at[8], at[8]], [{}, {}],
    ]  # fmt: skip
    assert [set(column.explanation.attributions) for column in columns] == [{"vanilla", "smooth:12"}] * 2


def test_a_network_that_fails_is_asked_once_and_the_others_sharpen(sharpened):
    columns, _, asked = sharpened(SLOW, failing=("vgg19",))
    assert [name for name, _, _ in asked] == ["alexnet", "vgg19", "alexnet", "alexnet", "alexnet"]
    assert messages(columns) == [DONE, "no"]


def test_alone_they_are_waited_for(sharpened):
    _, drawn, asked = sharpened(Question(("alexnet",), ("smooth:12",)))
    assert [upto for _, _, upto in asked] == [4, 8, 12]
    assert drawn[0] == [COMPUTING]


def test_a_network_that_is_not_here_does_not_make_the_others_sharpen_again(sharpened, monkeypatch):
    def missing(spec):
        if spec.name == "vgg19":
            raise WeightsMissing("VGG-19", Path("a.pth"), "", 1)

    columns, drawn, asked = sharpened(SLOW, ready=("alexnet",), require=missing)
    assert asked == [("alexnet", SLOW.rules, None)]
    assert drawn == [[{}, "Not on this computer yet (0 MB)"]]
    assert columns[1].missing


def test_a_reader_can_end_it_while_it_runs_and_knows_what_there_is(sharpened):
    class Ending:
        at_work, seen = False, []

        @contextmanager
        def offered(self):
            self.at_work = True
            yield
            self.at_work = False

        def reached(self, columns):
            assert self.at_work
            self.seen.append([dict(each.explanation.samples) for each in columns])

    ending = Ending()
    sharpened(Question(("alexnet",), ("smooth:12",)), stopping=ending)
    assert ending.seen == [[{"smooth:12": (4, 12)}], [{"smooth:12": (8, 12)}], [{}]]
    assert not ending.at_work
