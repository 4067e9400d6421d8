"""The server's sockets."""

import os
import socket
from contextlib import suppress

import psutil


def send_at_once() -> None:
    """Switch Nagle's algorithm off, on all TCP sockets of this process and so on those that they accept from now on.

    Streamlit binds the server's socket by itself, and then nobody does it (https://github.com/Kludex/uvicorn/issues/3149):
    of the many small messages of a page each would wait until the browser confirms the last one, which it does after 40
    ms.
    """
    for connection in psutil.Process().net_connections("tcp"):
        with suppress(OSError), socket.socket(fileno=os.dup(connection.fd)) as shared:
            shared.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
