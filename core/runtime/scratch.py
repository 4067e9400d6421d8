"""A folder for files that nobody is to find later: it goes with its process, or with the next one if that was killed.

limelight-<random>/   where the system has temporary files, one for each process
    .lock             held while the process lives: the system takes it from one that dies
"""

import atexit
import os
import shutil
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from threading import Lock

from filelock import FileLock, Timeout

_PREFIX, _LOCK = "limelight-", ".lock"

_made: dict[str, Path] = {}  # this process's, by where temporary files are
_making = Lock()


def process_folder() -> Path:
    """This process's, made when it is first asked for, and again if somebody removed it. Raises OSError."""
    where = tempfile.gettempdir()
    with _making:
        if where not in _made or not _made[where].is_dir():
            clear_up()
            _made[where] = _make(where)
        return _made[where]


def clear_up() -> None:
    """Remove the folders of processes that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError, Timeout):  # somebody else's, or one that lives
            if _is_left(folder):
                with FileLock(folder / _LOCK, timeout=0):
                    shutil.rmtree(folder, ignore_errors=True)


def _is_left(folder: Path) -> bool:
    """Whether nobody but its lock may know of it."""
    about = folder.lstat()
    is_own = not hasattr(os, "getuid") or about.st_uid == os.getuid()
    return is_own and stat.S_ISDIR(about.st_mode) and (folder / _LOCK).is_file()


def _make(where: str) -> Path:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=where))
        lock = FileLock(folder / _LOCK, thread_local=False)
        lock.acquire()
        if (folder / _LOCK).is_file():  # and nobody took it for one that is left, before it was locked
            atexit.register(_remove, folder, lock)
            return folder


def _remove(folder: Path, lock: FileLock) -> None:
    lock.release()
    shutil.rmtree(folder, ignore_errors=True)
