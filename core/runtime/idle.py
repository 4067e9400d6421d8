"""What is to be done when nobody has worked for a while."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


class Idle:
    """Counts who works, and calls something when nobody has for so many seconds."""

    def __init__(self, then: Callable[[], object], seconds: float) -> None:
        """then: called on a thread of its own, unless somebody works again before."""
        self._then, self._seconds = then, seconds
        self._working = 0
        self._soon: threading.Timer | None = None
        self._lock = threading.Lock()

    @contextmanager
    def working(self) -> Iterator[None]:
        """For the block, somebody does."""
        with self._lock:
            self._working += 1
            if self._soon:
                self._soon.cancel()
                self._soon = None
        try:
            yield
        finally:
            with self._lock:
                self._working -= 1
                if not self._working:
                    self._soon = threading.Timer(self._seconds, self._then)
                    self._soon.daemon = True
                    with suppress(RuntimeError):  # no thread can be started: the next one will do
                        self._soon.start()
