"""The server that weights are downloaded from in tests, and the pauses that are not made."""

import sys
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from core.networks.weights import http
from tests.networks.weights.serving import Server

DOWNLOAD = sys.modules["core.networks.weights.download"]  # in its package, the function has the module's name


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

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
        thread.start()
        monkeypatch.setenv("LIMELIGHT_WEIGHTS_MIRROR", f"http://127.0.0.1:{listening.server_port}/mirror/")
        monkeypatch.setenv("NO_PROXY", "*")
        yield served
        listening.shutdown()
        thread.join()


@pytest.fixture
def pauses(monkeypatch):
    """The pauses between attempts, in seconds; none is made."""
    made_pauses = []
    monkeypatch.setattr(http, "sleep", made_pauses.append)
    monkeypatch.setattr(DOWNLOAD, "TICK", 0.02)
    monkeypatch.delenv("LIMELIGHT_OFFLINE", raising=False)
    return made_pauses
