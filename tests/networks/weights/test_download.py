"""Downloading weights from a server on this machine, which does whatever servers and networks do."""

import errno
import hashlib
import io
import os
import subprocess
import sys
import threading
import time
from collections import deque
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from core.errors import DownloadError
from core.networks.catalogue import lookup
from core.networks.weights import http
from core.networks.weights.download import download, is_offline, partial_path, partial_size, weights_address
from core.networks.weights.files import weights_path
from tests.networks.fetch_in_a_process import made as made_of

ROOT = Path(__file__).parents[3]
CONTENT = b"".join(number.to_bytes(4) for number in range(2**19))  # 2 MiB, and no part is like another
SIZE, HALF, QUARTER = len(CONTENT), len(CONTENT) // 2, len(CONTENT) // 4
DIGEST = hashlib.sha256(CONTENT).hexdigest()[:8]
SECONDS = 60  # that a test waits at most: a process starts slowly on a busy computer
DOWNLOAD = sys.modules["core.networks.weights.download"]  # in its package, the function has the module's name


def made(digest=DIGEST):
    return made_of(SIZE, digest)


def ignore(done, total):
    pass


# What the server does with a request. handler: of http.server; start: the first byte that is asked for.


def send(handler, status, body=b"", **headers):
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), str(value))
    handler.end_headers()
    handler.wfile.write(body)


def head(handler, start):
    if start:
        send(handler, 206, Content_Length=SIZE - start, Content_Range=f"bytes {start}-{SIZE - 1}/{SIZE}")
    else:
        send(handler, 200, Content_Length=SIZE)


def serve(handler, start):
    if start >= SIZE:
        send(handler, 416, Content_Range=f"bytes */{SIZE}")
    else:
        head(handler, start)
        handler.wfile.write(CONTENT[start:])


def whole(handler, start):
    """As servers do that do not know Range."""
    send(handler, 200, CONTENT, Content_Length=SIZE)


def until(end, handler, start):
    head(handler, start)
    handler.wfile.write(CONTENT[start:end])


def some(count, handler, start):
    until(start + count, handler, start)


def refuse(status, **headers):
    return lambda handler, start: send(handler, status, **headers)


def endless(handler, start):
    send(handler, 200)
    while True:
        handler.wfile.write(CONTENT)


def in_pieces(handler, start):
    """A body whose length nobody knows before it ends; it breaks off in the middle of a piece."""
    handler.protocol_version = "HTTP/1.1"
    send(handler, 200, Transfer_Encoding="chunked", Connection="close")
    handler.wfile.write(b"%x\r\n" % SIZE + CONTENT[:HALF])


def until_closed(handler, start):
    """A body of HTTP/1.0, whose end looks like a connection that breaks."""
    send(handler, 200, CONTENT[:QUARTER])


def waiting_at(end, gate, handler, start):
    until(end, handler, start)
    gate.wait(SECONDS)
    handler.wfile.write(CONTENT[end:])


@dataclass
class Server:
    """answers: what is done with the next requests; then with all others. ranges: what was asked for, in order."""

    answers: deque = field(default_factory=deque)
    then: object = serve
    paths: list = field(default_factory=list)
    ranges: list = field(default_factory=list)


@pytest.fixture
def server(monkeypatch):
    served = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked = self.headers["Range"]
            served.paths.append(self.path)
            served.ranges.append(asked)
            answer = served.answers.popleft() if served.answers else served.then
            with suppress(OSError):  # the client has left
                answer(self, int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0)

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        monkeypatch.setenv("LIMELIGHT_WEIGHTS_MIRROR", f"http://127.0.0.1:{http.server_port}/mirror/")
        monkeypatch.setenv("NO_PROXY", "*")
        yield served
        http.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def pauses(monkeypatch):
    """The pauses between attempts, in seconds; none is made."""
    made_pauses = []
    monkeypatch.setattr(http, "sleep", made_pauses.append)
    monkeypatch.setattr(DOWNLOAD, "TICK", 0.02)
    monkeypatch.delenv("LIMELIGHT_OFFLINE", raising=False)
    return made_pauses


def already_there(content, asked=None):
    path = partial_path(asked or made())
    path.write_bytes(content)
    return path


def from_(start):
    return f"bytes={start}-"


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


# Connections that break


def test_a_broken_download_continues_where_it_broke(server, pauses):
    server.answers.append(partial(until, HALF))
    assert download(made(), ignore).read_bytes() == CONTENT
    assert server.ranges == [None, from_(HALF)]
    assert sum(pauses) == 0.5


def test_what_a_former_download_left_is_continued(server, checkpoints):
    already_there(CONTENT[:QUARTER])
    calls = []
    assert download(made(), lambda *call: calls.append(call)).read_bytes() == CONTENT
    assert server.ranges == [from_(QUARTER)]
    assert calls[0] == (QUARTER, SIZE)
    assert [path.name for path in checkpoints.iterdir()] == [f"made-{DIGEST}.pth"]


def test_a_connection_that_breaks_again_and_again_but_brings_something_gets_there(server, pauses):
    server.then = partial(some, SIZE // 16)
    assert download(made(), ignore).read_bytes() == CONTENT
    assert server.ranges == [None, *(from_(SIZE // 16 * count) for count in range(1, 16))]
    assert sum(pauses) == 15 * 0.5


def test_a_connection_that_brings_nothing_more_is_given_up_and_what_arrived_is_kept(server, pauses):
    server.answers.append(partial(until, HALF))
    server.then = partial(until, HALF)
    with pytest.raises(DownloadError) as caught:
        download(made(), ignore)
    assert server.ranges == [None] + [from_(HALF)] * 5
    assert sum(pauses) == 0.5 + 0.5 + 1 + 2 + 4
    assert "MadeNet could not be downloaded: the connection to 127.0.0.1 broke after 1 of 2 MB." in str(caught.value)
    assert "Try again to continue after 1 of 2 MB, or fetch http://127.0.0.1" in str(caught.value)
    assert partial_path(made()).read_bytes() == CONTENT[:HALF]
    assert not weights_path(made()).exists()


def test_a_server_that_never_gets_beyond_the_half_and_knows_no_range_is_given_up(server):
    def half(handler, start):
        send(handler, 200, CONTENT[:HALF], Content_Length=SIZE)

    server.then = half
    with pytest.raises(DownloadError, match=r"the connection to 127\.0\.0\.1 broke after 1 of 2 MB"):
        download(made(), ignore)
    assert len(server.ranges) == 6


@pytest.mark.parametrize(("answer", "there"), [(in_pieces, HALF), (until_closed, QUARTER)])
def test_a_body_without_a_length_that_breaks_is_continued(answer, there, server):
    server.answers.append(answer)
    assert download(made(), ignore).read_bytes() == CONTENT
    assert server.ranges == [None, from_(there)]


def test_even_a_few_bytes_are_in_the_file_as_soon_as_they_arrive(server):
    gate = threading.Event()
    server.then = partial(waiting_at, 3, gate)
    with downloading() as (results, _):
        try:
            wait_until(lambda: partial_size(made()) == 3)
        finally:
            gate.set()
    assert results == [weights_path(made())]


def test_a_server_that_stops_sending_is_asked_again(server, monkeypatch):
    gate = threading.Event()
    monkeypatch.setattr(http, "READ_SECONDS", 2)  # less, and a busy computer is a server that stops, too
    server.answers.append(partial(waiting_at, HALF, gate))
    assert download(made(), ignore).read_bytes() == CONTENT
    gate.set()
    assert server.ranges == [None, from_(HALF)]


def test_pauses_grow_to_a_limit(monkeypatch, server, pauses):
    monkeypatch.setattr(http, "ATTEMPTS", 8)
    server.then = refuse(503)
    with pytest.raises(DownloadError):
        download(made(), ignore)
    assert sum(pauses) == 0.5 + 1 + 2 + 4 + 8 + 8 + 8
    assert max(pauses) <= 0.25  # progress is reported in between, so that a cancel is noticed


# Servers that answer something else


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_server_that_is_busy_is_asked_again(status, server):
    server.answers.append(refuse(status))
    assert download(made(), ignore).read_bytes() == CONTENT
    assert server.ranges == [None, None]


def test_a_server_that_stays_busy_is_given_up(server, pauses):
    server.then = refuse(503)
    with pytest.raises(DownloadError, match=r"MadeNet could not be downloaded: 127\.0\.0\.1 answered 503"):
        download(made(), ignore)
    assert len(server.ranges) == 5
    assert sum(pauses) == 0.5 + 1 + 2 + 4


@pytest.mark.parametrize(("said", "seconds"), [("3", 3), ("0", 0.5), ("86400", 30), ("soon", 0.5)])
def test_a_server_may_say_when_to_ask_again_within_reason(said, seconds, server, pauses):
    server.answers.append(refuse(429, Retry_After=said))
    download(made(), ignore)
    assert sum(pauses) == seconds


def test_a_server_may_say_at_what_time_to_ask_again_within_reason(server, pauses):
    server.answers.append(refuse(429, Retry_After=formatdate(time.time() + 9000, usegmt=True)))
    download(made(), ignore)
    assert sum(pauses) == 30


@pytest.mark.parametrize("status", [401, 403, 404, 410, 204])
def test_an_answer_that_will_not_change_is_not_asked_for_again(status, server):
    already_there(CONTENT[:HALF])
    server.then = refuse(status)
    with pytest.raises(DownloadError, match=rf"MadeNet could not be downloaded: 127\.0\.0\.1 answered {status} "):
        download(made(), ignore)
    assert server.ranges == [from_(HALF)]
    assert partial_path(made()).read_bytes() == CONTENT[:HALF]


def test_a_page_that_wants_a_login_costs_nothing_of_what_is_there(server):
    already_there(CONTENT[:HALF])
    server.then = lambda handler, start: send(handler, 200, b"<html>", Content_Type="text/html; charset=utf-8")
    with pytest.raises(DownloadError, match=r"127\.0\.0\.1 answered with a web page instead of the file"):
        download(made(), ignore)
    assert partial_path(made()).read_bytes() == CONTENT[:HALF]


@pytest.mark.parametrize("there", [0, HALF])
def test_a_file_of_quite_another_size_is_not_even_begun(there, server):
    already_there(CONTENT[:there])
    server.then = lambda handler, start: send(handler, 200, Content_Length=10 * SIZE)
    with pytest.raises(DownloadError, match=r"127\.0\.0\.1 has another file at this address \(21 MB, not 2 MB\)"):
        download(made(), ignore)
    assert partial_path(made()).read_bytes() == CONTENT[:there]


def test_a_server_without_ranges_sends_the_file_from_its_beginning(server):
    already_there(b"x" * HALF)
    server.then = whole
    assert download(made(), ignore).read_bytes() == CONTENT
    assert server.ranges == [from_(HALF)]


@pytest.mark.parametrize(
    "said", [f"bytes 0-{SIZE - 1}/{SIZE}", f"bytes {HALF + 1}-{SIZE - 1}/{SIZE}", f"items {HALF}-9/*", ""]
)
def test_a_server_that_sends_another_part_is_asked_for_all(said, server):
    already_there(CONTENT[:HALF])
    server.answers.append(lambda handler, start: send(handler, 206, b"other", Content_Range=said, Content_Length=5))
    assert download(made(), ignore).read_bytes() == CONTENT
    assert server.ranges == [from_(HALF), None]


@pytest.mark.parametrize("said", ["bytes 7-11/*", "nonsense"])
def test_a_server_that_always_sends_another_part_is_given_up(said, server):
    already_there(CONTENT[:HALF])
    server.then = lambda handler, start: send(handler, 206, b"other", Content_Range=said)
    with pytest.raises(DownloadError, match="sent another part of the file than was asked for"):
        download(made(), ignore)
    assert partial_path(made()).read_bytes() == CONTENT[:HALF]


def test_a_size_that_the_server_does_not_know_is_no_obstacle(server):
    def unsure(handler, start):
        send(handler, 206, CONTENT[start:], Content_Range=f"bytes {start}-{SIZE - 1}/*", Content_Length=SIZE - start)

    already_there(CONTENT[:HALF])
    server.then = unsure
    assert download(made(), ignore).read_bytes() == CONTENT


def test_a_file_that_was_whole_when_its_process_died_gets_its_name(server):
    already_there(CONTENT)
    assert download(made(), ignore).read_bytes() == CONTENT
    assert server.ranges == [from_(SIZE)]  # answered 416: nothing follows


@pytest.mark.parametrize("there", [b"x" * (SIZE + 1), b"x" * SIZE])
def test_what_is_there_but_is_no_beginning_of_the_file_is_replaced(there, server):
    already_there(there)
    assert download(made(), ignore).read_bytes() == CONTENT
    assert server.ranges == [from_(len(there)), None]  # 416, and the wrong hash


def test_a_server_that_never_stops_is_stopped(server, checkpoints):
    server.then = endless
    with pytest.raises(DownloadError, match=r"127\.0\.0\.1 sent more than the 2 MB of this file"):
        download(made(), ignore)
    assert partial_size(made()) == 0
    assert not weights_path(made()).exists()


def test_what_is_no_http_cannot_be_reached(server):
    server.then = lambda handler, start: handler.wfile.write(b"no http\r\n\r\n")
    with pytest.raises(DownloadError, match=r"127\.0\.0\.1 cannot be reached\. Try again, or fetch"):
        download(made(), ignore)


# Wrong content


def test_a_wrong_beginning_is_noticed_and_the_download_starts_over_by_itself(server):
    already_there(b"x" * HALF)
    assert download(made(), ignore).read_bytes() == CONTENT
    assert server.ranges == [from_(HALF), None]


def test_pieces_of_two_files_are_noticed_and_the_download_starts_over_by_itself(server):
    server.answers.append(lambda handler, start: send(handler, 200, b"x" * HALF, Content_Length=SIZE))
    assert download(made(), ignore).read_bytes() == CONTENT
    assert server.ranges == [None, from_(HALF), None]


def test_starting_over_happens_once(server):
    already_there(CONTENT[:HALF], made("00000000"))
    with pytest.raises(DownloadError, match="another file arrived"):
        download(made("00000000"), ignore)
    assert server.ranges == [from_(HALF), None]
    assert partial_size(made("00000000")) == 0


def test_a_file_with_another_hash_is_thrown_away(server, checkpoints):
    with pytest.raises(DownloadError, match=rf"another file arrived \(its SHA-256 begins {DIGEST}, not 00000000\)"):
        download(made("00000000"), ignore)
    assert server.ranges == [None]
    assert [path.suffix for path in checkpoints.iterdir()] == [".lock"]


def test_what_is_on_the_disk_is_verified_and_not_what_was_sent_there(server):
    def disturb(done, total):
        if done == SIZE:
            partial_path(made()).write_bytes(b"x" * SIZE)

    with pytest.raises(DownloadError, match="another file arrived"):
        download(made(), disturb)
    assert not weights_path(made()).exists()


# The disk


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_becomes_full_is_freed_again(code, server, monkeypatch):
    breaking_disk(monkeypatch, OSError(code, "No space"))
    with pytest.raises(
        DownloadError, match=r"the disk is full \(what had arrived is deleted again\): make room first\. Try again, or"
    ):
        download(made(), ignore)
    assert not partial_path(made()).exists()
    assert not weights_path(made()).exists()


def test_a_disk_that_fails_otherwise_keeps_what_arrived(server, checkpoints, monkeypatch):
    breaking_disk(monkeypatch, OSError(errno.EIO, "Input/output error"))
    with pytest.raises(DownloadError, match=rf"{checkpoints} cannot be written to \(Input/output error\)"):
        download(made(), ignore)
    there = partial_path(made()).read_bytes()
    assert 0 < len(there) < SIZE
    assert CONTENT.startswith(there)


def breaking_disk(monkeypatch, error):
    """Files that take a half of what is to be written."""

    class Disk(io.FileIO):
        def write(self, data):
            if self.tell() > HALF:
                raise error
            return super().write(data)

    monkeypatch.setattr(http, "open", Disk, raising=False)


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


# Cancelling


@pytest.mark.parametrize("cancelled", [KeyboardInterrupt, LookupError])
def test_a_cancelled_download_continues_where_it_stopped(cancelled, server, checkpoints):
    def cancel(done, total):
        if done >= HALF:
            raise cancelled

    with pytest.raises(cancelled):
        download(made(), cancel)
    there = partial_size(made())
    assert HALF <= there < SIZE
    assert not weights_path(made()).exists()
    assert download(made(), ignore).read_bytes() == CONTENT
    assert server.ranges == [None, from_(there)]


def test_a_pause_can_be_cancelled(server, pauses):
    def cancel(done, total):
        if server.ranges:
            raise LookupError

    server.then = refuse(503)
    with pytest.raises(LookupError):
        download(made(), cancel)
    assert len(server.ranges) == 1
    assert pauses == []


# Two at once


@contextmanager
def downloading():
    """A thread that downloads, which is over when the block is; yields what it found and the progress it saw."""
    results, seen = [], []

    def run():
        with suppress(DownloadError):
            results.append(download(made(), lambda done, total: seen.append(done)))

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield results, seen
    finally:
        thread.join(SECONDS)


def wait_until(condition):
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


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
    assert server.ranges == [None]
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
