"""Downloading weights from a server on this machine, alone and at the same time as others; without one, offline."""

import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from core.errors import DownloadError
from core.networks.catalogue import lookup
from core.networks.weights import http
from core.networks.weights.download import download, is_offline, weights_address
from core.networks.weights.places import weights_path
from tests.networks.weights.conftest import DOWNLOAD
from tests.networks.weights.serving import (
    CONTENT,
    DIGEST,
    HALF,
    QUARTER,
    SECONDS,
    SIZE,
    already_there,
    downloading,
    from_,
    ignore,
    made,
    send,
    wait_until,
    waiting_at,
)

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.usefixtures("pauses")


# One download


def test_a_file_arrives_whole_under_its_own_name(server, checkpoints):
    path = download(made(), ignore)
    assert path == weights_path(made()) == checkpoints / f"made-{DIGEST}.pth"
    assert path.read_bytes() == CONTENT
    assert list(checkpoints.iterdir()) == [path]
    assert (server.paths, server.ranges) == ([f"/mirror/made-{DIGEST}.pth"], [None])


def test_progress_grows_to_the_whole(server):
    calls = []
    download(made(), lambda *call: calls.append(call))
    done = [call[0] for call in calls]
    assert done == sorted(done)
    assert len(done) > 3
    assert (calls[0], calls[-1]) == ((0, SIZE), (SIZE, SIZE))


def test_a_file_that_is_there_is_not_fetched_again(server, checkpoints):
    download(made(), ignore)
    download(made(), ignore)
    assert len(server.ranges) == 1
    assert [path.name for path in checkpoints.iterdir()] == [f"made-{DIGEST}.pth"]


def test_the_embedded_network_needs_no_download(server):
    asked = lookup("efficientnet_lite0")
    assert download(asked, ignore) == weights_path(asked)
    assert server.ranges == []


def test_without_a_mirror_the_publisher_is_asked(monkeypatch):
    asked = []

    def get(address, **kwargs):
        asked.append(address)
        raise http.requests.ConnectionError

    monkeypatch.setattr(http.requests, "get", get)
    with pytest.raises(DownloadError):
        download(lookup("alexnet"), ignore)
    assert set(asked) == {"https://download.pytorch.org/models/alexnet-owt-7be5be79.pth"}
    assert not weights_path(lookup("alexnet")).exists()


# The disk


def test_a_full_disk_is_noticed_before_the_download(server, checkpoints):
    asked = replace(made(), weights=replace(made().weights, size=2**60))
    with pytest.raises(DownloadError, match=r"1152921504608 MB are missing, and .* has \d+ MB free"):
        download(asked, ignore)
    assert server.ranges == []


@pytest.mark.parametrize(("there", "succeeds"), [(QUARTER, False), (HALF, True)])
def test_only_what_is_missing_needs_space(there, succeeds, server, monkeypatch):
    already_there(CONTENT[:there])
    free = HALF + http.SLACK
    monkeypatch.setattr(DOWNLOAD.shutil, "disk_usage", lambda folder: type("Usage", (), {"free": free}))
    if succeeds:
        assert download(made(), ignore).read_bytes() == CONTENT
    else:
        with pytest.raises(DownloadError, match=r"3 MB are missing"):
            download(made(), ignore)


def test_a_folder_that_cannot_be_made_is_named(server, checkpoints):
    checkpoints.rmdir()
    checkpoints.write_text("a file in its place")
    with pytest.raises(DownloadError, match=f"{checkpoints} cannot be written to"):
        download(made(), ignore)


# No network


def test_without_a_connection_it_says_which_file_to_put_where(monkeypatch, server, pauses):
    monkeypatch.setenv("LIMELIGHT_WEIGHTS_MIRROR", "http://127.0.0.1:1")
    with pytest.raises(DownloadError, match=r"127\.0\.0\.1 cannot be reached") as caught:
        download(made(), ignore)
    assert f"fetch http://127.0.0.1:1/made-{DIGEST}.pth on another machine" in str(caught.value)
    assert str(caught.value).endswith(f"save it as {weights_path(made())}.")
    assert sum(pauses) == 0.5 + 1 + 2 + 4


@pytest.mark.parametrize("mirror", ["nowhere", "http://[", "file:///models"])
def test_a_mirror_that_is_no_web_address_is_asked_once(mirror, monkeypatch, pauses):
    monkeypatch.setenv("LIMELIGHT_WEIGHTS_MIRROR", mirror)
    with pytest.raises(DownloadError, match=r"made-\w+\.pth is not a web address"):
        download(made(), ignore)
    assert pauses == []


@pytest.mark.parametrize("value", ["1", "true", "yes", "on", "anything"])
def test_offline_nothing_is_asked_for_and_the_sentence_says_what_to_do(value, server, checkpoints, monkeypatch):
    monkeypatch.setenv("LIMELIGHT_OFFLINE", value)
    assert is_offline()
    with pytest.raises(DownloadError, match="downloads are switched off on this server") as caught:
        download(made(), ignore)
    assert f"Fetch {weights_address(made())} on another machine and save it as {weights_path(made())}." in str(
        caught.value
    )
    assert server.ranges == []
    assert list(checkpoints.iterdir()) == []


def test_offline_what_is_there_is_used(server, monkeypatch):
    path = download(made(), ignore)
    monkeypatch.setenv("LIMELIGHT_OFFLINE", "1")
    assert download(made(), ignore) == path


@pytest.mark.parametrize("value", [None, "", "0", "false", "No", "OFF", " 0 "])
def test_other_values_do_not_switch_downloads_off(value, monkeypatch):
    if value is not None:
        monkeypatch.setenv("LIMELIGHT_OFFLINE", value)
    assert not is_offline()


# Two at once


def test_two_threads_fetch_once_and_both_see_progress(server, checkpoints):
    gate = threading.Event()
    server.then = partial(waiting_at, QUARTER, gate)
    with downloading() as (first, first_saw), downloading() as (second, second_saw):
        wait_until(lambda: QUARTER in first_saw and QUARTER in second_saw)
        gate.set()
    assert first == second == [weights_path(made())]
    assert server.ranges == [None]
    assert [path.name for path in checkpoints.iterdir()] == [f"made-{DIGEST}.pth"]


def test_who_waits_takes_over_when_the_other_one_fails(server):
    gate = threading.Event()

    def fail_late(handler, start):
        gate.wait(SECONDS)
        send(handler, 404)

    server.answers.append(fail_late)
    with downloading() as (first, first_saw), downloading() as (second, second_saw):
        wait_until(lambda: first_saw and second_saw)
        gate.set()
    assert first + second == [weights_path(made())]
    assert server.ranges == [None, None]


def test_who_waits_can_be_cancelled(server):
    gate = threading.Event()

    def cancel(done, total):
        raise LookupError

    server.then = partial(waiting_at, QUARTER, gate)
    with downloading() as (first, seen):
        wait_until(lambda: QUARTER in seen)
        with pytest.raises(LookupError):
            download(made(), cancel)
        gate.set()
    assert first == [weights_path(made())]
    assert server.ranges == [None]


# Two processes


@contextmanager
def another_process(checkpoints):
    """A process that downloads the same file to the same folder; yields it and the progress it says."""
    command = [sys.executable, "-m", "tests.networks.fetch_in_a_process", str(SIZE), DIGEST]
    environment = {**os.environ, "TORCH_HOME": str(checkpoints.parents[1])}
    said = []
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        reader = threading.Thread(target=lambda: said.extend(map(int, process.stdout)))
        reader.start()
        try:
            yield process, said
        finally:
            process.kill()
            reader.join(SECONDS)


def test_two_processes_fetch_once_and_both_see_progress(server, checkpoints):
    gate = threading.Event()
    server.then = partial(waiting_at, QUARTER, gate)
    with downloading() as (mine, seen), another_process(checkpoints) as (process, said):
        try:
            wait_until(lambda: QUARTER in seen and QUARTER in said)
        finally:
            gate.set()
        assert process.wait(SECONDS) == 0
    assert mine == [weights_path(made())]
    assert mine[0].read_bytes() == CONTENT
    # A process may take so long to start that the connection, which stands still for it, is given up and continued.
    assert [start for start in server.ranges if start != from_(QUARTER)] == [None]
    assert [path.name for path in checkpoints.iterdir()] == [f"made-{DIGEST}.pth"]


def test_a_killed_process_leaves_what_it_has_and_its_turn_to_the_next(server, checkpoints):
    gate = threading.Event()
    server.answers.append(partial(waiting_at, QUARTER, gate))
    with another_process(checkpoints) as (process, said):
        wait_until(lambda: QUARTER in said)
        with downloading() as (mine, seen):
            wait_until(lambda: QUARTER in seen)  # it waits for the other process
            assert server.ranges == [None]
            process.kill()
        gate.set()
    assert mine == [weights_path(made())]
    assert mine[0].read_bytes() == CONTENT
    assert server.ranges == [None, from_(QUARTER)]
    assert [path.name for path in checkpoints.iterdir()] == [f"made-{DIGEST}.pth"]
