"""Work done ahead: in its order, by several at once, never too far, and ended when nobody wants it any more."""

import threading
from contextlib import closing

import pytest

from core.runtime.ahead import ahead
from tests.held import SECONDS


def test_it_comes_in_its_order_by_as_many_threads_as_are_asked_for():
    met = threading.Barrier(2, timeout=SECONDS)

    def work(number):
        met.wait()  # for another one
        return number * number, threading.current_thread().name.partition("_")[0]

    assert list(ahead(work, range(8), 2, 3, "trial")) == [(number**2, "trial") for number in range(8)]


def test_no_more_is_taken_than_may_wait_and_closed_it_does_no_more():
    taken, done = [], []

    def given():
        for number in range(20):
            taken.append(number)
            yield number

    with closing(ahead(lambda number: done.append(number) or number, given(), 1, 2, "trial")) as made:
        assert taken == []
        assert next(made) == 0
        assert taken == [0, 1, 2]
    assert set(done) <= {0, 1, 2}
    assert next(made, None) is None


def test_what_work_raises_comes_in_its_turn():
    made = ahead(lambda number: 1 // (2 - number), range(5), 2, 2, "trial")
    assert [next(made), next(made)] == [0, 1]
    with pytest.raises(ZeroDivisionError):
        next(made)
