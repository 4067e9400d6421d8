"""An archive with one checkpoint in it is that checkpoint; any other is refused, and nothing is written elsewhere."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from core.networks.checkpoints.unpacking import archives
from core.networks.checkpoints.unpacking.archives import extract, is_archive
from core.networks.checkpoints.unpacking.refused import Refused

WANTED = b"weights" * 1000
FILES = {"run/": b"", "run/readme.txt": b"nothing" * 300, "../best.pth": WANTED, "__MACOSX/._best.pth": b"\0\5\x16\7"}


def _zip(files: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def _tar(files: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.type = len(content), tarfile.DIRTYPE if name.endswith("/") else tarfile.REGTYPE
            archive.addfile(info, io.BytesIO(content))
        link = tarfile.TarInfo("link.pth")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return target.getvalue()


MAKERS: dict[str, Callable[[Mapping[str, bytes]], bytes]] = {
    "zip": _zip,
    "tar": _tar,
    "tar.gz": lambda files: gzip.compress(_tar(files)),
    "tar.bz2": lambda files: bz2.compress(_tar(files)),
    "tar.xz": lambda files: lzma.compress(_tar(files)),
}


def extracted(data: bytes, folder: Path, most: int = 10**6) -> bytes:
    source, target = folder / "archive", folder / "inside" / "target"
    target.parent.mkdir()
    source.write_bytes(data)
    before = set(folder.parent.rglob("*"))
    try:
        extract(str(source), str(target), most, lambda head: head.startswith(b"weights"))
    finally:
        assert set(folder.parent.rglob("*")) - before <= {target}
    return target.read_bytes()


@pytest.mark.parametrize("kind", MAKERS)
def test_the_one_that_is_wanted_is_taken_whatever_it_is_called(kind: str, tmp_path: Path) -> None:
    assert extracted(MAKERS[kind](FILES), tmp_path) == WANTED


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
def test_a_file_that_is_only_compressed_is_the_one(compress: Callable[[bytes], bytes], tmp_path: Path) -> None:
    assert is_archive(compress(WANTED)[:1024])
    assert extracted(compress(WANTED), tmp_path) == WANTED


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"a.txt": b"nothing"}, "unknown"),
        ({}, "unknown"),
        ({"a": WANTED, "b": b"x", "c": WANTED}, "several"),
        ({"a": b"weights" + bytes(10**6)}, "spread"),
        ({str(index): b"" for index in range(1_001)}, "crowded archive"),
    ],
)
def test_any_other_is_refused(files: dict[str, bytes], reason: str, kind: str, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        extracted(MAKERS[kind](files), tmp_path)
    assert refused.value.reason == reason


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("kept", [0.1, 0.5])
def test_one_that_broke_off_is_an_error(kept: float, kind: str, tmp_path: Path) -> None:
    whole = MAKERS[kind]({"a": bytes(range(256)) * 50, "b": WANTED})
    with pytest.raises(Exception, match=r"[\s\S]*"):
        extracted(whole[: int(kept * len(whole))], tmp_path)


def test_of_other_files_none_is_taken_for_one() -> None:
    assert [is_archive(head) for head in (b"", b"PK\x03\x04", b"<html>", b"\x80\x02}.")] == [False] * 4
    assert archives.MOST_TIMES_LARGER > 1
