"""Every network answers in its turn, and what fails is a sentence in its own place."""

import logging
import math
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace

from streamlit.delta_generator import DeltaGenerator

from core import answering
from core.errors import NetworkError, WeightsMissing
from core.method import slow_methods
from core.networks.catalogue import NetworkSpec
from core.networks.weights.places import require_weights
from core.question import Question
from core.saliency.sampling import Watch
from core.targets import TopK
from core.ui.controls.networks import first_categories, network_title, spec_of
from core.ui.figure.columns import COMPUTING, Column, answers
from core.ui.frame.pause import WAITING, Pause
from core.ui.frame.plotly_script import is_brought
from core.ui.grid.fill import Draw, Headings, waiting_columns
from core.ui.grid.pace import FIRST, Looks, TimeLeft
from core.ui.grid.stopping import Stopping
from core.ui.words import amount, place_in_line
from core.values import Picture

FLICKER = (
    1.5  # seconds: what comes sooner is drawn with the next, since a browser that draws takes time from what computes
)

_log = logging.getLogger(__name__)


class Filling:
    """A grid that fills."""

    def __init__(
        self, question: Question, picture: Picture, draw: Draw, progress: DeltaGenerator, headings: Headings,
        waiting: Sequence[list[Column]],
    ) -> None:  # fmt: skip
        self._question, self._picture, self._draw = question, picture, draw
        self._progress, self._headings = progress, headings
        self._parts = list(waiting)
        self._failed: set[int] = set()
        self._drawn: list[Column] = []
        self._drawn_at = -math.inf

    def filled(self, stopping: Stopping | None) -> list[Column]:
        """All columns, answered; stopping: how a reader ends long work."""
        question = self._question
        slow = slow_methods(question.rules) if not self._is_ready() else ()
        quick = tuple(rule for rule in question.rules if rule not in slow)
        if quick or not slow:
            self._answer(replace(question, rules=quick))
        if slow:
            with stopping.offered() if stopping else nullcontext():
                self._sharpen(stopping.reached if stopping else lambda columns: None)
        self._show(last=True)
        self._progress.empty()
        return self._columns

    @property
    def _columns(self) -> list[Column]:
        return [column for part in self._parts for column in part]

    @property
    def _pause(self) -> float:
        """How long what was drawn last is to be seen; the first maps of all are drawn at once, as a sketch."""
        return FLICKER if is_brought() or answers(self._drawn) else 0.0

    def _show(self, pause: float = 0.0, *, last: bool = False) -> None:
        """Draw it, unless it is as it was drawn last, no two charts of one run may be the same, or just so.

        pause: seconds that what was drawn last is to be seen. last: nothing will change after it.
        """
        now = time.monotonic()
        if self._columns != self._drawn and now - self._drawn_at >= pause:
            self._drawn, self._drawn_at = self._columns, now
            self._draw(self._drawn, last)

    def _is_ready(self) -> bool:
        """Whether all networks that can answer have done so before."""
        return all(_is_ready(self._question, name, self._picture) for name in self._question.networks)

    def _answer(self, question: Question) -> None:
        """Each network in its turn."""
        names = question.networks
        for place, name in enumerate(names):
            several = f" ({place + 1} of {len(names)})" if len(names) > 1 else ""
            self._ask(place, question, place / len(names), f"Computing {network_title(name)}{several}")

    def _sharpen(self, reached: Callable[[Sequence[Column]], None]) -> None:
        """Look after look until all samples are there; reached(columns) is called when networks are equally far."""
        names, looks = self._question.networks, Looks()
        left = TimeLeft(self._progress, len(names))
        while True:
            for place, name in enumerate(names):
                if place not in self._failed:
                    title = network_title(name)
                    self._ask(place, self._question, 0, f"Computing {title}", left.of(place, title), looks.upto)
                    if looks.upto == FIRST and any(each.samples for each in answers(self._parts[place])):
                        self._show()
            reached(self._columns)
            done = [samples for each in answers(self._columns) for samples, _ in each.samples.values()]
            if not done:
                return
            self._show()
            looks.after(max(done))

    def _ask(
        self,
        place: int,
        question: Question,
        done: float,
        computing: str,
        watch: Watch = lambda done, total: None,
        upto: int | None = None,
    ) -> None:
        """One network's columns become its answers, or the reason why there are none."""
        name, columns, pause = question.networks[place], self._parts[place], Pause(WAITING)

        def waiting(ahead: int) -> None:
            if pause.is_over():
                self._progress.progress(done, f"{network_title(name)} is {place_in_line(ahead)}")

        try:
            spec = spec_of(name)
            _require_same_classes(question, spec)
            if not answering.is_ready(question, spec, self._picture):
                require_weights(spec)
                if not answers(columns):
                    self._parts[place] = [replace(column, message=COMPUTING) for column in columns]
                    self._show(self._pause)
                    self._progress.progress(done, computing)
            found = answering.explanations(question, spec, self._picture, waiting, watch, upto)
            self._parts[place] = [Column(name, *self._headings.answered(each), explanation=each) for each in found]
        except WeightsMissing as error:
            self._fail(place, f"Not on this computer yet ({amount(error.size)})", missing=True)
        except NetworkError as error:
            self._fail(place, str(error))
        except Exception:  # a bug of ours or of torch's: its neighbours stay, and the log has the rest
            _log.exception("%s could not be explained", name)
            self._fail(place, f"{network_title(name)} failed in a way we did not foresee. Choose another network.")

    def _fail(self, place: int, message: str, *, missing: bool = False) -> None:
        name = self._question.networks[place]
        self._failed.add(place)
        self._parts[place] = [
            replace(column, message=message, missing=missing)
            for column in waiting_columns(self._question, name, self._headings)
        ]


def _is_ready(question: Question, name: str, picture: Picture) -> bool:
    """Whether it has answered, or cannot."""
    try:
        spec = spec_of(name)
        if answering.is_ready(question, spec, picture):
            return True
        require_weights(spec)
    except NetworkError:
        return True
    return False


def _require_same_classes(question: Question, spec: NetworkSpec) -> None:
    """Classes by index mean the same in all networks, or there is no comparing them."""
    by_index = question.against is not None or not isinstance(question.targets, TopK)
    if by_index and spec.categories != first_categories(question.networks):
        raise NetworkError("Trained on other classes than the first network: these two mean nothing here.")
