"""Readers without a browser: sessions that speak to the server as a page does, and read what it would show."""

import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from tests.opening import kept, whole

_LONGEST = 300  # seconds that a reader waits


@dataclass(frozen=True, slots=True)
class Shown:
    """What a question led to.

    seconds: from the question to the end of the run that answers it. chart, large: what the page's chart was told.
    """

    seconds: float
    chart: bytes
    large: tuple[bytes, ...]

    @property
    def maps(self) -> tuple[str, ...]:
        """Fingerprints of all that the maps are drawn from: codes, their law, colours, place.

        Taken when asked for: a reader's browser would not do it, and not on the server's computer.
        """
        traces = whole(self.chart, dict(map(kept, self.large)))["figure"]["data"] if self.chart else []
        return tuple(
            hashlib.sha256(json.dumps(trace, sort_keys=True).encode()).hexdigest()
            for trace in traces
            if trace["type"] == "heatmap" and "meta" in trace
        )


class Session:
    """A reader's session with a server."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    def ask(self, query: str) -> Shown:
        """Open an address in this session, and wait for all of its page."""
        began = time.perf_counter()
        self.send(query)
        chart, large = b"", []
        while True:
            message = self._next()
            kind = message.WhichOneof("type")
            component = message.delta.new_element.bidi_component
            if kind == "delta" and component.component_name == "limelight_chart":
                chart = component.bytes
            if kind == "delta" and component.component_name == "limelight_large":
                large.append(component.bytes)
            if kind == "script_finished":
                return Shown(time.perf_counter() - began, chart, tuple(large))

    def send(self, query: str) -> None:
        """Open an address, and do not wait."""
        message = BackMsg()
        message.rerun_script.query_string = query
        self._socket.send(message.SerializeToString())

    def read_on(self, seconds: float) -> None:
        """For so long, take what comes, and look at none of it."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            try:
                self._socket.recv(left)
            except TimeoutError:
                return

    def _next(self) -> ForwardMsg:
        data = self._socket.recv(_LONGEST)
        assert isinstance(data, bytes)
        return ForwardMsg.FromString(data)


@contextmanager
def session(address: str) -> Iterator[Session]:
    """A session with the server at an address, which ends with the block."""
    stream = address.replace("http", "ws", 1) + "/_stcore/stream"
    with connect(stream, subprotocols=["streamlit"], origin=address, max_size=None) as socket:  # type: ignore[list-item, arg-type]
        yield Session(socket)
