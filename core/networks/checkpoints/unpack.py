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
import warnings
import zipfile
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

DEPTH = 3  # of wrappers around the state dict
LONGEST_LIST_OF_STATES = 8
LONGEST_LIST = 2**24  # bytes of names, shapes and all that is not numbers
LONGEST_NAME = 500  # characters
LONGEST_NOTES = 2**22  # characters of plain values beside the tensors
MOST_TENSORS = 10_000
ROOM = 2**29  # bytes of memory beside what the tensors take
SLACK = 2**20  # bytes that tensors may take beyond twice the file's size

# What a state dict is kept under, the likeliest first.
WRAPPERS = ("state_dict", "model_state_dict", "model_state", "model", "net_state_dict", "net", "network", "module")
# What only an attack asks for: it is refused, though it would be as inert as everything else.
CODE_MODULES = frozenset(
    "code codeop commands ctypes importlib marshal multiprocessing nt os pickle pip popen2 posix pty runpy shutil "
    "socket subprocess sys webbrowser".split()
)
CODE_BUILTINS = frozenset("__import__ breakpoint compile eval exec execfile exit input open quit".split())
# Objects whose attributes are plain notes, such as a training script's options.
NOTES = ("argparse.Namespace", "types.SimpleNamespace")

_LEGACY = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."  # torch.save's magic number before torch 1.6, pickled


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
    entries among the tensors are none. The copy's metadata hold, as JSON, "notes", plain values that stand beside the
    tensors, by their names, and "odd", why a tensor was not taken, by its name: a word, and what it is about. Raises
    Refused, or whatever torch meets in a damaged file.
    """
    import safetensors.torch

    content = _safe(source) if kind == "safetensors" else _loaded(source, mapped=kind == "zip")
    under, named, beside = _found(content)
    tensors, odd = _sorted(named, os.path.getsize(source))
    said = {"notes": _notes(content), "odd": odd}
    try:
        safetensors.torch.save_file(tensors, copy, {key: json.dumps(value) for key, value in said.items()})
    except (OSError, safetensors.SafetensorError) as error:
        raise Refused("disk") from error
    return {
        "under": ".".join(under)[:LONGEST_NAME],
        "beside": [".".join(path)[:LONGEST_NAME] for path in beside[:3]],
        "others": len(named) - len(tensors) - len(odd),
    }


def _safe(source: str) -> dict[str, "Tensor"]:
    from safetensors import safe_open

    with safe_open(source, framework="pt") as file:
        names = file.keys()
        if len(names) > MOST_TENSORS:
            raise Refused("crowded")
        return {name: file.get_tensor(name) for name in names}


class Inert(dict[object, object]):
    """Stands in for any object that is no tensor. It takes all that an unpickler gives it, and does nothing with it.

    What is set by key is kept, since a subclass of dict may hold the weights. thing: the name it stands for.
    """

    thing = ""
    dump_patches = False  # torch asks that of a module's class
    __hash__ = object.__hash__  # type: ignore[assignment]
    __eq__ = object.__eq__

    def __new__(cls, *args: object, **named: object) -> "Inert":
        return super().__new__(cls)

    def __init__(self, *args: object, **named: object) -> None:
        super().__init__()

    def __call__(self, *args: object, **named: object) -> "Inert":
        return self

    def __setstate__(self, state: object) -> None:
        if self.thing in NOTES and isinstance(state, dict):
            self.update(state)

    def append(self, *args: object) -> None:
        pass

    extend = add = append


def _stand_in(where: str) -> type[Inert]:
    return type("Inert", (Inert,), {"thing": where})


def _makers() -> dict[str, object]:
    """All that a pickle can get hold of beside stand-ins, by the name it asks for."""
    import torch

    def tensor(storage: object, offset: int, size: tuple[int, ...], stride: tuple[int, ...], *more: object) -> object:
        if not all(type(number) is int for number in (offset, *size, *stride)):
            raise Refused("damaged")
        if any(more[2:]):  # it would be read with another sign
            return _stand_in("torch._utils._rebuild_tensor_v2")()
        return torch._utils._rebuild_tensor(storage, offset, tuple(size), tuple(stride))

    def first(value: object, *more: object) -> object:
        return value

    def of_a_subclass(function: object, kind: object, args: tuple[Any, ...], *more: object) -> object:
        return tensor(*args) if function is tensor else _stand_in("torch._tensor._rebuild_from_type_v2")()

    plain = {"collections.OrderedDict": OrderedDict, "set": set, "bytearray": bytearray}
    storages = {f"torch.{part}UntypedStorage": torch.UntypedStorage for part in ("", "storage.")}
    return {
        **plain,
        **storages,
        "torch._utils._rebuild_tensor": tensor,
        "torch._utils._rebuild_tensor_v2": tensor,
        "torch._utils._rebuild_parameter": first,
        "torch._utils._rebuild_parameter_with_state": first,
        "torch.nn.parameter.Parameter": first,
        "torch._tensor._rebuild_from_type_v2": of_a_subclass,
    }


def _is_code(module: str, name: str) -> bool:
    return module.partition(".")[0] in CODE_MODULES or (module == "builtins" and name in CODE_BUILTINS)


def _loaded(source: str, *, mapped: bool) -> object:
    """The content of a file of torch.save, in which whatever is no tensor, list, dict, number or text is inert.

    torch's own loader reads the format, and Python's unpickler the pickles in it. What a pickle can do is to call what
    `find_class` returns, with arguments of its own. It returns no function or class of that name in any module, and
    imports none, but one of `_makers`, which make a tensor of a storage that the file holds, or a stand-in. So nothing
    of the file is run, whatever it names; and where even that would be wrong, this process has nothing to lose.
    """
    import torch

    makers = _makers()

    class Unpickler(pickle.Unpickler):
        def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401
            module = {"__builtin__": "builtins", "copy_reg": "copyreg"}.get(module, module)
            where = name if module == "builtins" else f"{module}.{name}"
            if _is_code(module, name):
                raise Refused("code", where)
            return makers[where] if where in makers else _stand_in(where)

    inert = ModuleType("inert")
    vars(inert).update(Unpickler=Unpickler, load=lambda file, **named: Unpickler(file, **named).load())
    os.environ.pop("TORCH_FORCE_WEIGHTS_ONLY_LOAD", None)  # which would be torch's own list of what may be imported
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that the source of a module is another than a stand-in's
        return torch.load(source, map_location="cpu", mmap=mapped, pickle_module=inert, weights_only=False)


Path = tuple[str, ...]  # the keys that lead to a dict in the file


def _found(content: object) -> tuple[Path, Mapping[object, object], list[Path]]:
    """The state dict in a file: where it was, its entries, and where else there are tensors.

    Of all dicts that hold tensors, among those at least half as large as the largest the one with the best name.
    """
    found = dict(_with_tensors(content, (), set()))
    if not found:
        things = content.values() if isinstance(content, dict) else ()
        holding = [value.thing for value in (content, *things) if isinstance(value, Inert)]
        raise Refused("object", holding[0]) if holding else Refused("nothing")
    counts = {path: _count(entries) for path, entries in found.items()}
    large = [path for path in found if 2 * counts[path] >= max(counts.values())]
    chosen = min(large, key=_unlikeliness)
    return chosen, found[chosen], [path for path in large if path != chosen]


def _with_tensors(content: object, path: Path, seen: set[int]) -> Iterator[tuple[Path, dict[object, object]]]:
    if not isinstance(content, dict | list | tuple) or id(content) in seen:
        return
    seen.add(id(content))
    if isinstance(content, dict) and _count(content):
        yield path, content
    entries = content.items() if isinstance(content, dict) else enumerate(content[:LONGEST_LIST_OF_STATES])
    for key, value in entries:
        if len(path) < DEPTH and (isinstance(key, str) or not isinstance(content, dict)):
            yield from _with_tensors(value, (*path, str(key)), seen)


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


def _sorted(entries: Mapping[object, object], size: int) -> tuple[dict[str, "Tensor"], dict[str, tuple[str, str]]]:
    """The tensors among the entries that can be taken, each plain, finite, with memory of its own; and the odd ones.

    Those are no reason to refuse a file: the network may not need them.
    """
    import torch

    named = {name: value for name, value in entries.items() if isinstance(value, torch.Tensor | Inert)}
    if len(named) > MOST_TENSORS:
        raise Refused("crowded")
    fine = {name: value for name, value in named.items() if isinstance(name, str) and len(name) <= LONGEST_NAME}
    if not fine:
        raise Refused("names")
    taken: dict[str, Tensor] = {}
    odd: dict[str, tuple[str, str]] = {}
    left, seen = 2 * size + SLACK, set[int]()
    for name, value in fine.items():
        if isinstance(value, Inert):
            is_tensor = value.thing.startswith("torch._")
            odd[name] = ("kind", "") if is_tensor else ("object", value.thing[:LONGEST_NAME])
        elif reason := _oddity(value, left):
            odd[name] = reason, ""
        else:
            left -= value.numel() * value.element_size()
            taken[name] = _separate(value.detach(), seen)
    return taken, odd


def _oddity(tensor: "Tensor", left: int) -> str:
    """Why a tensor cannot be taken: a word that checkpoint.py has a sentence for, "" if it can. left: bytes."""
    import torch

    whole = (torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool)
    broken = (torch.float32, torch.float64, torch.float16, torch.bfloat16)
    usual = type(tensor) in (torch.Tensor, torch.nn.Parameter) and tensor.layout is torch.strided
    if not usual or tensor.is_nested or tensor.device.type != "cpu" or tensor.dtype not in whole + broken:
        return "kind"
    if tensor.numel() * tensor.element_size() > left:
        return "size"
    if tensor.is_floating_point() and tensor.numel():
        low, high = (float(value) for value in torch.aminmax(tensor.detach()))
        largest = torch.finfo(torch.float32).max  # as which it will be used
        if not -largest <= low <= high <= largest:  # NaN is never in order
            return "infinite"
    return ""


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
