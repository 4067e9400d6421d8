"""One file over HTTP, whatever the network does: what arrived stays, and the next attempt continues behind it."""

import errno
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from urllib.parse import urlsplit

import requests
import urllib3

CONNECT_SECONDS, READ_SECONDS = 10.0, 15.0
ATTEMPTS = 5  # in a row that bring nothing new
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 8.0  # seconds between attempts, each pause twice as long as the one before
LONGEST_WISH = 30.0  # seconds of pause that a server may ask for
TICK = 0.25  # seconds between two reports while nothing arrives
CHUNK = 2**18  # bytes
SLACK = 2**20  # bytes by which a file may differ from its published size, which is rounded

_PASSING = {408, 425, 429, 500, 502, 503, 504}  # answers that may be another one soon
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")

Progress = Callable[[int, int], None]


class TransferFailed(Exception):
    """A bare fact, which another attempt will not change; who asked for the file adds whose it is, and what to do."""


class _Broken(Exception):
    """A fact that another attempt may change; pause: how many seconds the server wants it to wait."""

    def __init__(self, fact: str, pause: float = 0.0) -> None:
        super().__init__(fact)
        self.pause = pause


@dataclass(frozen=True, slots=True)
class Transfer:
    """From an address into a partial file, about size bytes, whose SHA-256 begins with digest (hexadecimal).

    progress(bytes there, bytes in all) is called for all that arrives, and several times a second in pauses;
    what it raises ends the transfer and passes through.
    """

    address: str
    partial: Path
    size: int
    digest: str
    progress: Progress

    def run(self) -> None:
        """Make the partial file whole, verified and safe on the disk.

        What arrived stays there for the next run, unless it is no beginning of this file or has filled the disk.
        Raises TransferFailed, and OSError where the file cannot be written.
        """
        try:
            self._receive_and_verify()
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            self.partial.unlink(missing_ok=True)  # a full disk harms other programs
            raise TransferFailed("the disk is full (what had arrived is deleted again): make room first") from error

    def _receive_and_verify(self) -> None:
        for _ in range(2):
            in_one_piece = self._receive() == 0
            found = _digest(self.partial)
            if found.startswith(self.digest):
                return
            self.partial.unlink()
            if in_one_piece:
                break  # else the pieces may not have belonged together
        beginning = found[: len(self.digest)]
        raise TransferFailed(f"another file arrived (its SHA-256 begins {beginning}, not {self.digest})")

    def _receive(self) -> int:
        """Ask until the file is whole; returns where in it the last answer began."""
        fruitless, most = 0, size_of(self.partial)
        while True:
            try:
                return self._receive_once()
            except _Broken as broken:
                there = size_of(self.partial)
                fruitless = 0 if there > most else fruitless + 1
                most = max(most, there)
                if fruitless == ATTEMPTS:
                    raise TransferFailed(str(broken)) from broken.__cause__
                backoff = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** max(0, fruitless - 1))
                self._pause(max(backoff, min(broken.pause, LONGEST_WISH)))

    def _pause(self, seconds: float) -> None:
        while seconds > 0:
            self._report(size_of(self.partial))
            sleep(min(TICK, seconds))
            seconds -= TICK

    def _report(self, there: int) -> None:
        self.progress(min(there, self.size), self.size)

    def _receive_once(self) -> int:
        """Write one answer to its place in the file; returns where that is. Raises _Broken."""
        there = size_of(self.partial)
        self._report(there)
        with closing(self._answer(there)) as answer:
            if there and answer.status_code == 416:
                return there  # nothing follows: either this is the whole file, or its hash will be wrong
            self._require_file(answer)
            start, total = _place(answer)
            if start not in (0, there):
                raise TransferFailed(f"{self._host} sent another part of the file than was asked for")
            if total is not None and abs(total - self.size) > SLACK:
                megabytes = f"({total / 1e6:.0f} MB, not {self.size / 1e6:.0f} MB)"
                raise TransferFailed(f"{self._host} has another file at this address {megabytes}")
            there = self._write(answer, start)
        if there > self.size + SLACK:
            self.partial.unlink()
            raise TransferFailed(f"{self._host} sent more than the {self.size / 1e6:.0f} MB of this file")
        if there < (self.size - SLACK if total is None else total):
            raise _Broken(self._interrupted(there))
        return start

    def _answer(self, there: int) -> requests.Response:
        """The head of an answer that begins behind what is there, or of one that begins at the beginning."""
        answer = self._ask(there)
        if answer.status_code == 206 and _place(answer)[0] != there:
            answer.close()  # this server cannot continue a file
            return self._ask(0)
        return answer

    def _ask(self, there: int) -> requests.Response:
        headers = {"Accept-Encoding": "identity"}  # so that lengths count the bytes that are written
        if there:
            headers["Range"] = f"bytes={there}-"
        try:
            return requests.get(self.address, headers=headers, stream=True, timeout=(CONNECT_SECONDS, READ_SECONDS))
        except requests.RequestException as error:
            if isinstance(error, ValueError):  # of requests' errors those that say so of the address
                raise TransferFailed(f"{self.address} is not a web address") from error
            raise _Broken(f"{self._host} cannot be reached") from error

    def _require_file(self, answer: requests.Response) -> None:
        fact = f"{self._host} answered {answer.status_code} {answer.reason}"
        if answer.status_code in _PASSING:
            raise _Broken(fact, _retry_after(answer))
        if answer.status_code not in (200, 206):
            raise TransferFailed(fact)
        # Wireless networks that want a login first answer like this; what is there already must survive that.
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            raise TransferFailed(f"{self._host} answered with a web page instead of the file")

    def _write(self, answer: requests.Response, start: int) -> int:
        """Write the body from `start` on and return where it ended, at the latest shortly behind the file's size."""
        there = start
        with open(self.partial, "ab") as file:
            file.truncate(start)
            for chunk in self._chunks(answer):
                file.write(chunk)
                file.flush()  # so that other processes see it, and none of it dies with this one
                there += len(chunk)
                self._report(there)
                if there > self.size + SLACK:
                    break
        return there

    def _chunks(self, answer: requests.Response) -> Iterator[bytes]:
        try:
            # Not iter_content, which holds back what arrived until a chunk is full, and loses it when that fails.
            while chunk := answer.raw.read1(CHUNK):
                yield chunk
        except urllib3.exceptions.HTTPError as error:
            raise _Broken(self._interrupted(size_of(self.partial))) from error

    def _interrupted(self, there: int) -> str:
        return f"the connection to {self._host} broke after {there / 1e6:.0f} of {self.size / 1e6:.0f} MB"

    @property
    def _host(self) -> str:
        return urlsplit(self.address).hostname or self.address


def size_of(path: Path) -> int:
    """Bytes; 0 where there is no file that can be seen."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _digest(path: Path) -> str:
    # Of what the disk holds and not of what went there: whoever else wrote to the file, and whatever a crash of the
    # computer left of it, shows here.
    with path.open("r+b") as file:
        os.fsync(file.fileno())
        return hashlib.file_digest(file, "sha256").hexdigest()


def _place(answer: requests.Response) -> tuple[int, int | None]:
    """Where in the file an answer begins (-1: it does not say so), and the size of the whole, if it says so."""
    start, total = "0", answer.headers.get("Content-Length", "")
    if answer.status_code == 206:
        said = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
        if said is None:
            return -1, None
        start, total = said.groups()
    return int(start), int(total) if total.isdecimal() else None


def _retry_after(answer: requests.Response) -> float:
    """Seconds, as the server put it in Retry-After."""
    try:
        return urllib3.Retry().get_retry_after(answer.raw) or 0.0
    except urllib3.exceptions.InvalidHeader:
        return 0.0
