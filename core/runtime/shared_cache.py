"""A cache that threads share: what is costly is made once, and kept under a limit in bytes."""

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar


class _Sized(Protocol):
    @property
    def nbytes(self) -> int: ...


K = TypeVar("K", bound=Hashable)
V = TypeVar("V", bound=_Sized)


class SharedCache(Generic[K, V]):
    """Values by key, least recently used out first; what is in use stays, and what is being made is waited for."""

    def __init__(self, limit: int) -> None:
        """limit: bytes. One value that is larger than all of it is still held, alone."""
        self.limit = limit
        self._held: OrderedDict[K, V] = OrderedDict()
        self._sizes: dict[K, int] = {}  # in bytes, when they were made: a network takes a while to add it up
        self._making: dict[K, threading.Event] = {}
        self._users: Counter[K] = Counter()
        self._lock = threading.Lock()

    @property
    def nbytes(self) -> int:
        """Bytes held now."""
        with self._lock:
            return sum(self._sizes.values())

    def keys(self) -> tuple[K, ...]:
        """What is held, most recently used last."""
        with self._lock:
            return tuple(self._held)

    def get(self, key: K) -> V | None:
        """A value that is held, or None."""
        with self._lock:
            return self._recent(key)

    def make(self, key: K, compute: Callable[[], V], waiting: Callable[[int], None] = lambda places: None) -> V:
        """The value, computed on this thread unless another thread already has it or is at it.

        If the other one fails, this thread tries for itself: its reason (a closed page) need not be ours.
        waiting(1) is called ten times a second while another thread is at it; whatever it raises passes through.
        """
        with self.using(key, compute, waiting) as value:
            return value

    @contextmanager
    def using(
        self, key: K, compute: Callable[[], V], waiting: Callable[[int], None] = lambda places: None
    ) -> Iterator[V]:
        """As `make`, and nobody lets go of the value before the block has ended."""
        value = self._take(key, compute, waiting)
        try:
            yield value
        finally:
            with self._lock:
                self._users[key] -= 1
                self._make_room()

    def drop(self, key: K) -> bool:
        """Let go of a value; False, and it stays, if it is in use or not there."""
        with self._lock:
            if self._users[key] > 0 or key not in self._held:
                return False
            self._let_go(key)
            return True

    def _take(self, key: K, compute: Callable[[], V], waiting: Callable[[int], None]) -> V:
        while True:
            with self._lock:
                if (ready := self._recent(key)) is not None:
                    self._users[key] += 1
                    return ready
                theirs = self._making.get(key)
                if theirs is None:
                    mine = self._making[key] = threading.Event()
                    break
            while not theirs.wait(0.1):
                waiting(1)
        try:
            value = compute()
            size = value.nbytes
            with self._lock:
                self._held[key], self._sizes[key] = value, size
                self._users[key] += 1
                self._make_room()
            return value
        finally:
            with self._lock:
                del self._making[key]
            mine.set()

    def _recent(self, key: K) -> V | None:
        if key in self._held:
            self._held.move_to_end(key)
        return self._held.get(key)

    def _make_room(self) -> None:
        self._users += Counter()  # forgets those that count zero
        over = sum(self._sizes.values()) - self.limit
        for key in list(self._held)[:-1] if over > 0 else ():
            if over > 0 and self._users[key] == 0:
                over -= self._let_go(key)

    def _let_go(self, key: K) -> int:
        """Of a value; how many bytes that is."""
        del self._held[key]
        return self._sizes.pop(key)
