"""Taking turns: the order, the numbers, and that a place is always given back."""

import threading
from contextlib import ExitStack

import pytest

from core.runtime.fair_queue import FairQueue
from tests.held import SECONDS, Stopped, ignore


class Visitor:
    """A thread that takes a turn and holds it until it is released."""

    def __init__(self, turns, started=None):
        self.seen, self.inside, self.released, self.waits = [], threading.Event(), threading.Event(), threading.Event()
        self.started, self.turns = started, turns
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        with self.turns.turn(self.waiting):
            if self.started is not None:
                self.started.append(self)
            self.inside.set()
            self.released.wait(SECONDS)

    def waiting(self, places):
        self.seen.append(places)
        self.waits.set()

    def leave(self):
        self.released.set()
        self.thread.join(SECONDS)


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_whoever_comes_while_there_is_room_does_not_wait(at_once):
    turns, seen = FairQueue(at_once), []
    with ExitStack() as stack:
        for _ in range(at_once):
            stack.enter_context(turns.turn(seen.append))
    assert seen == []


def test_never_more_than_allowed_at_the_same_time():
    turns, lock, inside, most, two = FairQueue(2), threading.Lock(), set(), [], threading.Event()

    def visit(number):
        with turns.turn(ignore):
            with lock:
                inside.add(number)
                most.append(len(inside))
                if len(inside) == 2:
                    two.set()
            two.wait(SECONDS)  # for the second one, however late it is
            threading.Event().wait(0.01)
            with lock:
                inside.remove(number)

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert len(most) == 8
    assert max(most) == 2


def test_first_come_first_served():
    turns, started = FairQueue(1), []
    visitors = []
    with turns.turn(ignore):
        for _ in range(3):
            visitors.append(Visitor(turns, started))
            assert visitors[-1].waits.wait(SECONDS)  # in line before the next one comes
    for visitor in visitors:
        assert visitor.inside.wait(SECONDS)
        visitor.leave()
    assert started == visitors


def test_who_waits_is_told_how_many_come_first():
    turns = FairQueue(1)
    with turns.turn(ignore):
        first, second = Visitor(turns), None
        assert first.waits.wait(SECONDS)
        second = Visitor(turns)
        assert second.waits.wait(SECONDS)
        assert first.seen[0] == 1
        assert second.seen[0] == 2
    assert first.inside.wait(SECONDS)
    first.leave()
    assert second.inside.wait(SECONDS)
    second.leave()
    assert set(first.seen) == {1}
    assert second.seen == sorted(second.seen, reverse=True)
    assert set(second.seen) <= {1, 2}


def test_with_two_at_once_the_third_is_next():
    turns, seen = FairQueue(2), []

    def leave(places):
        seen.append(places)
        raise LookupError

    with turns.turn(ignore), turns.turn(ignore), pytest.raises(LookupError), turns.turn(leave):
        pytest.fail("there was no room")
    assert seen == [1]


@pytest.mark.parametrize("error", [ValueError, Stopped])
def test_what_waiting_raises_leaves_the_queue(error):
    turns = FairQueue(1)

    def leave(places):
        raise error

    with turns.turn(ignore):
        with pytest.raises(error), turns.turn(leave):
            pytest.fail("there was no room")
        behind = Visitor(turns)
        assert behind.waits.wait(SECONDS)
        assert behind.seen[0] == 1  # not 2: who left is not counted
    assert behind.inside.wait(SECONDS)
    behind.leave()


@pytest.mark.parametrize("error", [ValueError, Stopped])
def test_an_error_inside_gives_the_turn_back(error):
    turns, seen = FairQueue(1), []
    with pytest.raises(error), turns.turn(ignore):
        raise error
    with turns.turn(seen.append):
        pass
    assert seen == []


def test_who_works_long_lets_the_others_go_first_and_comes_back():
    queue, order, waiting, came = FairQueue(1), [], threading.Event(), threading.Event()

    def short():
        waiting.set()
        with queue.turn(lambda places: came.set()):
            order.append("short")

    with queue.turn(lambda places: None) as pass_on:
        pass_on()  # nobody waits
        order.append("long")
        other = threading.Thread(target=short)
        other.start()
        assert came.wait(10)
        pass_on()
        order.append("long again")
    other.join()
    assert order == ["long", "short", "long again"]


def test_who_goes_away_while_the_others_go_first_leaves_no_place_behind():
    queue, came, done = FairQueue(1), threading.Event(), threading.Event()

    def short():
        with queue.turn(lambda places: came.set()):
            done.wait(10)

    def leave(places):
        raise InterruptedError

    def begin_long_work():
        with queue.turn(leave) as pass_on:
            other.start()
            assert came.wait(10)
            pass_on()

    other = threading.Thread(target=short)
    with pytest.raises(InterruptedError):
        begin_long_work()
    done.set()
    other.join()
    with queue.turn(leave):
        pass


def test_closed_it_lets_nobody_compute_once_those_who_do_have_come_to_an_end():
    turns, started = FairQueue(2), []
    first, second = Visitor(turns), Visitor(turns)
    assert first.inside.wait(SECONDS)
    assert second.inside.wait(SECONDS)
    closing, places = threading.Event(), []
    closer = threading.Thread(target=lambda: turns.close(lambda ahead: places.append(ahead) or closing.set()))
    closer.start()
    assert closing.wait(SECONDS)
    late = Visitor(turns, started)
    first.leave()
    assert closer.is_alive()
    second.leave()
    closer.join(SECONDS)
    assert not closer.is_alive()
    assert set(places) <= {1, 2}
    late.waits.clear()
    assert late.waits.wait(SECONDS)
    assert not started


def test_whoever_closes_it_may_have_enough_of_waiting_and_then_nobody_else_comes_in():
    turns, started = FairQueue(1), []
    holder = Visitor(turns)
    assert holder.inside.wait(SECONDS)

    def enough(places):
        raise Stopped

    with pytest.raises(Stopped):
        turns.close(enough)
    holder.leave()
    late = Visitor(turns, started)
    assert late.waits.wait(SECONDS)
    assert not started
