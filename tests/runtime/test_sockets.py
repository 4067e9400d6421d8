"""No message waits until the last one is confirmed."""

import socket

from core.runtime.sockets import send_at_once


def is_set(connection):
    return bool(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))


def test_sockets_that_are_there_and_those_they_accept_send_at_once():
    with socket.socket() as server, socket.socket() as early, socket.socket() as late:
        server.bind(("127.0.0.1", 0))
        server.listen()
        early.connect(server.getsockname())
        with server.accept()[0] as first:
            assert not is_set(first)  # as Streamlit's are
            send_at_once()
            assert is_set(first)
        late.connect(server.getsockname())
        with server.accept()[0] as second:
            assert is_set(second)
