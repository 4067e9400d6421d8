"""Filling a grid: every network answers in its turn, and what fails is a sentence in its own place."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from streamlit.delta_generator import DeltaGenerator

from core import service
from core.errors import NetworkError, WeightsMissing
from core.explanation import Explanation
from core.networks.catalogue import NetworkSpec
from core.networks.weights.files import require_weights
from core.question import Question
from core.saliency.attribution import Watch
from core.targets import TopK
from core.ui.controls.downloads import duration
from core.ui.controls.networks import first_categories, network_title, spec_of
from core.ui.figure.columns import Column
from core.ui.words import amount, place_in_line
from core.values import Picture

_log = logging.getLogger(__name__)

_EVERY = 0.5  # seconds between two words on progress

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

        watch = _Watch(progress, title, done, 1 / len(parts))
        parts[place] = _answered(question, name, picture, parts[place], headings, begin, waiting, watch)
    columns = [column for part in parts for column in part]
    draw(columns)
    progress.empty()
    return columns


class _Watch:
    """Says how far a network's samples are and how long they will take; a reader who goes away ends the work by it."""

    def __init__(self, progress: DeltaGenerator, title: str, done: float, share: float) -> None:
        self._progress, self._title, self._before, self._share = progress, title, done, share
        self._said = time.monotonic()
        self._first, self._last = (0, 0.0), 0  # of the method that runs: samples, and when; the last samples

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if done <= self._last or not self._first[0]:  # another method begins; its first batch is no measure
            self._first = (done, now)
        self._last = done
        if now - self._said < _EVERY:
            return
        self._said = now
        text = f"{self._title}: {done} of {total}"
        if done > self._first[0]:
            text += f", {duration((now - self._first[1]) / (done - self._first[0]) * (total - done))} left"
        self._progress.progress(self._before + self._share * done / total, text)


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
    watch: Watch,
) -> list[Column]:
    """The network's columns with its answers, or with the reason why there are none."""
    try:
        spec = spec_of(name)
        _require_same_classes(question, spec)
        if not service.is_ready(question, spec, picture):
            require_weights(spec)
            begin()
        found = service.explanations(question, spec, picture, waiting, watch)
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
