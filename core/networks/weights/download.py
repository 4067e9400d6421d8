"""Fetching a weights file into torch hub's folder: verified before it has its name, and once for all who ask.

Beside the file may lie `<name>.partial`, what has arrived of it so far, and `<name>.lock`, held by the one thread
of all processes that is at it.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from core.errors import DownloadError
from core.networks.catalogue import NetworkSpec
from core.networks.weights.http import SLACK, Progress, Transfer, TransferFailed, size_of
from core.networks.weights.places import on_disk, weights_path

OFFICIAL = "https://download.pytorch.org/models"
TICK = 0.5  # seconds between two looks at what another one downloads


def download(spec: NetworkSpec, progress: Progress) -> Path:
    """Fetch the weights if they are not there, and return their path.

    progress(bytes there, bytes in all) is called on this thread for all that arrives, also while another thread or
    process fetches the same file, and in pauses between attempts; what it raises (no OSError) cancels and passes
    through. What has arrived stays, and is continued by the next call. Raises DownloadError.
    """
    path = weights_path(spec)
    if on_disk(spec):
        return path
    if is_offline():
        raise DownloadError(
            f"The weights of {spec.title} are not here, and downloads are switched off on this server. "
            f"Fetch {weights_address(spec)} on another machine and save it as {path}."
        )
    try:
        _fetch(spec, path, progress)
    except TransferFailed as failure:
        raise DownloadError(_sentence(spec, path, str(failure))) from failure.__cause__
    except OSError as error:
        reason = f"{path.parent} cannot be written to ({error.strerror or error})"
        raise DownloadError(_sentence(spec, path, reason)) from error
    return path


def is_offline() -> bool:
    """Whether the environment variable LIMELIGHT_OFFLINE forbids downloads."""
    return os.environ.get("LIMELIGHT_OFFLINE", "").strip().lower() not in ("", "0", "false", "no", "off")


def weights_address(spec: NetworkSpec) -> str:
    """Where the weights are fetched from; LIMELIGHT_WEIGHTS_MIRROR replaces https://download.pytorch.org/models."""
    address, mirror = spec.weights.url, os.environ.get("LIMELIGHT_WEIGHTS_MIRROR")
    return address.replace(OFFICIAL, mirror.rstrip("/"), 1) if mirror else address


def partial_path(spec: NetworkSpec) -> Path:
    """Where that part of the weights is which has arrived; it is never loaded."""
    path = weights_path(spec)
    return path.with_name(f"{path.name}.partial")


def partial_size(spec: NetworkSpec) -> int:
    """How many bytes have arrived of a download that did not end well, or has not ended yet; 0 of none."""
    return size_of(partial_path(spec))


def _sentence(spec: NetworkSpec, path: Path, reason: str) -> str:
    there, size = partial_size(spec), spec.weights.size
    again = f"Try again to continue after {there / 1e6:.0f} of {size / 1e6:.0f} MB" if there else "Try again"
    return (
        f"The weights of {spec.title} could not be downloaded: {reason}. "
        f"{again}, or fetch {weights_address(spec)} on another machine and save it as {path}."
    )


def _fetch(spec: NetworkSpec, path: Path, progress: Progress) -> None:
    weights, partial = spec.weights, partial_path(spec)

    def waiting() -> None:
        progress(min(weights.size, max(size_of(partial), size_of(path))), weights.size)

    path.parent.mkdir(parents=True, exist_ok=True)
    lock_path = path.with_name(f"{path.name}.lock")
    with _turn(lock_path, waiting):
        if not on_disk(spec):
            _require_space(path.parent, weights.size - size_of(partial) + SLACK)
            Transfer(weights_address(spec), partial, weights.size, weights.digest, progress).run()
            os.replace(partial, path)
        # Only now: removing a lock may let two in at once, and they will find the file. Windows keeps what is open.
        with suppress(OSError):
            lock_path.unlink()


@contextmanager
def _turn(lock_path: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Alone of all threads and processes with this lock; the system takes it from a process that dies."""
    # Each call has its own object, and so its own open file: what excludes processes excludes threads, too.
    lock = FileLock(lock_path)
    while True:
        try:
            lock.acquire(timeout=TICK)
            break
        except Timeout:
            waiting()
    try:
        yield
    finally:
        lock.release()


def _require_space(folder: Path, missing: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < missing:
        raise TransferFailed(f"{missing / 1e6:.0f} MB are missing, and {folder} has {free / 1e6:.0f} MB free")
