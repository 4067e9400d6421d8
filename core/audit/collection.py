"""Where many pictures are: a folder, a zip, or files that somebody gave. Labels are the folders' names.

Strangers may have made what is read here. Of a zip nothing is unpacked but one bounded member at a time, and what leads
out of it is passed over; files that went away or cannot be read are told with a sentence when they are asked for.
"""

import os
import re
import stat
import time
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from core.errors import AuditError, ImageError
from core.images.decode import MAX_BYTES, SUFFIXES

MOST_PICTURES = 1_000_000
MOST_SPREAD = 100  # times an archive's own size: pictures hardly become smaller in one

GONE = "The file is not there any more: it was moved or deleted while the audit ran."
_UNREADABLE = "The file cannot be read ({}): see to its permissions."
_NO_FILE = "This is no ordinary file: copy the picture itself here."
_LARGE = f"The file has {{:.1f}} MB and at most {MAX_BYTES / 1e6:.0f} MB are accepted: save the picture smaller."
_ENCRYPTED = "This part of the archive is encrypted: make one without a password."
_DAMAGED_PART = "This part of the archive is damaged: make the archive anew."


@dataclass(frozen=True, slots=True)
class Entry:
    """A picture that is there. path: below the collection, with "/" between folders. size: of the file, in bytes.

    modified: when somebody last wrote to it, in seconds since 1970; 0 if that is not known.
    """

    path: str
    size: int
    modified: float = field(default=0.0, compare=False)

    @property
    def label(self) -> str:
        """The name of the folder it lies in; "" at the top."""
        return PurePosixPath(self.path).parent.name


class Collection(Protocol):
    """Pictures by path. name: of the folder or file, without the way to it."""

    @property
    def name(self) -> str: ...

    def entries(self) -> tuple[tuple[Entry, ...], int]:
        """All pictures, sorted by path, and how many other files were passed over. Raises AuditError."""

    def read(self, path: str) -> bytes:
        """The file of an entry. Raises ImageError with what to do."""

    def is_there(self) -> bool:
        """Whether this machine sees it."""


def collection_at(path: Path) -> "Collection":
    """The folder or zip at a path. Raises AuditError."""
    if path.is_dir():
        return Folder(path)
    if not path.exists():
        raise AuditError(f"There is no folder and no file called {path.name}: check the path.")
    return Zip(path)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder and all below it; links to files are followed, links to folders are not, since they may go round."""

    root: Path

    @property
    def name(self) -> str:
        return self.root.resolve().name

    def entries(self) -> tuple[tuple[Entry, ...], int]:
        found, others = [], 0
        for path in self._files():
            relative = path.relative_to(self.root).as_posix()
            if not is_picture(relative):
                others += 1
                continue
            try:
                status = path.stat()
                found.append(Entry(relative, status.st_size, status.st_mtime))
            except OSError:  # gone since, or a link to nothing: `read` says so
                found.append(Entry(relative, 0))
            if len(found) > MOST_PICTURES:
                raise AuditError(_too_many())
        return tuple(sorted(found, key=lambda entry: entry.path)), others

    def _files(self) -> Iterator[Path]:
        for folder, folders, files in os.walk(self.root):
            folders[:] = sorted(name for name in folders if not name.startswith((".", "__MACOSX")))
            yield from (Path(folder, name) for name in sorted(files) if not name.startswith("."))

    def read(self, path: str) -> bytes:
        if not is_inside(path):
            raise ImageError(GONE)
        try:
            descriptor = os.open(self.root / path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))  # a pipe would wait
            with os.fdopen(descriptor, "rb") as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    raise ImageError(_NO_FILE)
                return _bounded(file)
        except FileNotFoundError:
            raise ImageError(GONE) from None
        except OSError as error:
            raise ImageError(_UNREADABLE.format(error.strerror)) from None

    def is_there(self) -> bool:
        return self.root.is_dir()


class Zip:
    """A zip archive, which is not unpacked. Raises AuditError for what is none, or holds far more than its size."""

    def __init__(self, path: Path, data: bytes | None = None) -> None:
        """data: its bytes, where it is no file of this machine; its path is then its name."""
        self.path, self._data = path, data
        try:
            self._archive = zipfile.ZipFile(path if data is None else BytesIO(data))
            size = path.stat().st_size if data is None else len(data)
            members = self._archive.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise AuditError(f"{path.name} is no zip archive that can be read: make it anew.") from error
        if len(members) > MOST_PICTURES:
            raise AuditError(_too_many())
        if sum(member.file_size for member in members) > MOST_SPREAD * max(size, 1_000_000):
            raise AuditError(f"{path.name} holds far more than its size, as no archive of pictures does: unpack it.")
        self._members = {member.filename: member for member in members if not member.is_dir()}

    def __reduce__(self) -> tuple[type["Zip"], tuple[Path, bytes | None]]:
        return Zip, (self.path, self._data)  # another process opens it anew

    @property
    def name(self) -> str:
        return self.path.name

    def entries(self) -> tuple[tuple[Entry, ...], int]:
        pictures = {name: each for name, each in self._members.items() if is_picture(name)}
        good = [Entry(name, each.file_size, _written(each)) for name, each in pictures.items()]
        return tuple(sorted(good, key=lambda entry: entry.path)), len(self._members) - len(good)

    def read(self, path: str) -> bytes:
        member = self._members.get(path)
        if member is None:
            raise ImageError(GONE)
        if member.flag_bits & 1:
            raise ImageError(_ENCRYPTED)
        try:
            with self._archive.open(member) as file:
                return _bounded(file)
        except ImageError:
            raise
        except Exception as error:  # zipfile's, zlib's, lzma's and bz2's own
            raise ImageError(_DAMAGED_PART) from error

    def is_there(self) -> bool:
        return self._data is not None or self.path.is_file()


@dataclass(frozen=True, slots=True)
class Uploads:
    """Pictures that somebody gave, by path, and zips of them, each by the folder that it is taken for."""

    files: Mapping[str, bytes]
    zips: Mapping[str, Zip] = field(default_factory=dict)
    name: str = "uploads"

    def entries(self) -> tuple[tuple[Entry, ...], int]:
        found, others = [Entry(path, len(data)) for path, data in self.files.items()], 0
        for folder, archive in self.zips.items():
            inside, passed_over = archive.entries()
            found += [replace(entry, path=f"{folder}/{entry.path}") for entry in inside]
            others += passed_over
        return tuple(sorted(found, key=lambda entry: entry.path)), others

    def read(self, path: str) -> bytes:
        if path in self.files:
            return self.files[path]
        folder, _, inside = path.partition("/")
        if folder not in self.zips:
            raise ImageError(GONE)
        return self.zips[folder].read(inside)

    def is_there(self) -> bool:
        return True


def _written(member: zipfile.ZipInfo) -> float:
    """When somebody last wrote to it, by the clock of who made the archive."""
    try:
        return time.mktime((*member.date_time, 0, 0, -1))
    except (ValueError, OverflowError):
        return 0.0


def is_picture(path: str) -> bool:
    """Whether a path is one of a picture, inside, and not hidden."""
    parts = PurePosixPath(path).parts
    hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
    return path.lower().endswith(SUFFIXES) and not hidden and is_inside(path)


def is_inside(path: str) -> bool:
    """Whether a relative path leads nowhere else, on any system."""
    plain = not re.search(r"[\x00-\x1f\\]|^[A-Za-z]:", path)
    return plain and not path.startswith("/") and ".." not in PurePosixPath(path).parts


def _bounded(file: IO[bytes]) -> bytes:
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        more = len(data)
        while more < 100 * MAX_BYTES and (part := len(file.read(MAX_BYTES))):
            more += part
        raise ImageError(_LARGE.format(more / 1e6))
    return data


def _too_many() -> str:
    return f"There are more than {MOST_PICTURES:,} files: audit a part of them."
