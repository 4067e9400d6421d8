"""What goes with what is taken away are the answers that this session has seen."""

from core import tested
from core.images import load_sample
from core.ui.tools.evidence import answers
from tests.ui.made import explained

PICTURE = load_sample("chelsea")


def test_answers_of_other_sessions_are_not_ours(monkeypatch):
    monkeypatch.setattr(answers.st, "session_state", {})
    monkeypatch.setattr(tested, "held", lambda among, explanations, picture, fit: set(among))
    ours = tested.key_of("sum", explained(), "vanilla", PICTURE, "crop")
    assert answers.answers_about([explained()], PICTURE, "crop") == set()
    answers.remember(ours)
    assert answers.answers_about([explained()], PICTURE, "crop") == {ours}
    monkeypatch.setattr(answers.st, "session_state", {})  # another one's
    assert answers.answers_about([explained()], PICTURE, "crop") == set()
