"""Fetching a weights file into torch hub's folder, whole and verified, or not at all."""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit

import requests

from core.errors import DownloadError
from core.networks.registry import Architecture, WeightsFile
from core.networks.weights import on_disk, replacing, weights_path

OFFICIAL = "https://download.pytorch.org/models"
CONNECT_SECONDS, READ_SECONDS = 10, 30
CHUNK = 2**18
SLACK = 2**20  # by how much a file may be larger than announced: announced sizes are rounded

_locks: dict[Path, Lock] = {}  # setdefault on a dict is atomic

Progress = Callable[[int, int], None]


def download(architecture: Architecture, progress: Progress) -> Path:
    """Fetch the weights if they are not there, and return their path.

    progress(bytes done, bytes in all) is called on this thread, also while another thread fetches the same
    file; what it raises cancels the download and passes through. The environment variable
    LIMELIGHT_WEIGHTS_MIRROR replaces https://download.pytorch.org/models. Raises DownloadError; nothing
    partial is left behind.
    """
    path = weights_path(architecture)
    with _turn(path, lambda: progress(0, architecture.weights.size)):
        if not on_disk(architecture):
            try:
                _fetch(architecture.weights, path, progress)
            except _Failure as failure:
                raise DownloadError(_sentence(architecture, path, str(failure))) from failure.__cause__
    return path


class _Failure(Exception):
    """A bare fact; download adds whose weights, and what to do."""


def _sentence(architecture: Architecture, path: Path, reason: str) -> str:
    return (
        f"The weights of {architecture.title} could not be downloaded: {reason}. "
        f"Try again, or fetch {_address(architecture.weights)} on another machine and save it as {path}."
    )


def _address(weights: WeightsFile) -> str:
    mirror = os.environ.get("LIMELIGHT_WEIGHTS_MIRROR")
    return weights.url.replace(OFFICIAL, mirror.rstrip("/"), 1) if mirror else weights.url


@contextmanager
def _turn(path: Path, waiting: Callable[[], None]) -> Iterator[None]:
    lock = _locks.setdefault(path, Lock())
    while not lock.acquire(timeout=0.5):
        waiting()
    try:
        yield
    finally:
        lock.release()


def _fetch(weights: WeightsFile, path: Path, progress: Progress) -> None:
    digest = hashlib.sha256()
    try:
        _require_space(path.parent, weights.size)
        with replacing(path) as partial:
            with partial.open("xb") as file:
                for chunk in _chunks(weights, progress):
                    digest.update(chunk)
                    file.write(chunk)
            if not digest.hexdigest().startswith(weights.digest):
                found = digest.hexdigest()[: len(weights.digest)]
                raise _Failure(f"another file arrived (its SHA-256 begins {found}, not {weights.digest})")
    except OSError as error:
        raise _Failure(f"it cannot be written to {path.parent} ({error.strerror})") from error


def _require_space(folder: Path, size: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < size + SLACK:
        raise _Failure(f"they need {size / 1e6:.0f} MB, and {folder} has {free / 1e6:.0f} MB free")


def _chunks(weights: WeightsFile, progress: Progress) -> Iterator[bytes]:
    """The bytes as they arrive; requests' errors, which are OSErrors, become facts about the server."""
    address, done = _address(weights), 0
    host = urlsplit(address).hostname or address
    try:
        with _answer(address) as response:
            if not response.ok:
                raise _Failure(f"{host} answered {response.status_code} {response.reason}")
            length = response.headers.get("Content-Length", "")
            total = int(length) if length.isdecimal() else weights.size
            for chunk in response.iter_content(CHUNK):
                done += len(chunk)
                if done > weights.size + SLACK:
                    raise _Failure(f"{host} sent more than the {weights.size / 1e6:.0f} MB of this file")
                yield chunk
                progress(min(done, total), total)
    except requests.RequestException as error:
        broken = f"the connection to {host} broke after {done / 1e6:.0f} MB"
        raise _Failure(broken if done else f"{host} cannot be reached") from error


def _answer(address: str) -> requests.Response:
    identity = {"Accept-Encoding": "identity"}  # so that Content-Length counts the bytes that are written
    return requests.get(address, headers=identity, stream=True, timeout=(CONNECT_SECONDS, READ_SECONDS))
