"""What is held: how much of it, made how often, and never let go while somebody uses it."""

import threading

import pytest

from core.runtime.shared_cache import SharedCache
from tests.held import SECONDS, Kept, Stopped, ignore


def never():
    pytest.fail("computed although it was there")


@pytest.fixture
def kept():
    return SharedCache(limit=10)


def test_what_was_made_is_there(kept):
    made = Kept()
    assert kept.get("a") is None
    assert kept.make("a", lambda: made, ignore) is made
    assert kept.get("a") is made
    assert kept.make("a", never, ignore) is made


def test_the_least_recently_used_goes_first(kept):
    for key in "abc":
        kept.make(key, lambda: Kept(3), ignore)
    kept.get("a")
    kept.make("d", lambda: Kept(3), ignore)
    assert [key for key in "abcd" if kept.get(key)] == ["a", "c", "d"]


def test_bytes_are_counted_and_not_entries(kept):
    kept.make("small", lambda: Kept(1), ignore)
    kept.make("large", lambda: Kept(9), ignore)
    assert kept.get("small")  # 10 of 10 bytes: just fits
    kept.make("one more", lambda: Kept(1), ignore)
    assert kept.get("large") is None
    assert kept.get("small")
    assert kept.get("one more")


def test_one_that_is_larger_than_everything_is_still_kept_alone(kept):
    kept.make("small", lambda: Kept(1), ignore)
    kept.make("huge", lambda: Kept(1000), ignore)
    assert kept.get("huge")
    assert kept.get("small") is None


def test_a_size_is_asked_for_once(kept):
    asked = []

    class Slow:
        @property
        def nbytes(self):
            asked.append(self)
            return 4

    for key in "abcabcd":
        kept.make(key, Slow, ignore)
    assert kept.nbytes == 8
    assert len(asked) == len(set(map(id, asked))) == 7


class Callers:
    """Four threads that ask for one key while it is being made."""

    def __init__(self, kept, compute):
        self.answers, self.errors, self.calls = [], [], []
        self.go, self.at_it = threading.Event(), threading.Event()
        self.kept, self.compute = kept, compute
        threads = [threading.Thread(target=self.ask, daemon=True) for _ in range(4)]
        threads[0].start()
        assert self.at_it.wait(SECONDS)
        for thread in threads[1:]:
            thread.start()
        threading.Event().wait(0.05)  # let them begin to wait; if they are late, they find it ready
        self.go.set()
        for thread in threads:
            thread.join(SECONDS)

    def ask(self):
        try:
            self.answers.append(self.kept.make("key", self.slowly, ignore))
        except BaseException as error:
            self.errors.append(error)

    def slowly(self):
        self.calls.append(threading.get_ident())
        self.at_it.set()
        self.go.wait(SECONDS)
        return self.compute()


def test_callers_at_the_same_time_share_one_computation(kept):
    callers = Callers(kept, Kept)
    assert len(callers.calls) == 1
    assert len(callers.answers) == 4
    assert len(set(map(id, callers.answers))) == 1
    assert callers.errors == []


@pytest.mark.parametrize("error", [ValueError("no"), Stopped()])
def test_those_who_waited_for_one_that_failed_try_for_themselves(kept, error):
    failures = iter([error])

    def fail_once():
        for failure in failures:
            raise failure
        return Kept()

    callers = Callers(kept, fail_once)
    assert callers.errors == [error]
    assert len(callers.answers) == 3
    assert len(set(map(id, callers.answers))) == 1
    assert len(callers.calls) == 2


def test_who_waits_can_leave(kept):
    started, go_on = threading.Event(), threading.Event()

    def slowly():
        started.set()
        go_on.wait(SECONDS)
        return Kept()

    def leave(places):
        raise Stopped

    maker = threading.Thread(target=kept.make, args=("key", slowly, ignore), daemon=True)
    maker.start()
    assert started.wait(SECONDS)
    with pytest.raises(Stopped):
        kept.make("key", never, leave)
    go_on.set()
    maker.join(SECONDS)
    assert kept.get("key")


def test_two_keys_are_made_at_the_same_time(kept):
    both = threading.Barrier(2, timeout=SECONDS)

    def together():
        both.wait()  # only passes if both computations run
        return Kept()

    other = threading.Thread(target=kept.make, args=("a", together, ignore), daemon=True)
    other.start()
    assert kept.make("b", together, ignore)
    other.join(SECONDS)
    assert kept.get("a")


def test_what_is_in_use_stays_whatever_comes(kept):
    with kept.using("a", lambda: Kept(9), ignore) as value:
        kept.make("b", lambda: Kept(9), ignore)
        assert kept.get("a") is value
        assert kept.nbytes == 18
    assert kept.keys() == ("b",) or kept.keys() == ("a",)
    assert kept.nbytes == 9  # room is made as soon as the use has ended


def test_what_two_use_stays_until_both_have_done(kept):
    with kept.using("a", lambda: Kept(9), ignore):
        with kept.using("a", never, ignore):
            pass
        kept.make("b", lambda: Kept(9), ignore)
        assert kept.get("a")


def test_a_use_ends_also_when_it_fails(kept):
    with pytest.raises(LookupError), kept.using("a", Kept, ignore):
        raise LookupError
    assert kept.drop("a")


def test_dropping_frees_unless_it_is_in_use(kept):
    with kept.using("a", Kept, ignore):
        assert not kept.drop("a")
        assert kept.get("a")
    assert kept.drop("a")
    assert kept.get("a") is None
    assert not kept.drop("a")
    assert kept.nbytes == 0


def test_many_threads_never_lose_a_value_in_use_and_end_within_the_limit():
    kept, problems = SharedCache(limit=10), []

    def work(number):
        for turn in range(300):
            key = (number * 7 + turn) % 8
            with kept.using(key, lambda key=key: Kept(3, str(key)), ignore) as value:
                if value.name != str(key) or kept.get(key) is not value:
                    problems.append(key)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert problems == []
    assert kept.nbytes <= 10
