"""A part of an audit: batches computed side by side give the rows that they give one after the other."""

import threading
from contextlib import closing

import pyarrow.parquet as pq
import pytest
import torch

from core.audit import batches
from core.audit.collection import Folder
from core.audit.part import audit_part
from core.audit.plan import parts_of
from core.audit.reading import read_ahead
from core.audit.settings import Settings
from core.audit.subject import audited

AT_ONCE = 2


@pytest.fixture
def asked(pictures, spec):
    """Does the folder's first part, 64 pictures in batches of four, and gives its rows."""
    settings = Settings((spec.name,))
    collection, subject = Folder(pictures), audited(spec, settings)
    entries = collection.entries()[0]
    part = next(parts_of(entries, settings))

    def ask(out, **how):
        with closing(read_ahead(collection, part.entries, [spec.recipe], settings.fit)) as framed:
            audit_part(part, framed, [subject], settings, out, **how)
        return pq.read_table(out / f"rows-{part.name}.parquet").drop_columns("seconds")

    return ask


@pytest.fixture
def two_at_once(monkeypatch):
    monkeypatch.setattr(batches, "workers", lambda batch: AT_ONCE)


def test_two_batches_are_computed_at_once_and_the_rows_are_the_same(asked, tmp_path, two_at_once, monkeypatch):
    met, measure = threading.Barrier(AT_ONCE, timeout=60), batches.measure

    def measured(*given, **settings):
        met.wait()  # for another one
        return measure(*given, **settings)

    with monkeypatch.context() as patch:
        patch.setattr(batches, "measure", measured)
        both = asked(tmp_path)
    assert both["picture"].to_pylist() == list(range(64))
    monkeypatch.setattr(batches, "workers", lambda batch: 1)
    assert asked(tmp_path).equals(both)


def test_whoever_is_told_of_pictures_can_end_it_soon(asked, tmp_path, two_at_once, monkeypatch):
    told, computed, measure = [], [], batches.measure
    monkeypatch.setattr(batches, "measure", lambda *given, **how: computed.append(0) or measure(*given, **how))

    def breathe(done, failed):
        told.append(done)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        asked(tmp_path, breathe=breathe)
    assert told == [4]
    assert len(computed) <= 2 + AT_ONCE  # of 16: what was begun before the first was told of
    assert not list(tmp_path.iterdir())


def test_what_fails_in_a_thread_fails_the_part(asked, tmp_path, two_at_once, monkeypatch):
    def fails(*given, **settings):
        raise ZeroDivisionError

    monkeypatch.setattr(batches, "measure", fails)
    with pytest.raises(ZeroDivisionError):
        asked(tmp_path)


@pytest.mark.parametrize(
    ("device", "threads", "gigabytes", "workers"),
    [("cpu", 2, 8, 2), ("cpu", 1, 8, 1), ("cpu", 2, 2.9, 1), ("cpu", 8, 3, 2), ("cuda", 8, 80, 1)],
)
def test_two_at_once_where_a_cpu_has_threads_and_memory_for_them(device, threads, gigabytes, workers, monkeypatch):
    monkeypatch.setattr(batches, "choose_device", lambda: torch.device(device))
    monkeypatch.setattr(torch, "get_num_threads", lambda: threads)
    monkeypatch.setattr("core.runtime.processors.processors", lambda: 8)
    monkeypatch.setattr("core.runtime.memory.memory_limit", lambda device: gigabytes * 1e9)
    assert batches.workers(4) == workers
