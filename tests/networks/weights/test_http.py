"""One file over HTTP: whatever servers, networks and disks do, what arrived stays and is continued."""

import errno
import io
import threading
import time
from email.utils import formatdate
from functools import partial

import pytest

from core.errors import DownloadError
from core.networks.weights import http
from core.networks.weights.download import download, partial_path, partial_size, weights_address
from core.networks.weights.http import Transfer, TransferFailed
from core.networks.weights.places import weights_path
from tests.networks.weights.serving import (
    CONTENT,
    DIGEST,
    HALF,
    QUARTER,
    SIZE,
    already_there,
    downloading,
    from_,
    ignore,
    made,
    refuse,
    send,
    until,
    wait_until,
    waiting_at,
)

pytestmark = pytest.mark.usefixtures("pauses")


def whole(handler, start):
    """As servers do that do not know Range."""
    send(handler, 200, CONTENT, Content_Length=SIZE)


def some(count, handler, start):
    until(start + count, handler, start)


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


# A transfer by itself, which knows nothing of networks


def transfer(partial, digest=DIGEST):
    return Transfer(weights_address(made()), partial, SIZE, digest, ignore)


def test_the_partial_file_is_made_whole_and_keeps_its_name(server, tmp_path):
    transfer(tmp_path / "partial").run()
    assert (tmp_path / "partial").read_bytes() == CONTENT


def test_what_fails_is_a_bare_fact(server, tmp_path):
    server.then = refuse(404)
    with pytest.raises(TransferFailed, match=r"^127\.0\.0\.1 answered 404 Not Found$"):
        transfer(tmp_path / "partial").run()


def test_a_file_that_cannot_be_written_is_the_systems_own_error(server, tmp_path):
    with pytest.raises(FileNotFoundError):
        transfer(tmp_path / "no folder" / "partial").run()


def test_what_cannot_be_seen_has_no_bytes(tmp_path):
    (tmp_path / "file").write_bytes(b"abc")
    assert http.size_of(tmp_path / "file") == 3
    assert http.size_of(tmp_path / "nothing") == http.size_of(tmp_path / "file" / "below") == 0
