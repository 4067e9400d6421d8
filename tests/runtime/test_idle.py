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


def test_who_begins_meanwhile_puts_it_off():
    done = threading.Event()
    idle = Idle(done.set, NEVER)
    before = threading.active_count()
    for _ in range(5):
        with idle.working():
            pass
    assert threading.active_count() <= before + 1  # the timers of the others are gone, or on their way
    assert not done.is_set()


def test_an_error_ends_work_too():
    done = threading.Event()
    idle = Idle(done.set, SOON)
    try:
        with idle.working():
            raise LookupError
    except LookupError:
        pass
    assert done.wait(WAIT)
