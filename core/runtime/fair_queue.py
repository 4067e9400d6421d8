"""A fair queue: a first-come-first-served gate around computing, which can be seen and left."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

MOMENT = 0.25  # seconds between two words on places


class FairQueue:
    """At most `at_once` holders; the others wait in the order they came."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._line: list[object] = []  # holders first, then those who wait
        self._moved = threading.Condition()

    @contextmanager
    def turn(self, waiting: Callable[[int], None]) -> Iterator[Callable[[], None]]:
        """Wait for a turn and hold it for the block; the value lets those who wait go first, and waits again.

        waiting(places) is called every MOMENT while `places` others come first; whatever it raises
        leaves the queue and passes through. The place is given back however the block ends.
        """
        ticket = object()
        with self._moved:
            self._line.append(ticket)
        try:
            self._wait(ticket, waiting)
            yield lambda: self._pass_on(ticket, waiting)
        finally:
            with self._moved:
                self._line.remove(ticket)
                self._moved.notify_all()

    def close(self, waiting: Callable[[int], None]) -> None:
        """Take all turns, for good: whoever waits, waits on. waiting: as of `turn`."""
        tickets = [object() for _ in range(self._at_once)]
        with self._moved:
            self._line += tickets
        self._wait(tickets[-1], waiting)

    def _wait(self, ticket: object, waiting: Callable[[int], None]) -> None:
        while (ahead := self._ahead(ticket)) > 0:
            waiting(ahead)

    def _pass_on(self, ticket: object, waiting: Callable[[int], None]) -> None:
        with self._moved:
            if len(self._line) <= self._at_once:
                return
            self._line.remove(ticket)
            self._line.append(ticket)
            self._moved.notify_all()
        self._wait(ticket, waiting)

    def _ahead(self, ticket: object) -> int:
        """How many places before a turn, 0 when it has come; waits a moment before it answers more than 0."""

        def ahead() -> int:
            return max(0, self._line.index(ticket) - self._at_once + 1)

        with self._moved:
            self._moved.wait_for(lambda: not ahead(), MOMENT)
            return ahead()
