"""Once nobody has worked for a while, something is done, and not before."""

import threading

from core.runtime.idle import Idle

SOON, NEVER = 0.02, 3600.0
WAIT = 30  # seconds at most


def test_it_is_done_after_the_last_one_has_ended():
    done = threading.Event()
    idle = Idle(done.set, SOON)
    with idle.working():
        with idle.working():
            pass
        assert not done.wait(10 * SOON)
    assert done.wait(WAIT)


def test_it_is_done_once_each_time():
    count = threading.Semaphore(0)
    idle = Idle(count.release, SOON)
    for _ in range(2):
        with idle.working():
            pass
        assert count.acquire(timeout=WAIT)
    assert not count.acquire(timeout=10 * SOON)


class Timer:
    """What happened to it."""

    def __init__(self, seconds, then):
        self.happened = [(seconds, then)]
        self.daemon = False

    def start(self):
        self.happened.append("started")

    def cancel(self):
        self.happened.append("cancelled")


def test_who_begins_meanwhile_puts_it_off(monkeypatch):
    timers = []
    monkeypatch.setattr(threading, "Timer", lambda *given: timers.append(Timer(*given)) or timers[-1])
    idle = Idle(print, NEVER)
    for _ in range(3):
        with idle.working(), idle.working():
            pass
    first, second, last = (timer.happened for timer in timers)
    assert first == second == [(NEVER, print), "started", "cancelled"]
    assert last == [(NEVER, print), "started"]
    assert all(timer.daemon for timer in timers)


def test_an_error_ends_work_too():
    done = threading.Event()
    idle = Idle(done.set, SOON)
    try:
        with idle.working():
            raise LookupError
    except LookupError:
        pass
    assert done.wait(WAIT)
