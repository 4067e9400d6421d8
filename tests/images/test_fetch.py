"""Fetching from real servers on this computer, which misbehave in every way a test could think of.

Nothing here leaves the computer: the switch for tests admits loopback addresses, and only those.
"""

import base64
import hashlib
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.errors import FetchError
from core.images import fetch
from core.images.fetch import fetch_bytes, fetch_image
from core.version import LIMELIGHT

Answer = bytes | Callable[[socket.socket], None]
SECONDS = 20  # that a test waits at most, on a busy computer; what is to be cut off would go on for a minute


def _cat() -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (8, 6), (200, 100, 50)).save(buffer, "PNG")
    return buffer.getvalue()


CAT = _cat()


def answer(body: bytes = CAT, status: str = "200 OK", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "Connection: close", "", ""]
    return "\r\n".join(lines).encode() + body


def redirect(to: str) -> bytes:
    return answer(b"", "302 Found", f"Location: {to}")


def drip(start: bytes, piece: bytes) -> Callable[[socket.socket], None]:
    """Send `start`, then `piece` again and again, each well within any timeout of one read."""

    def send(connection: socket.socket) -> None:
        connection.sendall(start)
        for _ in range(1200):
            connection.sendall(piece)
            time.sleep(0.05)

    return send


def say_nothing(connection: socket.socket) -> None:
    """Listen until the other side leaves."""
    connection.settimeout(60)
    with connection, suppress(OSError):
        while connection.recv(65536):
            pass


class Server:
    """One answer for each path; remembers the requests."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {"/cat.png": answer()}
        self.requests: list[str] = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.threads = [threading.Thread(target=self.serve)]
        self.threads[0].start()

    def serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self.socket.accept()
                thread = threading.Thread(target=self.reply, args=(connection,))
                self.threads.append(thread)
                thread.start()

    def reply(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            request = connection.recv(65536).decode("latin-1")
            self.requests.append(request)
            reply = self.answers.get(request.split(" ")[1] if " " in request else "", answer(b"", "404 Not Found"))
            if isinstance(reply, bytes):
                connection.sendall(reply)
            else:
                reply(connection)

    def close(self) -> None:
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        for thread in self.threads:
            thread.join(timeout=15)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("LIMELIGHT_TEST_LOOPBACK", "1")
    server = Server()
    yield server
    server.close()


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    start = time.monotonic()
    yield
    assert time.monotonic() - start < seconds


def transfers_end() -> bool:
    """Whether the threads of all transfers end soon."""
    end = time.monotonic() + SECONDS
    while any(thread.name == "fetch" for thread in threading.enumerate()):
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


# what works


def test_a_picture_is_fetched_and_decoded(server: Server) -> None:
    picture = fetch_image(f"{server.url}/cat.png")
    assert picture.size == (8, 6)
    assert np.unique(picture.pixels.reshape(-1, 3), axis=0).tolist() == [[200, 100, 50]]


def test_the_request_says_who_asks_and_carries_nothing_else(server: Server) -> None:
    fetch_bytes(f"{server.url}/cat.png#fragment")
    lines = server.requests[0].strip().split("\r\n")
    assert lines[0] == "GET /cat.png HTTP/1.1"
    assert sorted(line.lower() for line in lines[1:]) == [
        "accept-encoding: identity",
        "accept: image/*",
        f"host: {server.url.removeprefix('http://')}",
        "user-agent: limelight/0.1.0 (saliency maps; no contact was set)",
    ]


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        ("https://example.org/limelight", "https://example.org/limelight"),
        ("  me@example.org ", "me@example.org"),
        ("", "no contact was set"),
        ("https://a.b\r\nHost: c", "no contact was set"),
        ("é", "no contact was set"),
        ("a) (b", "no contact was set"),
    ],
)
def test_who_runs_the_server_can_say_where_to_complain(
    contact: str, said: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIMELIGHT_CONTACT", contact)
    fetch_bytes(f"{server.url}/cat.png")
    assert f"User-Agent: Limelight/{LIMELIGHT} (saliency maps; {said})\r\n" in server.requests[0]


def test_a_picture_that_is_its_own_address_is_not_fetched(server: Server) -> None:
    picture = fetch_image(f"data:image/png;base64,{base64.b64encode(CAT).decode()}")
    assert picture.digest == hashlib.sha256(CAT).hexdigest()
    with pytest.raises(FetchError, match="did not give a picture"):
        fetch_image("data:text/plain,hello")
    assert not server.requests


def test_a_name_is_resolved_and_kept_as_host(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    found, port = socket.getaddrinfo, server.url.rsplit(":", 1)[1]
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *a, **k: found("127.0.0.1", *a, **k))
    assert fetch_bytes(f"http://cats.example:{port}/cat.png") == CAT
    assert f"Host: cats.example:{port}" in server.requests[0]


def test_a_body_in_chunks_without_a_length_is_read(server: Server) -> None:
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (CAT[:20], CAT[20:])) + b"0\r\n\r\n"
    server.answers["/chunks"] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks
    assert fetch_bytes(f"{server.url}/chunks") == CAT


def test_a_body_that_ends_with_the_connection_is_read(server: Server) -> None:
    server.answers["/old"] = b"HTTP/1.0 200 OK\r\n\r\n" + CAT
    assert fetch_bytes(f"{server.url}/old") == CAT


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent"])
def test_a_redirect_is_followed(server: Server, status: str) -> None:
    server.answers["/moved"] = answer(b"", status, "Location: /cat.png")
    assert fetch_bytes(f"{server.url}/moved") == CAT


def test_five_redirects_are_followed(server: Server) -> None:
    server.answers |= {f"/{n}": redirect(f"{server.url}/{n - 1}") for n in (5, 4, 3, 2)} | {"/1": redirect("/cat.png")}
    assert fetch_bytes(f"{server.url}/5") == CAT


# redirects that are not followed


def test_six_redirects_are_too_many(server: Server) -> None:
    server.answers |= {f"/{n}": redirect(f"/{n - 1}") for n in (6, 5, 4, 3, 2)} | {"/1": redirect("/cat.png")}
    with pytest.raises(FetchError, match="too many redirects"):
        fetch_bytes(f"{server.url}/6")
    assert len(server.requests) == 6


def test_a_redirect_loop_ends(server: Server) -> None:
    server.answers["/loop"] = redirect("/loop")
    with pytest.raises(FetchError, match="too many redirects"):
        fetch_bytes(f"{server.url}/loop")


@pytest.mark.parametrize("place", ["file:///etc/passwd", "ftp://example.com/cat.png", "data:image/png;base64,AAAA"])
def test_a_redirect_may_not_leave_the_web(server: Server, place: str) -> None:
    server.answers["/away"] = redirect(place)
    with pytest.raises(FetchError, match="begin with http:// or https://"):
        fetch_bytes(f"{server.url}/away")


@pytest.mark.parametrize("place", ["http://10.0.0.1/", "http://169.254.169.254/latest", "//[::ffff:127.0.0.1]/"])
def test_a_redirect_to_a_private_address_is_refused(server: Server, place: str) -> None:
    server.answers["/away"] = redirect(place)
    with pytest.raises(FetchError, match="Only public web addresses are allowed"):
        fetch_bytes(f"{server.url}/away")


def test_a_redirect_to_loopback_is_refused_when_the_switch_is_off(server: Server) -> None:
    def turn_off_and_redirect(connection: socket.socket) -> None:
        os.environ.pop("LIMELIGHT_TEST_LOOPBACK")
        connection.sendall(redirect("/cat.png"))

    server.answers["/away"] = turn_off_and_redirect
    with pytest.raises(FetchError, match="Only public web addresses are allowed"):
        fetch_bytes(f"{server.url}/away")
    assert len(server.requests) == 1


def test_a_redirect_may_not_bring_a_password(server: Server) -> None:
    server.answers["/away"] = redirect(f"http://me:secret@{server.url.removeprefix('http://')}/cat.png")
    with pytest.raises(FetchError, match="user name or password"):
        fetch_bytes(f"{server.url}/away")


def test_the_body_of_a_redirect_is_not_read(server: Server) -> None:
    server.answers["/heavy"] = drip(b"HTTP/1.1 302 Found\r\nLocation: /cat.png\r\n\r\n", b"x" * 1000)
    with at_most(SECONDS):
        assert fetch_bytes(f"{server.url}/heavy") == CAT


# addresses that are not asked


def test_loopback_is_refused_when_the_switch_is_off(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LIMELIGHT_TEST_LOOPBACK")
    with pytest.raises(FetchError, match="Only public web addresses are allowed"):
        fetch_bytes(f"{server.url}/cat.png")
    assert server.requests == []


def test_a_name_that_resolves_to_a_private_address_is_refused(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.168.0.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    with pytest.raises(FetchError, match="Only public web addresses are allowed") as caught:
        fetch_bytes("https://innocent.example/cat.png")
    assert "192.168" not in str(caught.value)


def test_another_port_of_a_public_site_is_refused_with_the_switch_on(server: Server) -> None:
    with pytest.raises(FetchError, match="remove the port number"):
        fetch_bytes("http://93.184.216.34:8080/cat.png")


def test_proxy_variables_are_ignored(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = Server()
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url)
    monkeypatch.delenv("no_proxy", raising=False)
    try:
        assert fetch_bytes(f"{server.url}/cat.png") == CAT
        assert proxy.requests == []
    finally:
        proxy.close()


def test_the_netrc_file_is_ignored(server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    fetch_bytes(f"{server.url}/cat.png")
    assert "authorization" not in server.requests[0].lower()


# answers that are not accepted


def test_a_web_page_is_not_a_picture(server: Server) -> None:
    server.answers["/page"] = answer(b"<!doctype html><title>Cats</title>")
    with pytest.raises(FetchError, match=r"leads to a web page, not a picture\. Copy the address of the image"):
        fetch_image(f"{server.url}/page")


def test_what_cannot_be_decoded_is_named(server: Server) -> None:
    server.answers["/drawing"] = answer(b"<svg/>")
    with pytest.raises(FetchError, match=r"did not give a picture\. This is an SVG drawing.* PNG or JPEG"):
        fetch_image(f"{server.url}/drawing")


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("404 Not Found", r"\(not found\): check the address"),
        ("403 Forbidden", r"\(refused\): download the picture and upload"),
        ("429 Slow Down", "try again later"),
        ("500 Oops", "did not give the picture: download"),
        ("206 Partial Content", "did not give the picture"),
        ("304 Not Modified", "did not give the picture"),
    ],
)
def test_other_answers_than_200_become_a_sentence(server: Server, status: str, sentence: str) -> None:
    server.answers["/gone"] = answer(b"a secret", status, "X-Secret: a secret")
    with pytest.raises(FetchError, match=sentence) as caught:
        fetch_bytes(f"{server.url}/gone")
    assert "secret" not in str(caught.value)
    assert status not in str(caught.value)


@pytest.mark.parametrize("encoding", ["gzip", "br", "identity, gzip"])
def test_a_packed_body_is_refused(server: Server, encoding: str) -> None:
    server.answers["/packed"] = answer(CAT, "200 OK", f"Content-Encoding: {encoding}")
    with pytest.raises(FetchError, match="packed the picture"):
        fetch_bytes(f"{server.url}/packed")


def test_a_body_that_says_it_is_too_large_is_not_read(server: Server) -> None:
    server.answers["/large"] = drip(b"HTTP/1.1 200 OK\r\nContent-Length: 15000001\r\n\r\n", b"x")
    with at_most(SECONDS), pytest.raises(FetchError, match="larger than 15 MB"):
        fetch_bytes(f"{server.url}/large")


def test_a_body_without_a_length_is_cut_off_when_it_is_too_large(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "MAX_BYTES", 100_000)
    server.answers["/endless"] = drip(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 90_000)
    with at_most(SECONDS), pytest.raises(FetchError, match="larger than 15 MB"):
        fetch_bytes(f"{server.url}/endless")


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"220 mail.example ESMTP\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + CAT,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://[oops/\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: \xff\xfe\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n",
    ],
)
def test_broken_answers_become_a_sentence(server: Server, reply: bytes) -> None:
    server.answers["/broken"] = reply
    with pytest.raises(FetchError, match="could not be reached"):
        fetch_bytes(f"{server.url}/broken")


def test_a_closed_port_becomes_a_sentence(server: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(FetchError, match="could not be reached: check the address") as caught:
        fetch_bytes(f"http://127.0.0.1:{port}/cat.png")
    assert "127.0.0.1" not in str(caught.value)


def test_https_without_tls_becomes_a_sentence(server: Server) -> None:
    with pytest.raises(FetchError, match="No secure connection"):
        fetch_bytes(f"{server.url.replace('http', 'https')}/cat.png")


# time


@pytest.mark.parametrize(
    "reply",
    [
        drip(b"HTTP/1.1 200 OK\r\n", b"X-Drip: 1\r\n"),
        drip(b"HTTP/1.1 200 OK\r\nX-Long: ", b"x"),
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", b"x"),
        drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        say_nothing,
    ],
    ids=["headers", "one header", "body", "chunks", "interim answers", "nothing"],
)
def test_a_server_that_drips_is_cut_off_and_its_thread_ends(
    server: Server, monkeypatch: pytest.MonkeyPatch, reply: Answer
) -> None:
    monkeypatch.setattr(fetch, "SECONDS", 0.4)
    server.answers["/slow"] = reply
    with at_most(SECONDS), pytest.raises(FetchError, match="took too long"):
        fetch_bytes(f"{server.url}/slow")
    assert transfers_end()


def test_a_silent_tls_handshake_is_cut_off(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "SECONDS", 0.4)
    server.reply = say_nothing
    with at_most(SECONDS), pytest.raises(FetchError, match="took too long"):
        fetch_bytes(f"{server.url.replace('http', 'https')}/cat.png")
    assert transfers_end()


def test_time_spent_on_redirects_counts(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "SECONDS", 0.5)

    def late(connection: socket.socket) -> None:
        time.sleep(0.3)
        connection.sendall(redirect("/late"))

    server.answers["/late"] = late
    with at_most(SECONDS), pytest.raises(FetchError, match="took too long"):
        fetch_bytes(f"{server.url}/late")


def test_a_silent_name_server_is_not_waited_for(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "SECONDS", 0.3)
    answered = threading.Event()

    def getaddrinfo(*_: object, **__: object) -> None:
        answered.wait(3 * SECONDS)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with at_most(SECONDS), pytest.raises(FetchError, match="took too long"):
        fetch_bytes("http://slow.example/cat.png")
    answered.set()
    assert transfers_end()


def test_a_site_whose_name_is_found_too_late_is_not_asked(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "SECONDS", 0.3)
    found = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: (time.sleep(0.5), found(*a, **k))[1])
    with pytest.raises(FetchError, match="took too long"):
        fetch_bytes(f"{server.url}/cat.png")
    assert transfers_end()
    assert server.requests in ([], [""])


def test_transfers_are_bounded_and_a_place_is_given_back(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "_transfers", threading.BoundedSemaphore(1))
    asked, go_on = threading.Event(), threading.Event()

    def wait(connection: socket.socket) -> None:
        asked.set()
        go_on.wait(SECONDS)
        connection.sendall(answer())

    server.answers["/wait"] = wait
    first = threading.Thread(target=fetch_bytes, args=(f"{server.url}/wait",))
    first.start()
    assert asked.wait(SECONDS)
    with pytest.raises(FetchError, match="Too many pictures are being fetched right now: try again"):
        fetch_bytes(f"{server.url}/cat.png")
    go_on.set()
    first.join()
    assert transfers_end()
    assert fetch_bytes(f"{server.url}/cat.png") == CAT


def test_a_transfer_leaves_no_open_files(server: Server) -> None:
    server.answers["/page"] = answer(b"", "404 Not Found")
    fetch_bytes(f"{server.url}/cat.png")
    assert transfers_end()
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    for path in ("/cat.png", "/page") * 5:
        with suppress(FetchError):
            fetch_bytes(server.url + path)
    assert transfers_end()
    for thread in server.threads[1:]:
        thread.join()
    assert not before or len(os.listdir("/proc/self/fd")) <= before + 1


def test_the_log_has_the_host_and_nothing_else(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    server.answers["/cat.png?key=secret"] = answer()
    with caplog.at_level(logging.INFO):
        fetch_bytes(f"{server.url}/cat.png?key=secret")
    assert caplog.messages == ["fetching a picture from 127.0.0.1"]


@pytest.mark.parametrize("address", ["https://" + "a" * 70 + ".com/", "https://exa_mple..com/", "https://*.com/"])
def test_impossible_names_become_a_sentence(address: str) -> None:
    with pytest.raises(FetchError):
        fetch_bytes(address)
