"""A picture from a web address that a stranger typed: guarded, bounded in bytes, hops and seconds.

Messages never repeat what the site said, and the log has the host only. core/images/guard.py says which
sites may be asked.
"""

import logging
import os
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager, suppress
from http.client import HTTPException
from time import monotonic
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

from core.errors import FetchError, ImageError
from core.images.address import data_of, meant_address, web_address
from core.images.decode import MAX_BYTES, decode_image, looks_like_web_page
from core.images.guard import GuardedAdapter
from core.values import Picture, Window
from core.version import LIMELIGHT

SECONDS = 10.0  # for everything: names, redirects, headers and body
MAX_REDIRECTS = 5
PIECE = 65_536  # bytes

_INSTEAD = "download the picture and upload the file instead."
_SLOW = f"The site took too long: try again, or {_INSTEAD}"
_BUSY = "Too many pictures are being fetched right now: try again in a moment."
_TOO_LARGE = f"The file at that address is larger than {MAX_BYTES / 1e6:.0f} MB: choose a smaller version."
_WEB_PAGE = "That address leads to a web page, not a picture. Copy the address of the image itself."
_UNREACHABLE = f"The site could not be reached: check the address, or {_INSTEAD}"
_STATUS = {
    401: f"The site did not give the picture (refused): {_INSTEAD}",
    403: f"The site did not give the picture (refused): {_INSTEAD}",
    404: "The site did not give the picture (not found): check the address.",
    410: "The site did not give the picture (not found): check the address.",
    429: f"The site did not give the picture (too many requests): try again later, or {_INSTEAD}",
}
_HEADERS = {"Accept": "image/*", "Accept-Encoding": "identity"}

_log = logging.getLogger(__name__)
_transfers = threading.BoundedSemaphore(8)


def fetch_image(url: str) -> Picture:
    """Fetch and decode the picture at a web address, as `meant_address` reads it, or inside a data: address.

    Raises FetchError, whatever goes wrong on the way.
    """
    data = data_of(url)
    return decode_fetched(fetch_bytes(meant_address(url)) if data is None else data)


def decode_fetched(data: bytes, window: Window | None = None) -> Picture:
    """As `decode_image`, of what an address gave; raises FetchError, which says so."""
    try:
        return decode_image(data, window)
    except ImageError as error:
        sentence = _WEB_PAGE if looks_like_web_page(data) else f"That address did not give a picture. {error}"
        raise FetchError(sentence) from error


def user_agent() -> str:
    """Who asks, and where to complain: LIMELIGHT_CONTACT, the address of a page or of a person, if it is set."""
    contact = os.environ.get("LIMELIGHT_CONTACT", "").strip()
    fine = contact.isascii() and contact.isprintable() and not set(contact) & set("()\\")
    return f"Limelight/{LIMELIGHT} (saliency maps; {contact if contact and fine else 'no contact was set'})"


def fetch_bytes(url: str) -> bytes:
    """At most MAX_BYTES from a public http or https address, in at most SECONDS; raises FetchError."""
    address = web_address(url)
    if not _transfers.acquire(blocking=False):
        raise FetchError(_BUSY)
    deadline, outcome = Deadline(SECONDS), Future[bytes]()
    # Not an executor: its threads keep the process from ending while a name server is silent.
    thread = threading.Thread(target=_run, args=(address, deadline, outcome), name="fetch", daemon=True)
    try:
        thread.start()
    except RuntimeError:
        _transfers.release()
        raise FetchError(_BUSY) from None
    try:
        return outcome.result(timeout=deadline.left())
    except TimeoutError:
        raise FetchError(_SLOW) from None
    finally:
        deadline.cut()


class Deadline:
    """One moment after which a transfer is over, and the sockets to end it with; used by two threads."""

    def __init__(self, seconds: float) -> None:
        self._end = monotonic() + seconds
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []

    def left(self) -> float:
        """Seconds left, more than 0; raises FetchError when there are none."""
        if (seconds := self._end - monotonic()) <= 0:
            raise FetchError(_SLOW)
        return seconds

    def hold(self, connected: socket.socket) -> None:
        """Keep a second handle on a connected socket, which stays usable whatever its owner does."""
        with self._lock:
            self._sockets.append(socket.fromfd(connected.fileno(), connected.family, connected.type))
        self.left()

    def cut(self) -> None:
        """End all connections; a thread that waits in them wakes up."""
        with self._lock:
            for each in self._sockets:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Give the handles back."""
        with self._lock:
            for each in self._sockets:
                each.close()


def _run(address: str, deadline: Deadline, outcome: "Future[bytes]") -> None:
    try:
        with closing(deadline):
            data = _download(address, deadline)
    except Exception as error:  # raised again in the thread that waits
        outcome.set_exception(error)
    else:
        outcome.set_result(data)
    finally:
        _transfers.release()


def _download(address: str, deadline: Deadline) -> bytes:
    try:
        for _ in range(MAX_REDIRECTS + 1):
            with _answer(address, deadline) as response:
                if not response.is_redirect:
                    return _body(response, deadline)
                location = response.headers["Location"].encode("latin-1").decode("utf-8")
                address = urljoin(response.url, location)
    # The cause would carry addresses and answers into logs: only the sentence leaves.
    except requests.exceptions.SSLError:
        raise FetchError(f"No secure connection to the site could be made: {_INSTEAD}") from None
    except (requests.Timeout, urllib3.exceptions.TimeoutError):
        raise FetchError(_SLOW) from None
    except (requests.RequestException, urllib3.exceptions.HTTPError, HTTPException, OSError, ValueError):
        raise FetchError(_UNREACHABLE) from None
    raise FetchError("That address leads through too many redirects: copy the address of the image itself.")


@contextmanager
def _answer(address: str, deadline: Deadline) -> Iterator[requests.Response]:
    """One hop: the head of the answer, its body not yet read."""
    headers = _HEADERS | {"User-Agent": user_agent()}
    prepared = requests.Request("GET", web_address(address), headers=headers).prepare()
    url = urlsplit(web_address(prepared.url or ""))  # again: requests reads addresses with another parser
    _log.info("fetching a picture from %s", url.hostname)
    # No requests.Session: it would read and unpack a redirect's whole body, and listens to proxy variables.
    with closing(GuardedAdapter(url.scheme, deadline.hold)) as adapter:
        with adapter.send(prepared, stream=True, timeout=deadline.left()) as response:
            yield response


def _body(response: requests.Response, deadline: Deadline) -> bytes:
    if response.status_code != 200:
        raise FetchError(_STATUS.get(response.status_code, f"The site did not give the picture: {_INSTEAD}"))
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise FetchError(f"The site packed the picture in a way that is not read here: {_INSTEAD}")
    length = response.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > MAX_BYTES:
        raise FetchError(_TOO_LARGE)
    body = bytearray()
    while piece := response.raw.read1(PIECE, decode_content=False):
        deadline.left()
        body += piece
        if len(body) > MAX_BYTES:
            raise FetchError(_TOO_LARGE)
    return bytes(body)
