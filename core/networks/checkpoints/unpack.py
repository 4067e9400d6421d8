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
import pickle
import re
import sys
import zipfile
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

DEPTH = 3  # of wrappers around the state dict
LONGEST_LIST = 2**24  # bytes of names, shapes and all that is not numbers
LONGEST_NAME = 500  # characters
LONGEST_NOTES = 2**22  # characters of plain values beside the tensors
MOST_TENSORS = 10_000
ROOM = 2**29  # bytes of memory beside what the tensors take
SLACK = 2**20  # bytes that tensors may take beyond twice the file's size

# What a state dict is kept under, the likeliest first.
WRAPPERS = ("state_dict", "model_state_dict", "model_state", "model", "net_state_dict", "net", "network", "module")
# Data that training scripts save beside the tensors: an _Ignored takes its place, so none of its code runs.
DATA_ONLY = (
    "argparse.Namespace",
    *(f"pathlib{local}.{name}Path" for local in ("", "._local") for name in ("Posix", "Windows", "PurePosix")),
    *(f"numpy.{core}.multiarray.{name}" for core in ("core", "_core") for name in ("scalar", "_reconstruct")),
    "numpy.dtype",
    "numpy.ndarray",
)

_LEGACY = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."  # torch.save's magic number before torch 1.6, pickled
_CODE = r"GLOBAL (\S+)|unrecognized function|Can only (?:create|build)"  # in torch's refusals of code


class Refused(Exception):
    """Why nothing is taken: a word that checkpoint.py has a sentence for, and what it is about."""

    def __init__(self, reason: str, name: str = "") -> None:
        super().__init__(reason, name)
        self.reason, self.name = reason, name


def answer(source: str, copy: str, seconds: float) -> dict[str, Any]:
    """Unpack within limits: what `take` gives, or {"refused": reason, "name": what it is about}."""
    size = os.path.getsize(source)
    try:
        _limit(ROOM, seconds, written=0)
        kind = kind_of(source)
        _limit(None, None, written=0)
        import torch  # noqa: F401 - what torch itself needs is not counted

        _limit(3 * size + ROOM, seconds, written=2 * size + SLACK + LONGEST_LIST)
        return take(source, kind, copy)
    except Exception as error:  # a damaged file can fail in any way
        refused = _reason(error)
        return {"refused": refused.reason, "name": refused.name[:LONGEST_NAME]}


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
    if isinstance(error, pickle.UnpicklingError) and (found := re.search(_CODE, str(error))):
        return Refused("code", found[1] or "")
    return Refused("damaged")


def kind_of(source: str) -> str:
    """ "zip", "legacy" (torch.save, today's and before 1.6) or "safetensors", looking from outside only."""
    size = os.path.getsize(source)
    with open(source, "rb") as file:
        head = file.read(1024)
    if head.startswith(b"PK\x03\x04"):
        _check_zip(source, size)
        return "zip"
    if head.startswith(_LEGACY):
        return "legacy"
    if head[8:9] == b"{":
        if int.from_bytes(head[:8], "little") > min(size, LONGEST_LIST):
            raise Refused("damaged")
        return "safetensors"
    if head.startswith(b"version https://git-lfs"):
        raise Refused("pointer")
    if re.match(rb"\s*<(!doctype|html)", head, re.IGNORECASE):
        raise Refused("web page")
    raise Refused("pickle" if head.startswith(b"\x80") else "unknown")


def _check_zip(source: str, size: int) -> None:
    """An archive as torch.save writes it: stored, not compressed, so that it cannot be larger than it looks."""
    with zipfile.ZipFile(source) as archive:
        entries = archive.infolist()
    sizes = {entry.filename.partition("/")[2]: entry.file_size for entry in entries}
    if "constants.pkl" in sizes or any(name.startswith("code/") for name in sizes):
        raise Refused("program")
    if "data.pkl" not in sizes:
        raise Refused("unknown")
    stored = all(entry.compress_type == zipfile.ZIP_STORED for entry in entries)
    if not stored or sum(entry.file_size for entry in entries) > size:
        raise Refused("compressed")
    if sizes["data.pkl"] > LONGEST_LIST:
        raise Refused("crowded")


def take(source: str, kind: str, copy: str) -> dict[str, Any]:
    """Write the tensors of `source` to `copy`; {"under": keys, "beside": [paths], "others": count}.

    under: where in the file they were. beside: what else of it holds tensors, three at most. others: how many
    entries among the tensors are none. The copy's metadata hold, as "notes", plain values that stand beside the
    tensors, as JSON by their names. Raises Refused, or whatever torch meets in a damaged file.
    """
    import safetensors.torch

    content = _safe(source) if kind == "safetensors" else _loaded(source, mapped=kind == "zip")
    under, named, beside = _found(content)
    tensors = _checked(named, os.path.getsize(source))
    try:
        safetensors.torch.save_file(tensors, copy, {"notes": json.dumps(_notes(content))})
    except (OSError, safetensors.SafetensorError) as error:
        raise Refused("disk") from error
    return {
        "under": ".".join(under)[:LONGEST_NAME],
        "beside": [".".join(path)[:LONGEST_NAME] for path in beside[:3]],
        "others": len(named) - len(tensors),
    }


def _safe(source: str) -> dict[str, "Tensor"]:
    from safetensors import safe_open

    with safe_open(source, framework="pt") as file:
        names = file.keys()
        if len(names) > MOST_TENSORS:
            raise Refused("crowded")
        return {name: file.get_tensor(name) for name in names}


class _Ignored:
    """Stands in for a DATA_ONLY object, and keeps nothing of it."""

    def __new__(cls, *args: object) -> "_Ignored":
        return super().__new__(cls)

    def __init__(self, *args: object) -> None:
        pass

    def __setstate__(self, state: object) -> None:
        pass


def _loaded(source: str, *, mapped: bool) -> object:
    import torch

    with torch.serialization.safe_globals([(_Ignored, name) for name in DATA_ONLY]):
        return torch.load(source, map_location="cpu", mmap=mapped, weights_only=True)


Path = tuple[str, ...]  # the keys that lead to a dict in the file


def _found(content: object) -> tuple[Path, Mapping[object, object], list[Path]]:
    """The state dict in a file: where it was, its entries, and where else there are tensors.

    Of all dicts that hold tensors, among those at least half as large as the largest the one with the best name.
    """
    found = dict(_with_tensors(content, (), set()))
    if not found:
        raise Refused("nothing")
    counts = {path: _count(entries) for path, entries in found.items()}
    large = [path for path in found if 2 * counts[path] >= max(counts.values())]
    chosen = min(large, key=_unlikeliness)
    return chosen, found[chosen], [path for path in large if path != chosen]


def _with_tensors(content: object, path: Path, seen: set[int]) -> Iterator[tuple[Path, dict[object, object]]]:
    if not isinstance(content, dict) or id(content) in seen:
        return
    seen.add(id(content))
    if _count(content):
        yield path, content
    for key, value in content.items():
        if isinstance(key, str) and len(path) < DEPTH:
            yield from _with_tensors(value, (*path, key), seen)


def _count(entries: Mapping[object, object]) -> int:
    import torch

    return sum(isinstance(value, torch.Tensor) for value in entries.values())


def _unlikeliness(path: Path) -> int:
    if not path:
        return -1
    return WRAPPERS.index(path[-1]) if path[-1] in WRAPPERS else len(WRAPPERS)


def _notes(content: object) -> dict[str, object]:
    """Numbers, texts, and lists and dicts of these, by name; of one name, what stands nearest to the top."""
    notes: dict[str, object] = {}
    pending, seen, left = [(content, 0)], {id(content)}, LONGEST_NOTES
    for entries, depth in pending:  # which grows meanwhile
        for key, value in entries.items() if isinstance(entries, dict) else ():
            if isinstance(value, dict) and depth < DEPTH and id(value) not in seen and not _count(value):
                seen.add(id(value))
                pending.append((value, depth + 1))
            if isinstance(key, str) and key not in notes and _is_plain(value):
                left -= len(key) + len(json.dumps(value))
                if left < 0:
                    return notes
                notes[key] = value
    return notes


def _is_plain(value: object) -> bool:
    if isinstance(value, dict):
        return all(type(key) in (str, int) and _is_scalar(each) for key, each in value.items())
    return all(map(_is_scalar, value)) if isinstance(value, list | tuple) else _is_scalar(value)


def _is_scalar(value: object) -> bool:
    """A short text, or a number that JSON has."""
    if type(value) is str:
        return len(value) <= LONGEST_NAME
    return (type(value) is int and abs(value) < 2**63) or (type(value) is float and math.isfinite(value))


def _checked(entries: Mapping[object, object], size: int) -> dict[str, "Tensor"]:
    """The tensors among the entries, each plain, contiguous, finite, with memory of its own."""
    import torch

    named = {name: value for name, value in entries.items() if isinstance(value, torch.Tensor)}
    if len(named) > MOST_TENSORS:
        raise Refused("crowded")
    total, seen = 0, set[int]()
    checked: dict[str, Tensor] = {}
    for name, tensor in named.items():
        if not isinstance(name, str) or len(name) > LONGEST_NAME:
            raise Refused("names")
        _check_plain(name, tensor)
        total += tensor.numel() * tensor.element_size()
        if total > 2 * size + SLACK:
            raise Refused("size", name)
        _check_finite(name, tensor)
        checked[name] = _separate(tensor.detach(), seen)
    return checked


def _check_plain(name: str, tensor: "Tensor") -> None:
    import torch

    whole = (torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool)
    broken = (torch.float32, torch.float64, torch.float16, torch.bfloat16)
    usual = type(tensor) in (torch.Tensor, torch.nn.Parameter) and tensor.layout is torch.strided
    if not usual or tensor.is_nested or tensor.device.type != "cpu" or tensor.dtype not in whole + broken:
        raise Refused("kind", name)


def _check_finite(name: str, tensor: "Tensor") -> None:
    import torch

    if tensor.is_floating_point() and tensor.numel():
        low, high = (float(value) for value in torch.aminmax(tensor.detach()))
        largest = torch.finfo(torch.float32).max  # as which it will be used
        if not -largest <= low <= high <= largest:  # NaN is never in order
            raise Refused("infinite", name)


def _separate(tensor: "Tensor", seen: set[int]) -> "Tensor":
    """The tensor without gaps in memory and sharing none, which safetensors asks for; a copy only if it has to be."""
    tensor = tensor.resolve_neg().contiguous()
    storage = tensor.untyped_storage()
    if storage.nbytes() != tensor.nbytes or storage.data_ptr() in seen:
        return tensor.clone()
    seen.add(storage.data_ptr())
    return tensor


if __name__ == "__main__":
    print(json.dumps(answer(sys.argv[1], sys.argv[2], float(sys.argv[3]))))
