"""What goes with what is taken away are the answers that this session has seen."""

import pytest

from core import tested
from core.evidence.adding_up import AddingUp
from core.examine import Examined
from core.images import load_sample
from core.ui.tools.evidence import answers
from tests.ui.made import explained

PICTURE = load_sample("chelsea")


@pytest.fixture
def session(monkeypatch):
    session = {}
    monkeypatch.setattr(answers.st, "session_state", session)
    return session


def test_answers_of_other_sessions_are_not_ours(monkeypatch, session):
    explanation = explained()
    ours, theirs = (Examined(explanation, source, "sum", AddingUp(1.0)) for source in ("vanilla", "guided"))
    monkeypatch.setattr(tested, "held", lambda explanations, picture, fit: (ours, theirs))
    assert answers.answers_about([explanation], PICTURE, "crop") == ()
    answers.remember(tested.key_of("sum", explanation, "vanilla", PICTURE, "crop"))
    assert answers.answers_about([explanation], PICTURE, "crop") == (ours,)
    assert answers.answers_about([explanation], PICTURE, "pad") == ()


def test_what_is_no_longer_held_is_gone(monkeypatch, session):
    answers.remember(tested.key_of("sum", explained(), "vanilla", PICTURE, "crop"))
    monkeypatch.setattr(tested, "held", lambda explanations, picture, fit: ())
    assert answers.answers_about([explained()], PICTURE, "crop") == ()
