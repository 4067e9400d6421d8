"""Filling a grid: every network answers in its turn, and what fails is a sentence in its own place."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from streamlit.delta_generator import DeltaGenerator

from core import service
from core.errors import NetworkError, WeightsMissing
from core.explanation import Explanation
from core.networks.catalogue import NetworkSpec
from core.networks.weights.files import require_weights
from core.question import Question
from core.targets import TopK
from core.ui.controls.networks import first_categories, network_title, spec_of
from core.ui.figure.columns import Column
from core.ui.words import amount, place_in_line
from core.values import Picture

_log = logging.getLogger(__name__)

Draw = Callable[[Sequence[Column]], object]


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


def fill(
    question: Question, picture: Picture, draw: Draw, progress: DeltaGenerator, headings: Headings = BY_NETWORK
) -> list[Column]:
    """Answer by one network after another; all is drawn before each one that takes time, and at the end."""
    parts = [_waiting(question, name, headings) for name in question.networks]

    def show(place: int, part: list[Column]) -> None:
        parts[place] = part
        draw([column for part in parts for column in part])

    for place, name in enumerate(question.networks):
        title, done = network_title(name), place / len(parts)

        def begin(place: int = place, title: str = title, done: float = done) -> None:
            show(place, [replace(column, message="Computing…") for column in parts[place]])
            several = f" ({place + 1} of {len(parts)})" if len(parts) > 1 else ""
            progress.progress(done, f"Computing {title}{several}")

        def waiting(ahead: int, title: str = title, done: float = done) -> None:
            progress.progress(done, f"{title} is {place_in_line(ahead)}")

        parts[place] = _answered(question, name, picture, parts[place], headings, begin, waiting)
    columns = [column for part in parts for column in part]
    draw(columns)
    progress.empty()
    return columns


def _columns_of(question: Question, name: str) -> int:
    if not isinstance(question.targets, TopK):
        return question.targets.most
    try:
        classes = len(spec_of(name).categories) - (question.targets.excluding is not None)
    except NetworkError:
        return 1
    return max(1, min(question.targets.most, classes))


def _waiting(question: Question, name: str, headings: Headings) -> list[Column]:
    titles = headings.waiting(name)
    return [Column(name, titles[i % len(titles)], message="Waiting…") for i in range(_columns_of(question, name))]


def _answered(
    question: Question,
    name: str,
    picture: Picture,
    columns: list[Column],
    headings: Headings,
    begin: Callable[[], None],
    waiting: service.Waiting,
) -> list[Column]:
    """The network's columns with its answers, or with the reason why there are none."""
    try:
        spec = spec_of(name)
        _require_same_classes(question, spec)
        if not service.is_ready(question, spec, picture):
            require_weights(spec)
            begin()
        found = service.explanations(question, spec, picture, waiting)
    except WeightsMissing as error:
        message = f"Not on this computer yet ({amount(error.size)})"
        return [replace(column, message=message, missing=True) for column in columns]
    except NetworkError as error:
        return [replace(column, message=str(error)) for column in columns]
    except Exception:  # a bug of ours or of torch's: its neighbours stay, and the log has the rest
        _log.exception("%s could not be explained", name)
        message = f"{network_title(name)} failed in a way we did not foresee. Choose another network."
        return [replace(column, message=message) for column in columns]
    return [Column(name, *headings.answered(each), explanation=each) for each in found]


def _require_same_classes(question: Question, spec: NetworkSpec) -> None:
    """Classes by index mean the same in all networks, or there is no comparing them."""
    by_index = question.against is not None or not isinstance(question.targets, TopK)
    if by_index and spec.categories != first_categories(question.networks):
        raise NetworkError("Trained on other classes than the first network: these two mean nothing here.")
