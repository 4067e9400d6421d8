"""An audit in a thread of its own: it finishes, is stopped, fails with a sentence, and ends with its session."""

import gc
import time
from contextlib import contextmanager, nullcontext
from dataclasses import replace

import pytest

from core.audit.collection import Uploads
from core.audit.settings import Settings
from core.networks.load import load_network
from core.runtime.fair_queue import FairQueue
from core.ui.audit.job import Ask, Job, Shared
from tests.audit.made import COLOURS, colours, picture, png


@pytest.fixture
def shared():
    return Shared(FairQueue(1), FairQueue(1), lambda spec: nullcontext(load_network(spec)))


@pytest.fixture
def ask(tmp_path):
    spec = colours(tmp_path)
    files = {f"{colour}/{i}.png": png(picture(colour, i)) for colour in COLOURS for i in range(20)}
    return Ask(Uploads(files), (spec,), Settings((spec.name,)), tmp_path / "out")


def ended(job):
    for _ in range(600):
        if job.has_ended:
            return job
        time.sleep(0.05)
    raise AssertionError(job.said)


def test_it_finishes_with_what_it_found(ask, shared):
    job = ended(Job(ask, shared))
    assert job.problem == ""
    assert job.store.about["counts"] == {"done": 60, "failed": 0}
    assert (job.store.root / "findings.json").exists()
    assert job.said.startswith("3 of 3 classes")
    assert job.share == 1


def test_others_compute_between_its_batches(ask, shared):
    turns = []
    with shared.computing.turn(lambda places: None) as pass_on:
        job = Job(ask, shared)
        for _ in range(5):
            time.sleep(0.05)
            pass_on()
            turns.append(job.share)
    assert turns == sorted(turns)
    assert ended(job).store is not None


def test_it_waits_for_another_audit_and_can_be_stopped_meanwhile(ask, shared):
    with shared.audits.turn(lambda places: None):
        job = Job(ask, shared)
        while not job.said.startswith("Waiting: 1 other comes first"):
            time.sleep(0.02)
        job.stop()
        ended(job)
    assert job.store is None
    assert job.problem == ""
    assert job.said.startswith("Stopped. What was done is kept")


def test_stopped_it_goes_on_where_it_was(ask, shared):
    first = Job(ask, shared)
    first.stop()
    ended(first)
    assert ended(Job(ask, shared)).store.about["counts"]["done"] == 60


def test_what_a_reader_can_mend_is_a_sentence_and_else_the_log_has_it(ask, shared, caplog):
    empty = Ask(Uploads({}), ask.specs, ask.settings, ask.out)
    assert "no pictures in uploads" in ended(Job(empty, shared)).problem

    class Broken(Uploads):
        def entries(self):
            raise RuntimeError("cable cut")

    job = ended(Job(Ask(Broken({}), ask.specs, ask.settings, ask.out), shared))
    assert job.problem.startswith("The audit broke off")
    assert "cable cut" in caplog.text


def test_once_nobody_holds_it_it_is_stopped(ask, shared):
    with shared.computing.turn(lambda places: None):
        job = Job(ask, shared)
        work = job._work
        del job
        gc.collect()
        assert work.stop.is_set()
    assert work.ended.wait(30)


def test_nothing_is_held_once_it_has_ended(ask, shared):
    held = []

    @contextmanager
    def holding(spec):
        held.append(spec.name)
        yield load_network(spec)
        held.remove(spec.name)

    shared = replace(shared, holding=holding)
    job = ended(Job(ask, shared))
    assert held == []
    with shared.audits.turn(pytest.fail), shared.computing.turn(pytest.fail):
        assert job.store is not None
