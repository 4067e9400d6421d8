"""What is to be done when nobody has worked for a while."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic, sleep


class Idle:
    """Counts who works, and calls something when nobody has for so many seconds."""

    def __init__(self, then: Callable[[], object], seconds: float) -> None:
        """then: called on a thread of its own, unless somebody works again before."""
        self._then, self._seconds = then, seconds
        self._working, self._ended = 0, monotonic()
        self._is_watched = False  # by one thread, however often somebody works: to start one takes a millisecond
        self._lock = threading.Lock()

    @contextmanager
    def working(self) -> Iterator[None]:
        """For the block, somebody does."""
        with self._lock:
            self._working += 1
        try:
            yield
        finally:
            with self._lock:
                self._working -= 1
                self._ended = monotonic()
                if not self._is_watched:
                    with suppress(RuntimeError):  # no thread can be started: the next one will do
                        threading.Thread(target=self._watch, name="idle", daemon=True).start()
                        self._is_watched = True

    def _watch(self) -> None:
        while (left := self._left()) > 0:
            sleep(left)
        self._then()

    def _left(self) -> float:
        """Seconds before nobody has worked for long enough, at the earliest; at 0, nobody watches any more."""
        with self._lock:
            left = self._seconds if self._working else self._ended + self._seconds - monotonic()
            self._is_watched = left > 0
            return left
