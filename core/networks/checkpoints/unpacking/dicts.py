"""Which of all dicts in a file are the state dicts of a network, and where they are."""

import re
from collections.abc import Iterator, Mapping

from .arrays import described
from .refused import Refused
from .values import Array, Laid, Odd, Thing

_DEPTH = 3  # of wrappers around a state dict
_LONGEST_LIST = 10  # of state dicts
_NOT_THE_NETWORK = re.compile(r"optim|sched", re.IGNORECASE)  # what training keeps under such a name

# What a state dict is kept under, the likeliest first.
_WRAPPERS = ("state_dict", "model_state_dict", "model_state", "model", "net_state_dict", "net", "network", "module")

Path = tuple[str, ...]  # the keys that lead to a dict in the file


def state_dicts(content: object) -> dict[Path, Mapping[object, object]]:
    """The state dicts in a file: where they are, and their entries, the likeliest first.

    Of all dicts that hold tensors those at least half as large as the largest, and beside the likeliest of them what
    could be another part of its network, such as its head.
    """
    within = dict(_dicts(content, (), set()))
    counts = {path: count for path, entries in within.items() if (count := sum(map(is_tensor, entries.values())))}
    _check_things(content, within, max(counts.values(), default=0))
    large = sorted((path for path in counts if 2 * counts[path] >= max(counts.values())), key=_unlikeliness)
    parts = [path for path in counts if path not in large and _is_part(path, large[0], within[path])]
    return {path: within[path] for path in (*large, *parts)}


def _dicts(content: object, path: Path, seen: set[int]) -> Iterator[tuple[Path, dict[object, object]]]:
    """All dicts that are not too deep within others or lists, and whose keys on the way are names."""
    if id(content) in seen or len(path) > _DEPTH:
        return
    seen.add(id(content))
    if isinstance(content, dict):
        yield path, content
        for key, value in content.items():
            if isinstance(key, str):
                yield from _dicts(value, (*path, key), seen)
    elif isinstance(content, list | tuple):
        for number, value in enumerate(content[:_LONGEST_LIST]):
            yield from _dicts(value, path if len(content) == 1 else (*path, str(number)), seen)


def _check_things(content: object, within: Mapping[Path, Mapping[object, object]], most: int) -> None:
    """Refuse a file whose tensors are mostly inside a thing, which alone would know what they are to it."""
    things = [value for value in (content, *within.values()) if isinstance(value, Thing)]
    counts = {thing: _tensors_inside(thing) for thing in things}
    largest = max(counts, key=counts.__getitem__, default=None)
    # An optimizer that was saved whole has up to three tensors for each of the network's.
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
        count += is_tensor(value)
        if isinstance(value, Thing):
            waiting += [value.arguments, value.state]
        if isinstance(value, dict):
            waiting += value.values()
        if isinstance(value, list | tuple):
            waiting += value
    return count


def is_tensor(value: object) -> bool:
    if isinstance(value, Laid | Odd | Array):
        return True
    import torch

    return isinstance(value, torch.Tensor)


def _unlikeliness(path: Path) -> int:
    if not path:
        return -1
    return _WRAPPERS.index(path[-1]) if path[-1] in _WRAPPERS else len(_WRAPPERS)


def _is_part(path: Path, of: Path, entries: Mapping[object, object]) -> bool:
    """Whether it stands beside the likeliest one and has the weights of a layer."""
    if not path or path[:-1] != of[:-1] or _NOT_THE_NETWORK.search(path[-1]):
        return False
    return any(str(key).endswith("weight") and len(shape_of(value)) > 1 for key, value in entries.items())


def shape_of(value: object) -> list[int]:
    """The shape that a tensor has or claims; [] of one that is no plain one."""
    if isinstance(value, Array):
        found = described(value)
        return list(found.shape) if found else []
    return list(value.size if isinstance(value, Laid) else getattr(value, "shape", ()))
