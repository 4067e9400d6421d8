"""An archive with one checkpoint in it, as people send and download them: .zip, .tar, .tar.gz, .gz and the like.

Names in the archive are for messages only: nothing is written where they say.
"""

import bz2
import gzip
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from typing import IO, Any

from .refused import Refused

MOST_TIMES_LARGER = 10  # than the archive: pruned weights, which are mostly 0, shrink to a tenth

_HEAD = 1_024  # bytes by which a kind of file is known
_BLOCK = 2**20
_MOST_ENTRIES = 1_000
_COMPRESSED: dict[bytes, Callable[[str], Any]] = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ": lzma.open}


def is_archive(head: bytes) -> bool:
    """Whether a file that begins so is a tar, or compressed; zip files, which torch.save writes too, are left out."""
    return head.startswith(tuple(_COMPRESSED)) or _is_tar(head)


def extract(source: str, target: str, most: int, is_wanted: Callable[[bytes], bool]) -> None:
    """Write the one file in an archive that is wanted to `target`.

    most: bytes that it may have. is_wanted: told of the first bytes of a file. Raises Refused if there is none, if
    there are several, or too much.
    """
    found = ""
    for name, entry in _entries(source):
        head = entry.read(_HEAD)
        if not is_wanted(head):
            continue
        if found:
            raise Refused("several", f"{found} {name}")
        found = name
        with open(target, "wb") as file:
            _copy(head, entry, file, most)
    if not found:
        raise Refused("unknown")


def _is_tar(head: bytes) -> bool:
    return head[257:262] == b"ustar"


def _copy(head: bytes, rest: IO[bytes], file: IO[bytes], most: int) -> None:
    block, written = head, 0
    while block:
        written += len(block)
        if written > most:
            raise Refused("spread")
        file.write(block)
        block = rest.read(_BLOCK)


def _entries(source: str) -> Iterator[tuple[str, IO[bytes]]]:
    """The files in an archive, one after another: each can be read until the next is asked for."""
    with open(source, "rb") as file:
        head = file.read(_HEAD)
    if head.startswith(b"PK"):
        yield from _of_zip(source)
        return
    inside = head
    if unpacked := next((reader for magic, reader in _COMPRESSED.items() if head.startswith(magic)), None):
        with unpacked(source) as stream:
            inside = stream.read(_HEAD)
    if _is_tar(inside):
        yield from _of_tar(source)
    elif unpacked:
        with unpacked(source) as stream:
            yield "its content", stream


def _of_zip(source: str) -> Iterator[tuple[str, IO[bytes]]]:
    with zipfile.ZipFile(source) as archive:
        if len(archive.filelist) > _MOST_ENTRIES:
            raise Refused("crowded archive")
        for info in archive.filelist:
            if not info.is_dir():
                with archive.open(info) as entry:
                    yield info.filename, entry


def _of_tar(source: str) -> Iterator[tuple[str, IO[bytes]]]:
    with tarfile.open(source) as archive:
        for number, info in enumerate(archive):
            if number == _MOST_ENTRIES:
                raise Refused("crowded archive")
            if info.isfile() and (entry := archive.extractfile(info)):
                yield info.name, entry
