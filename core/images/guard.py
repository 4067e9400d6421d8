"""Which computers may be asked for a picture: public ones only, on the usual ports.

Every address a name resolves to must be public, and the connection goes to an address that was judged, so
a name cannot change its meaning between the check and the connection.

For tests, the environment variable LIMELIGHT_TEST_LOOPBACK=1, read at every call, admits loopback addresses
(127.0.0.0/8 and ::1) on any port. It admits nothing else. Never set it on a server.
"""

import os
import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from requests import PreparedRequest
from requests_hardened.ip_filter import InvalidIPAddress
from requests_hardened.ip_filter_adapter import IPFilterAdapter
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection

from core.errors import FetchError

OnConnect = Callable[[socket.socket], None]
PORTS = {"http": 80, "https": 443}
NOT_PUBLIC = "Only public web addresses are allowed: download the picture and upload the file instead."
WRONG_PORT = "Only the usual web ports can be fetched from: remove the port number from the address."
UNKNOWN_SITE = "No site with that name was found: check the address for typing mistakes."

# ipaddress.is_global is True for many of these, depending on the version of Python.
_REFUSED_V4 = [
    ip_network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by carriers; some clouds keep their metadata here
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's host, looks public
        "169.254.0.0/16",  # link-local, with most clouds' metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
]
_GLOBAL_V6 = ip_network("2000::/3")  # the part in use: not ::/96, 64:ff9b::, fc00::, fe80::, ff00::
_REFUSED_V6 = [
    ip_network(block)
    for block in (
        "2001::/23",  # Teredo, ORCHID, benchmarking: protocols, not sites
        "2001:db8::/32",
        "2002::/16",  # 6to4, wraps any IPv4 address
        "3ffe::/16",
        "3fff::/20",
    )
]


def is_public(address: str) -> bool:
    """Whether an IPv4 or IPv6 literal belongs to the public internet; stricter than ipaddress.is_global.

    Wrapped addresses (IPv4-mapped, NAT64, 6to4, Teredo), scoped ones and nonsense are not public.
    """
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv4Address):
        return ip.is_global and not any(ip in block for block in _REFUSED_V4)
    scoped = ip.scope_id is not None
    return not scoped and ip.is_global and ip in _GLOBAL_V6 and not any(ip in block for block in _REFUSED_V6)


def loopback_admitted() -> bool:
    """Whether the switch for tests is on."""
    return os.environ.get("LIMELIGHT_TEST_LOOPBACK") == "1"


def check_site(scheme: str, host: str, port: int | None) -> None:
    """Resolve a host and judge all it resolves to; raises FetchError, the same for all that is private."""
    try:
        answers = socket.getaddrinfo(host, port or PORTS[scheme], type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise FetchError(UNKNOWN_SITE) from None
    addresses = [str(answer[4][0]) for answer in answers]
    _check_addresses(addresses)
    if port not in (None, PORTS[scheme]) and not all(map(_is_admitted_loopback, addresses)):
        raise FetchError(WRONG_PORT)


def _check_addresses(addresses: list[str]) -> None:
    if not addresses or not all(is_public(each) or _is_admitted_loopback(each) for each in addresses):
        raise FetchError(NOT_PUBLIC)


def _is_admitted_loopback(address: str) -> bool:
    if not loopback_admitted():
        return False
    ip = ip_address(address)
    return ip == IPv6Address("::1") or (isinstance(ip, IPv4Address) and ip.is_loopback)


class GuardedAdapter(IPFilterAdapter):
    """Sends one request to a checked address, keeping the name for Host, SNI and the certificate.

    `on_connect` is called with each connected socket, so that somebody else can end a stalled transfer.
    """

    def __init__(self, scheme: str, on_connect: OnConnect) -> None:
        super().__init__(is_https_proto=scheme == "https", allow_loopback=loopback_admitted())
        self._on_connect = on_connect

    def build_connection_pool_key_attributes(
        self, request: PreparedRequest, verify: bool | str, cert: str | tuple[str, str] | None = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Judge all addresses of the host, let the base class pin one, and judge that one again."""
        url = urlsplit(request.url or "")
        check_site(url.scheme, url.hostname or "", url.port)
        try:
            host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        except InvalidIPAddress:
            raise FetchError(NOT_PUBLIC) from None
        _check_addresses([host["host"].strip("[]")])
        return host, pool

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> HTTPConnectionPool:  # noqa: ANN401
        """The pool for the pinned address, whose connections report to `on_connect`."""
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        pool.ConnectionCls = _reporting(pool.ConnectionCls, self._on_connect)
        return pool


def _reporting(base: type[HTTPConnection], on_connect: OnConnect) -> type[HTTPConnection]:
    class Reporting(base):  # type: ignore[misc, valid-type]
        def connect(self) -> None:
            super().connect()
            on_connect(self.sock)

    return Reporting
