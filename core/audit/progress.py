"""How far a run is, and how long it will still take."""

import time
from dataclasses import dataclass

from core.wording import duration


@dataclass(frozen=True, slots=True)
class Progress:
    """done, total: of what; rate: of them a second since the run began, None before the first."""

    done: int
    total: int
    rate: float | None
    what: str = "pictures"

    @property
    def seconds_left(self) -> float | None:
        """Until the end, at the rate so far; None while there is none."""
        return (self.total - self.done) / self.rate if self.rate else None

    def __str__(self) -> str:
        said = f"{self.done:,} of {self.total:,} {self.what}"
        if self.rate is None or self.seconds_left is None:
            return said
        speed = f"{self.rate:.1f} a second" if self.rate >= 0.1 else f"{60 * self.rate:.1f} a minute"
        return f"{said}, {speed}, {duration(self.seconds_left)} left"


class Clock:
    """Counts what a run has done; what was done before it is no measure of its speed."""

    def __init__(self, total: int, what: str = "pictures") -> None:
        self._total, self._what = total, what
        self._done, self._own, self._start = 0, 0, time.monotonic()

    def skip(self, count: int) -> Progress:
        """So many were done before."""
        self._done += count
        return self.now()

    def count(self, count: int) -> Progress:
        """So many more are done."""
        self._done += count
        self._own += count
        return self.now()

    def now(self) -> Progress:
        """How far it is."""
        seconds = time.monotonic() - self._start
        rate = self._own / seconds if self._own and seconds > 0 else None
        return Progress(self._done, self._total, rate, self._what)
