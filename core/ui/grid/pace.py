"""How long work goes on: how many samples before the next look, and what is said of the time left."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from streamlit.delta_generator import DeltaGenerator

from core.ui.frame.pause import WORKING, Pause
from core.wording import duration

if TYPE_CHECKING:
    from core.saliency.sampling import Watch

FIRST = 4  # samples before the first look
_LOOK = 1.5  # seconds of all networks' work between two looks
_FASTER = 4  # times as many new samples as for the last look, at most


class Looks:
    """Up to how many samples the next look goes: the more, the quicker the last ones came."""

    def __init__(self) -> None:
        self.upto = FIRST
        self._done, self._new, self._began = 0, FIRST, time.monotonic()

    def after(self, done: int) -> None:
        """Networks have so many samples."""
        now = time.monotonic()
        quick = int((done - self._done) * _LOOK / max(now - self._began, 1e-3))
        self._new = max(FIRST, min(quick, _FASTER * self._new) // FIRST * FIRST)
        self.upto, self._done, self._began = done + self._new, done, now


class TimeLeft:
    """Says how far networks are with their samples, and how long all of them will take."""

    def __init__(self, progress: DeltaGenerator, networks: int) -> None:
        self._progress = progress
        self._done, self._total = [0] * networks, [0] * networks
        self._first: tuple[float, int] | None = None  # when the first batch was there, which loading may have delayed
        self._pause = Pause(WORKING)

    def of(self, place: int, title: str) -> Watch:
        """What is told of one network's batches."""

        def watch(done: int, total: int) -> None:
            self._done[place], self._total[place] = done, total
            now, all_done = time.monotonic(), sum(self._done)
            if self._first is None:
                self._first = now, all_done
            if not self._pause.is_over():
                return
            # Networks that have not begun will have as many.
            whole = sum(each or total for each in self._total)
            text, (began, before) = f"{title}: {done} of {total}", self._first
            if all_done > before:
                text += f", {duration((now - began) / (all_done - before) * (whole - all_done))} left"
            self._progress.progress(min(1.0, all_done / whole), text)

        return watch
