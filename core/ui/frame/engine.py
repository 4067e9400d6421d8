"""The part that computes: torch, and all that needs it. It takes seconds to be imported, for which no page waits.

What a page shows first is imported and painted without it; meanwhile a thread fetches it, once a process, and then the
networks that this page asks.
"""

import atexit
import gc
from collections.abc import Sequence
from functools import cache
from threading import Event, Lock, Thread

_there = Event()
begun = Lock()  # taken by the first page of a process, for good


def is_there() -> bool:
    """Whether it has been imported."""
    return _there.is_set()


def begin(networks: Sequence[str]) -> None:
    """Have it imported in the background, and then these networks loaded: what the first page of a process asks."""
    if begun.acquire(blocking=False):
        Thread(target=_begin, args=(networks,), name="engine", daemon=True).start()


def _begin(networks: Sequence[str]) -> None:
    load()
    from core.service import warm_up

    warm_up(networks)


def wait() -> None:
    """Until it is there."""
    if not is_there():
        load()


def load() -> None:
    """Import it, here, or wait for whoever is at it."""
    gc.disable()  # of half a million objects that stay, looking for those that do not takes a fifth of a second
    try:
        import core.ui.figure.figure
        import core.ui.grid.filling  # noqa: F401
    finally:
        gc.enable()
    if not is_there():
        _freeze_imports()
        _there.set()


@cache
def _freeze_imports() -> None:
    """Take what was imported out of garbage collection, once.

    Half a million objects of torch and Plotly would take a third of a second each time, in which nothing else moves.
    """
    gc.freeze()
    atexit.register(gc.unfreeze)  # or libraries complain at the end that somebody still has their objects
