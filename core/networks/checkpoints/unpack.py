"""Take the named tensors out of a stranger's file and write them as safetensors: a program of its own.

    python -I unpack.py FILE COPY SECONDS

checkpoint.py runs it in a process that has nothing to lose: whatever the file does to its reader, it can use up
no more memory, processor time and disk than are allotted here. Standard output gets one line of JSON: what was
taken, or why nothing was. Imports nothing of Limelight, and torch (two seconds) only for a file that looks sound
from outside.
"""

import json
import math
import os
import re
import sys
import zipfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or __package__:
    from core.networks.checkpoints.unpacking import archives
    from core.networks.checkpoints.unpacking.dicts import is_tensor, state_dicts
    from core.networks.checkpoints.unpacking.notes import notes_in
    from core.networks.checkpoints.unpacking.pickled import followed
    from core.networks.checkpoints.unpacking.refused import Refused
    from core.networks.checkpoints.unpacking.stored import Numbers, opened_legacy, opened_zip
    from core.networks.checkpoints.unpacking.usable import LONGEST_NAME, MOST_TENSORS, SLACK, usable
else:  # the program
    sys.path.append(os.path.dirname(os.path.abspath(__file__)))
    from unpacking import archives
    from unpacking.dicts import is_tensor, state_dicts
    from unpacking.notes import notes_in
    from unpacking.pickled import followed
    from unpacking.refused import Refused
    from unpacking.stored import Numbers, opened_legacy, opened_zip
    from unpacking.usable import LONGEST_NAME, MOST_TENSORS, SLACK, usable

if TYPE_CHECKING:
    from torch import Tensor

INSIDE = ".inside"  # what the copy's name is followed by while an archive's content is beside it
LONGEST_LIST = 2**24  # bytes of names, shapes and all that is not numbers
SAID = "said"
MOST_BYTES = 3 * 2**30  # of a file in an archive, as of one that is given
ROOM = 2**29  # bytes of memory beside what the tensors take

_LEGACY = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."  # torch.save's magic number before torch 1.6, pickled
_SPARE = 2**22  # bytes for saying that there is no more memory


def answer(source: str, copy: str, seconds: float) -> dict[str, Any]:
    """Unpack within limits: what `take` gives, or {"refused": reason, "name": what it is about}."""
    size = os.path.getsize(source)
    spare = bytearray(_SPARE)
    try:
        _limit(ROOM, seconds, written=0)
        kind = kind_of(source)
        if kind == "archive":
            source, kind, size = _extracted(source, copy + INSIDE, seconds)
        _limit(None, None, written=0)
        import torch  # noqa: F401 - what torch itself needs is not counted

        _limit(3 * size + ROOM, seconds, written=2 * size + SLACK + LONGEST_LIST)
        return take(source, kind, copy)
    except Exception as error:  # a damaged file can fail in any way
        del spare
        error.__traceback__ = None  # with all that the file has made so far
        refused = _reason(error)
        return {"refused": refused.reason, "name": refused.name[:LONGEST_NAME]}


def _extracted(source: str, target: str, seconds: float) -> tuple[str, str, int]:
    """The one checkpoint in an archive: its path, kind and size."""
    most = min(archives.MOST_TIMES_LARGER * os.path.getsize(source) + SLACK, MOST_BYTES)
    _limit(ROOM, seconds, written=most + 1)
    archives.extract(source, target, most, _looks_like_one)
    kind = kind_of(target)
    if kind == "archive":
        raise Refused("unknown")
    return target, kind, os.path.getsize(target)


def _limit(memory: int | None, seconds: float | None, written: int) -> None:
    """Allow this process so many more bytes of memory and seconds (None: any), and so many bytes in a file."""
    try:
        import resource
    except ImportError:  # Windows; checkpoint.py limits the time as well
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _set(resource.RLIMIT_CORE, 0)
    _set(resource.RLIMIT_FSIZE, written)
    _set(resource.RLIMIT_CPU, None if seconds is None else math.ceil(used.ru_utime + used.ru_stime + seconds))
    if os.path.exists("/proc/self/statm"):
        with open("/proc/self/statm") as pages:
            data = int(pages.read().split()[5]) * resource.getpagesize()
        _set(resource.RLIMIT_DATA, None if memory is None else data + memory)


def _set(limit: int, value: int | None) -> None:
    import resource

    hard = resource.getrlimit(limit)[1]
    if value is None or resource.RLIM_INFINITY != hard < value:
        value = hard
    resource.setrlimit(limit, (value, hard))


def _reason(error: Exception) -> Refused:
    if isinstance(error, Refused):
        return error
    if isinstance(error, MemoryError) or "allocate memory" in str(error):
        return Refused("memory")
    return Refused("damaged")


def kind_of(source: str) -> str:
    """What it looks like from outside.

    "zip", "legacy" (torch.save, today's and before 1.6), "pickle" (by itself), "safetensors" or "archive".
    """
    size = os.path.getsize(source)
    with open(source, "rb") as file:
        head = file.read(1024)
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_zip(source, size)
    if head.startswith(_LEGACY):
        return "legacy"
    if head[8:9] == b"{":
        if int.from_bytes(head[:8], "little") > min(size, LONGEST_LIST):
            raise Refused("damaged")
        return "safetensors"
    if archives.is_archive(head):
        return "archive"
    if head.startswith(b"version https://git-lfs"):
        raise Refused("pointer")
    if re.match(rb"\s*<(!doctype|html)", head, re.IGNORECASE):
        raise Refused("web page")
    if head.startswith(b"\x80"):
        return "pickle"
    raise Refused("unknown")


def _looks_like_one(head: bytes) -> bool:
    """Whether a file in an archive is a checkpoint; torch.save's own archives begin with their pickle."""
    is_zip = head.startswith(b"PK\x03\x04") and b"data.pkl" in head[:LONGEST_NAME]
    return is_zip or head.startswith(_LEGACY) or (head[8:9] == b"{" and head[5:8] == bytes(3))


def _kind_of_zip(source: str, size: int) -> str:
    """An archive as torch.save writes it: stored, not compressed, so that it cannot be larger than it looks."""
    with zipfile.ZipFile(source) as archive:
        entries = archive.infolist()
    sizes = {entry.filename.partition("/")[2]: entry.file_size for entry in entries}
    if "constants.pkl" in sizes or any(name.startswith("code/") for name in sizes):
        raise Refused("program")
    if "data.pkl" not in sizes:
        return "archive"
    stored = all(entry.compress_type == zipfile.ZIP_STORED for entry in entries)
    if not stored or sum(entry.file_size for entry in entries) > size:
        raise Refused("compressed")
    return "zip"


def take(source: str, kind: str, copy: str) -> dict[str, Any]:
    """Write the tensors of `source` to `copy`; {"under": keys, "others": count}.

    under: where in the file they were, if in one place; tensors from several places have theirs before their names.
    others: how many entries among the tensors are none. The copy's metadata hold SAID alone, since several would be
    written in any order, and a file have several digests. It is JSON: "unusable", what cannot be read: {name:
    [reason, what it is about, shape]}; and "notes", plain values beside the tensors, by their names. Raises Refused,
    and whatever damage leads to.
    """
    import safetensors.torch

    content, numbers = _opened(source, kind)
    places = state_dicts(content)
    alone = len(places) == 1
    named = dict[object, object]()
    for path, entries in places.items():
        for key, value in entries.items():
            name = key if alone or not isinstance(key, str) else ".".join((*path, key))
            if name in named:
                raise Refused("names")
            named[name] = value
    tensors, unusable = usable(named, numbers, os.path.getsize(source))
    said = {"unusable": unusable, "notes": notes_in(content)}
    try:
        safetensors.torch.save_file(tensors, copy, {SAID: json.dumps(said)})
    except (OSError, safetensors.SafetensorError) as error:
        raise Refused("disk") from error
    return {
        "under": ".".join(next(iter(places)))[:LONGEST_NAME] if alone else "",
        "others": sum(not is_tensor(value) for value in named.values()),
    }


def _opened(source: str, kind: str) -> tuple[object, Numbers | None]:
    """What the file holds, and what makes tensors of its Laid ones, which only torch.save writes."""
    if kind == "safetensors":
        return _safe(source), None
    if kind == "pickle":
        with open(source, "rb") as file:
            return followed(file), None
    return opened_zip(source) if kind == "zip" else opened_legacy(source)


def _safe(source: str) -> dict[str, "Tensor"]:
    from safetensors import safe_open

    with safe_open(source, framework="pt") as file:
        names = file.keys()
        if len(names) > MOST_TENSORS:
            raise Refused("crowded")
        return {name: file.get_tensor(name) for name in names}


if __name__ == "__main__":
    print(json.dumps(answer(sys.argv[1], sys.argv[2], float(sys.argv[3]))))
