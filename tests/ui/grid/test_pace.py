"""When to look at maps that are not at their end, and how long that is said to take."""

import pytest

from core.ui.grid import pace as module
from core.ui.grid.pace import Looks, TimeLeft


@pytest.fixture
def clock(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    return now


@pytest.mark.parametrize(
    ("seconds", "seen"),
    [(25, [4, 8, 12, 16]), (0.0125, [4, 20, 84, 204]), (0, [4, 20, 84, 340])],
    ids=["slow", "quick", "at once"],
)
def test_looks_come_about_as_often_however_quick_the_networks_are(clock, seconds, seen):
    looks, found, done = Looks(), [], 0
    for _ in seen:
        found.append(looks.upto)
        clock[0] += seconds * (looks.upto - done)
        done = looks.upto
        looks.after(done)
    assert found == seen


def test_a_look_at_what_was_there_already_goes_on_from_there(clock):
    looks = Looks()
    looks.after(100)
    assert looks.upto == 116


class Progress:
    def __init__(self):
        self.said = []

    def progress(self, done, text):
        self.said.append((round(done, 2), text))


def test_time_left_is_that_of_all_networks_and_counted_from_the_second_batch(clock):
    progress = Progress()
    left = TimeLeft(progress, 2)
    one, other = left.of(0, "AlexNet"), left.of(1, "VGG-19")
    for watch, done in ((one, 4), (other, 4), (one, 8), (other, 8)):
        clock[0] += 2
        watch(done, 8)
    assert progress.said == [
        (0.25, "AlexNet: 4 of 8"), (0.5, "VGG-19: 4 of 8, 4 s left"), (0.75, "AlexNet: 8 of 8, 2 s left"),
        (1.0, "VGG-19: 8 of 8, 0 s left"),
    ]  # fmt: skip


def test_it_is_not_said_more_than_twice_a_second(clock):
    progress = Progress()
    watch = TimeLeft(progress, 1).of(0, "AlexNet")
    for done in range(4, 28, 4):
        clock[0] += 0.25
        watch(done, 24)
    assert [text.partition(" of")[0] for _, text in progress.said] == ["AlexNet: 8", "AlexNet: 16", "AlexNet: 24"]
