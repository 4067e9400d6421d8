"""Once nobody has worked for a while, something is done, and not before."""

import threading

from core.runtime.idle import Idle

SOON = 0.02
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


class Clock:
    """What time it is for those who are idle: it stands still but while somebody sleeps, when it happens that..."""

    def __init__(self, monkeypatch, *happening):
        self.now, self.slept, self._happening = 0.0, [], list(happening)
        monkeypatch.setattr("core.runtime.idle.monotonic", lambda: self.now)
        monkeypatch.setattr("core.runtime.idle.sleep", self.sleep)

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds
        if self._happening:
            self._happening.pop(0)()


def test_who_works_meanwhile_puts_it_off_and_one_thread_sees_to_it(monkeypatch):
    done, watching = threading.Event(), []

    def work():
        watching.append(threading.current_thread())
        with idle.working():
            clock.now += 1

    clock = Clock(monkeypatch, work, work)
    idle = Idle(lambda: (watching.append(threading.current_thread()), done.set()), 10)
    with idle.working():
        pass
    assert done.wait(WAIT)
    assert clock.slept == [10, 10, 10]
    assert clock.now == 32
    assert len(watching) == 3
    assert len(set(watching)) == 1


def test_while_somebody_works_it_waits(monkeypatch):
    done = threading.Event()
    clock = Clock(monkeypatch, lambda: None, lambda: None, lambda: long.__exit__(None, None, None))
    idle = Idle(done.set, 10)
    long = idle.working()
    long.__enter__()
    with idle.working():
        pass
    assert done.wait(WAIT)
    assert clock.slept == [10, 10, 10, 10]


def test_an_error_ends_work_too():
    done = threading.Event()
    idle = Idle(done.set, SOON)
    try:
        with idle.working():
            raise LookupError
    except LookupError:
        pass
    assert done.wait(WAIT)
