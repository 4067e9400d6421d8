"""Plain values that stand beside the tensors, such as the size of pictures, or the names of classes."""

import json
import math
from collections.abc import Mapping

from .dicts import is_tensor
from .values import Array, Thing

_DEPTH = 4  # of dicts in dicts
_LONGEST = 2**22  # characters of all together
_LONGEST_TEXT = 500  # characters
_NAMESPACES = ("argparse.Namespace", "types.SimpleNamespace")  # whose state is plain notes, such as a script's options


def notes_in(content: object) -> dict[str, object]:
    """Numbers, texts, and lists and dicts of these, by name; of one name, what stands nearest to the top."""
    notes: dict[str, object] = {}
    pending, seen, left = [(content, 0)], {id(content)}, _LONGEST
    for value, depth in pending:  # which grows meanwhile
        entries = value.state if isinstance(value, Thing) and value.name in _NAMESPACES else value
        for key, each in entries.items() if isinstance(entries, dict) else ():
            if isinstance(each, dict) and depth < _DEPTH and id(each) not in seen and not _holds_tensors(each):
                seen.add(id(each))
                pending.append((each, depth + 1))
            if isinstance(key, str) and key not in notes and _is_plain(each):
                left -= len(key) + len(json.dumps(each))
                if left < 0:
                    return notes
                notes[key] = each
    return notes


def _holds_tensors(entries: Mapping[object, object]) -> bool:
    return any(is_tensor(each) and not isinstance(each, Array) for each in entries.values())


def _is_plain(value: object) -> bool:
    if isinstance(value, Thing):
        return False
    if isinstance(value, dict):
        return all(type(key) in (str, int) and _is_scalar(each) for key, each in value.items())
    return all(map(_is_scalar, value)) if isinstance(value, list | tuple) else _is_scalar(value)


def _is_scalar(value: object) -> bool:
    """A short text, or a number that JSON has."""
    if type(value) is str:
        return len(value) <= _LONGEST_TEXT
    return (type(value) is int and abs(value) < 2**63) or (type(value) is float and math.isfinite(value))
