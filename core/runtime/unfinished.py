"""Unfinished work that threads share: one at a time goes on with it, and it is kept for the next."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar


class _Sized(Protocol):
    @property
    def nbytes(self) -> int: ...


K = TypeVar("K", bound=Hashable)
N = TypeVar("N", bound=Hashable)
V = TypeVar("V", bound=_Sized)


class Unfinished(Generic[K, N, V]):
    """By key, what is left of some work: parts by name. Least recently used out first; what is in use stays."""

    def __init__(self, limit: int) -> None:
        """limit: bytes of all parts that nobody is at work on."""
        self.limit = limit
        self._left: OrderedDict[K, dict[N, V]] = OrderedDict()
        self._taken: set[K] = set()
        self._given_back = threading.Condition()

    @contextmanager
    def using(self, key: K, waiting: Callable[[int], None]) -> Iterator[MutableMapping[N, V]]:
        """What is left of it, for the block, which may change it; nobody else has it meanwhile.

        waiting(1) is called ten times a second while somebody else has it; whatever it raises passes through.
        """
        while (left := self._take(key)) is None:
            waiting(1)
        try:
            yield left
        finally:
            with self._given_back:
                self._left[key] = left
                self._taken.remove(key)
                self._make_room()
                self._given_back.notify_all()

    def _take(self, key: K) -> dict[N, V] | None:
        with self._given_back:
            if key in self._taken:
                self._given_back.wait(0.1)
            if key in self._taken:
                return None
            self._taken.add(key)
            return self._left.pop(key, {})

    def _make_room(self) -> None:
        while self._left and sum(part.nbytes for left in self._left.values() for part in left.values()) > self.limit:
            self._left.popitem(last=False)
