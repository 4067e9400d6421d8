"""The part that computes: torch, and all that needs it. It takes seconds to be imported, for which no page waits.

What a page shows first is imported and painted without it. A thread fetches it, once a process: when the server starts
(see `core.ui.server`), or else with the first page.
"""

import atexit
import gc
from functools import cache
from threading import Event, Lock, Thread

_there = Event()
begun = Lock()  # taken by the first page of a process, for good


def is_there() -> bool:
    """Whether it has been imported."""
    return _there.is_set()


def begin() -> None:
    """Have it imported in the background."""
    if begun.acquire(blocking=False):
        Thread(target=wait, name="engine", daemon=True).start()


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
