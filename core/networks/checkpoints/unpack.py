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
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or __package__:
    from core.networks.checkpoints.unpacking import archives
    from core.networks.checkpoints.unpacking.refused import Refused
    from core.networks.checkpoints.unpacking.stored import Numbers, opened_legacy, opened_zip
    from core.networks.checkpoints.unpacking.values import Laid, Odd, Thing
    from core.networks.checkpoints.unpacking.whole import made_whole
else:  # the program
    sys.path.append(os.path.dirname(os.path.abspath(__file__)))
    from unpacking import archives
    from unpacking.refused import Refused
    from unpacking.stored import Numbers, opened_legacy, opened_zip
    from unpacking.values import Laid, Odd, Thing
    from unpacking.whole import made_whole

if TYPE_CHECKING:
    from torch import Tensor

DEPTH = 3  # of wrappers around the state dict
INSIDE = ".inside"  # what the copy's name is followed by while an archive's content is beside it
LONGEST_LIST = 2**24  # bytes of names, shapes and all that is not numbers
LONGEST_NAME = 500  # characters
LONGEST_NOTES = 2**22  # characters of plain values beside the tensors
MOST_BYTES = 3 * 2**30  # of a file in an archive, as of one that is given
MOST_TENSORS = 10_000
ROOM = 2**29  # bytes of memory beside what the tensors take
SLACK = 2**20  # bytes that tensors may take beyond twice the file's size

# What a state dict is kept under, the likeliest first.
WRAPPERS = ("state_dict", "model_state_dict", "model_state", "model", "net_state_dict", "net", "network", "module")

_LEGACY = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."  # torch.save's magic number before torch 1.6, pickled
_NOT_THE_NETWORK = re.compile(r"optim|sched", re.IGNORECASE)  # what training keeps under such a name
_NAMESPACES = ("argparse.Namespace", "types.SimpleNamespace")  # whose state is plain notes, such as a script's options
_LONGEST_LIST_OF_DICTS = 10
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
    """ "zip", "legacy" (torch.save, today's and before 1.6), "safetensors" or "archive", looking from outside only."""
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
    raise Refused("pickle" if head.startswith(b"\x80") else "unknown")


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
    if sizes["data.pkl"] > LONGEST_LIST:
        raise Refused("crowded")
    return "zip"


def take(source: str, kind: str, copy: str) -> dict[str, Any]:
    """Write the tensors of `source` to `copy`; {"under": keys, "others": count}.

    under: where in the file they were, if in one place; tensors from several places have theirs before their names.
    others: how many entries among the tensors are none. The copy's metadata hold, as JSON, "unusable", what cannot be
    read: {name: [reason, what it is about, shape]}; and "notes", plain values beside the tensors, by their names.
    Raises Refused, and whatever damage leads to.
    """
    import safetensors.torch

    content, numbers = _opened(source, kind)
    places = _found(content)
    alone = len(places) == 1
    named = dict[object, object]()
    for path, entries in places.items():
        for key, value in entries.items():
            name = key if alone or not isinstance(key, str) else ".".join((*path, key))
            if name in named:
                raise Refused("names")
            named[name] = value
    tensors, unusable = _usable(named, numbers, os.path.getsize(source))
    said = {"unusable": unusable, "notes": _notes(content)}
    try:
        safetensors.torch.save_file(tensors, copy, {key: json.dumps(value) for key, value in said.items()})
    except (OSError, safetensors.SafetensorError) as error:
        raise Refused("disk") from error
    return {
        "under": ".".join(next(iter(places)))[:LONGEST_NAME] if alone else "",
        "others": sum(not _is_tensor(value) for value in named.values()),
    }


def _opened(source: str, kind: str) -> tuple[object, Numbers | None]:
    """What the file holds, and what makes tensors of its Laid ones; a safetensors file has made them."""
    if kind == "safetensors":
        return _safe(source), None
    return opened_zip(source) if kind == "zip" else opened_legacy(source)


def _safe(source: str) -> dict[str, "Tensor"]:
    from safetensors import safe_open

    with safe_open(source, framework="pt") as file:
        names = file.keys()
        if len(names) > MOST_TENSORS:
            raise Refused("crowded")
        return {name: file.get_tensor(name) for name in names}


Path = tuple[str, ...]  # the keys that lead to a dict in the file


def _found(content: object) -> dict[Path, Mapping[object, object]]:
    """The state dicts in a file: where they are, and their entries, the likeliest first.

    Of all dicts that hold tensors those at least half as large as the largest, and beside the likeliest of them what
    could be another part of its network, such as its head.
    """
    within = dict(_dicts(content, (), set()))
    counts = {path: count for path, entries in within.items() if (count := sum(map(_is_tensor, entries.values())))}
    _check_things(content, within, max(counts.values(), default=0))
    large = sorted((path for path in counts if 2 * counts[path] >= max(counts.values())), key=_unlikeliness)
    parts = [path for path in counts if path not in large and _is_part(path, large[0], within[path])]
    return {path: within[path] for path in (*large, *parts)}


def _dicts(content: object, path: Path, seen: set[int]) -> Iterator[tuple[Path, dict[object, object]]]:
    """All dicts that are not too deep within others or lists, and whose keys on the way are names."""
    if id(content) in seen or len(path) > DEPTH:
        return
    seen.add(id(content))
    if isinstance(content, dict):
        yield path, content
        for key, value in content.items():
            if isinstance(key, str):
                yield from _dicts(value, (*path, key), seen)
    elif isinstance(content, list | tuple):
        for number, value in enumerate(content[:_LONGEST_LIST_OF_DICTS]):
            yield from _dicts(value, path if len(content) == 1 else (*path, str(number)), seen)


def _check_things(content: object, within: Mapping[Path, Mapping[object, object]], most: int) -> None:
    """Refuse a file whose tensors are mostly inside a thing, which alone would know what they are to it."""
    things = [value for value in (content, *within.values()) if isinstance(value, Thing)]
    counts = {thing: _tensors_inside(thing) for thing in things}
    largest = max(counts, key=counts.__getitem__, default=None)
    if largest is not None and counts[largest] > 10 * most:
        raise Refused("thing", largest.name)
    if not most:
        raise Refused("nothing")


def _tensors_inside(thing: Thing) -> int:
    count, seen, waiting = 0, set[int](), [thing.arguments, thing.state]
    while waiting:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        count += _is_tensor(value)
        if isinstance(value, Thing):
            waiting += [value.arguments, value.state]
        if isinstance(value, dict):
            waiting += value.values()
        if isinstance(value, list | tuple):
            waiting += value
    return count


def _is_tensor(value: object) -> bool:
    if isinstance(value, Laid | Odd):
        return True
    import torch

    return isinstance(value, torch.Tensor)


def _unlikeliness(path: Path) -> int:
    if not path:
        return -1
    return WRAPPERS.index(path[-1]) if path[-1] in WRAPPERS else len(WRAPPERS)


def _is_part(path: Path, of: Path, entries: Mapping[object, object]) -> bool:
    """Whether it stands beside the likeliest one and has the weights of a layer."""
    if not path or path[:-1] != of[:-1] or _NOT_THE_NETWORK.search(path[-1]):
        return False
    return any(str(key).endswith("weight") and len(_shape(value)) > 1 for key, value in entries.items())


def _notes(content: object) -> dict[str, object]:
    """Numbers, texts, and lists and dicts of these, by name; of one name, what stands nearest to the top."""
    notes: dict[str, object] = {}
    pending, seen, left = [(content, 0)], {id(content)}, LONGEST_NOTES
    for value, depth in pending:  # which grows meanwhile
        entries = value.state if isinstance(value, Thing) and value.name in _NAMESPACES else value
        for key, each in entries.items() if isinstance(entries, dict) else ():
            if isinstance(each, dict) and depth < DEPTH and id(each) not in seen and not _holds_tensors(each):
                seen.add(id(each))
                pending.append((each, depth + 1))
            if isinstance(key, str) and key not in notes and _is_plain(each):
                left -= len(key) + len(json.dumps(each))
                if left < 0:
                    return notes
                notes[key] = each
    return notes


def _holds_tensors(entries: Mapping[object, object]) -> bool:
    return any(map(_is_tensor, entries.values()))


def _is_plain(value: object) -> bool:
    if isinstance(value, Thing):
        return False
    if isinstance(value, dict):
        return all(type(key) in (str, int) and _is_scalar(each) for key, each in value.items())
    return all(map(_is_scalar, value)) if isinstance(value, list | tuple) else _is_scalar(value)


def _is_scalar(value: object) -> bool:
    """A short text, or a number that JSON has."""
    if type(value) is str:
        return len(value) <= LONGEST_NAME
    return (type(value) is int and abs(value) < 2**63) or (type(value) is float and math.isfinite(value))


def _shape(value: object) -> list[int]:
    """The shape that a tensor has or claims; [] of one that is no plain one."""
    return list(value.size if isinstance(value, Laid) else getattr(value, "shape", ()))


Unusable = dict[str, tuple[str, str, list[int]]]  # name: the reason, what it is about, the shape


def _usable(
    entries: Mapping[object, object], numbers: Numbers | None, size: int
) -> tuple[dict[str, "Tensor"], Unusable]:
    """The tensors among the entries, each plain, contiguous, finite, with memory of its own; and those that are not.

    Raises Refused if there are too many, if their names are none, or if not one can be used.
    """
    unusable: Unusable = {}
    tensors = dict(_plain_ones(entries, numbers, 2 * size + SLACK, unusable))
    tensors = made_whole(tensors)
    for name in [name for name, tensor in tensors.items() if not _is_finite(tensor)]:
        unusable[name] = "infinite", name, list(tensors.pop(name).shape)
    if not tensors:
        reason, about, _ = next(iter(unusable.values()), ("nothing", "", []))
        raise Refused(reason, about)
    seen: set[int] = set()
    return {name: _separate(tensor, seen) for name, tensor in tensors.items()}, unusable


def _plain_ones(
    entries: Mapping[object, object], numbers: Numbers | None, room: int, unusable: Unusable
) -> Iterator[tuple[str, "Tensor"]]:
    """Those that are plain and do not claim more than `room` bytes together; why others are not goes to `unusable`."""
    for count, (name, value) in enumerate(_named(entries)):
        if count == MOST_TENSORS:
            raise Refused("crowded")
        try:
            tensor = _plain(name, value, numbers, room)
        except Refused as refused:
            unusable[name] = refused.reason, refused.name, _shape(value)
        else:
            room -= tensor.numel() * tensor.element_size()
            yield name, tensor


def _named(entries: Mapping[object, object]) -> Iterator[tuple[str, object]]:
    """The entries that are tensors, or stand where one could be."""
    for name, value in entries.items():
        is_name = isinstance(name, str) and len(name) <= LONGEST_NAME
        if _is_tensor(value) and not is_name:
            raise Refused("names")
        if isinstance(name, str) and is_name and (_is_tensor(value) or type(value) is Thing):
            yield name, value


def _plain(name: str, value: object, numbers: Numbers | None, room: int) -> "Tensor":
    import torch

    if isinstance(value, Thing):
        raise Refused("not a tensor", value.name)
    if isinstance(value, Laid) and numbers:
        if math.prod(value.size) * getattr(torch, value.storage.dtype).itemsize > room:
            raise Refused("size", name)
        value = numbers.tensor(value)
    whole = (torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool)
    broken = (torch.float32, torch.float64, torch.float16, torch.bfloat16)
    if not isinstance(value, torch.Tensor) or value.dtype not in whole + broken:
        raise Refused("kind", name)
    return value


def _is_finite(tensor: "Tensor") -> bool:
    """Whether all numbers are, also in float32, as which they will be used."""
    import torch

    if not tensor.is_floating_point() or not tensor.numel():
        return True
    low, high = (float(value) for value in torch.aminmax(tensor))
    largest = torch.finfo(torch.float32).max
    return -largest <= low <= high <= largest  # NaN is never in order


def _separate(tensor: "Tensor", seen: set[int]) -> "Tensor":
    """The tensor without gaps in memory and sharing none, which safetensors asks for; a copy only if it has to be."""
    tensor = tensor.contiguous()
    storage = tensor.untyped_storage()
    if storage.nbytes() != tensor.nbytes or storage.data_ptr() in seen:
        return tensor.clone()
    seen.add(storage.data_ptr())
    return tensor


if __name__ == "__main__":
    print(json.dumps(answer(sys.argv[1], sys.argv[2], float(sys.argv[3]))))
