"""A server on this machine, which does whatever servers and networks do, and what is fetched from it."""

import hashlib
import threading
import time
from collections import deque
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from core.errors import DownloadError
from core.networks.weights.download import download, partial_path
from tests.networks.fetch_in_a_process import made as made_of

CONTENT = b"".join(number.to_bytes(4) for number in range(2**19))  # 2 MiB, and no part is like another
SIZE, HALF, QUARTER = len(CONTENT), len(CONTENT) // 2, len(CONTENT) // 4
DIGEST = hashlib.sha256(CONTENT).hexdigest()[:8]
SECONDS = 60  # that a test waits at most: a process starts slowly on a busy computer


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


def until(end, handler, start):
    head(handler, start)
    handler.wfile.write(CONTENT[start:end])


def refuse(status, **headers):
    return lambda handler, start: send(handler, status, **headers)


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


def already_there(content, asked=None):
    path = partial_path(asked or made())
    path.write_bytes(content)
    return path


def from_(start):
    return f"bytes={start}-"


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
