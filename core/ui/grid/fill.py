"""Filling a grid: what is drawn at once, and then by the networks' answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from streamlit.delta_generator import DeltaGenerator

from core.errors import NetworkError
from core.explanation import Explanation
from core.question import Question
from core.targets import TopK
from core.ui.controls.networks import network_title, spec_of
from core.ui.figure.columns import WAITING, Column
from core.ui.frame import engine
from core.ui.grid.stopping import Stopping
from core.values import Picture

Draw = Callable[[Sequence[Column], bool], object]  # columns; whether this run draws them for the last time


@dataclass(frozen=True, slots=True)
class Headings:
    """What stands above columns.

    waiting: a network's name -> its columns' titles, while there is no answer. answered: an answer -> title and
    subtitle; None is the network's own top class.
    """

    waiting: Callable[[str], Sequence[str]]
    answered: Callable[[Explanation], tuple[str, str | None]]


BY_NETWORK = Headings(lambda name: (network_title(name),), lambda explanation: (explanation.title, None))


def columns_of(question: Question) -> int:
    """How many columns the answers will have, known before anything is computed."""
    return sum(_columns_of(question, name) for name in question.networks)


def waiting_columns(question: Question, name: str, headings: Headings = BY_NETWORK) -> list[Column]:
    """One network's columns before it has answered."""
    titles = headings.waiting(name)
    return [Column(name, titles[i % len(titles)], message=WAITING) for i in range(_columns_of(question, name))]


def fill(
    question: Question,
    picture: Picture,
    draw: Draw,
    progress: DeltaGenerator,
    headings: Headings = BY_NETWORK,
    stopping: Stopping | None = None,
) -> list[Column]:
    """Answer by one network after another; all is drawn before each one that takes time, and at the end.

    Methods of many samples come last and for all networks together: a look at the first samples, then at more and more.
    stopping: how a reader ends that; None where nobody can.
    """
    waiting = [waiting_columns(question, name, headings) for name in question.networks]
    if not engine.is_there():
        draw([column for columns in waiting for column in columns], False)
        progress.progress(0, "Starting up")
    engine.wait()
    from core.ui.grid.filling import Filling  # with torch

    return Filling(question, picture, draw, progress, headings, waiting).filled(stopping)


def _columns_of(question: Question, name: str) -> int:
    if not isinstance(question.targets, TopK):
        return question.targets.most
    try:
        classes = len(spec_of(name).categories) - (question.targets.excluding is not None)
    except NetworkError:
        return 1
    return max(1, min(question.targets.most, classes))
