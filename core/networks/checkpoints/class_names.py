"""The names of a network's classes, as people keep them: a text with one a line, or one of several kinds of JSON."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from core.errors import CheckpointError
from core.networks.checkpoints.shown import shown
from core.networks.labels import disambiguated

MAX_BYTES = 4_000_000
MOST_NAMES = 30_000
LONGEST_NAME = 100  # characters

_KINDS = 'a list of names, {"0": "cat"}, {"cat": 0} or {"0": ["n02123045", "tabby"]}'


def parse_labels(data: bytes | str) -> tuple[str, ...]:
    """One name a class, in the order of the classes.

    Text with one name a line, or JSON: a list, {"0": "cat"}, {"cat": 0}, or ImageNet's {"0": ["n0144", "tench"]}.
    Names that occur twice get their class's number. Raises CheckpointError with what to correct.
    """
    if len(data) > MAX_BYTES:
        raise CheckpointError(f"The labels take more than {MAX_BYTES / 1e6:.0f} MB: give a file with the names alone.")
    text = _decoded(data) if isinstance(data, bytes) else data.removeprefix("\ufeff")
    is_json = text.lstrip()[:1] in ("[", "{")
    names = [_clean(name, at) for at, name in enumerate(_of_json(text) if is_json else text.rstrip().splitlines())]
    if not names:
        raise CheckpointError("There are no labels in the file: write one name a line.")
    if len(names) > MOST_NAMES:
        raise CheckpointError(f"There are {len(names)} labels and at most {MOST_NAMES} are accepted.")
    return _distinct(disambiguated(names))


def _decoded(data: bytes) -> str:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))  # as Windows' editors save "Unicode"
    try:
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise CheckpointError("The labels are not text in UTF-8: save them as such and try again.") from error


def _of_json(text: str) -> list[object]:
    try:
        content = json.loads(text, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        raise CheckpointError(f"The labels look like JSON but are none: {error.msg} in line {error.lineno}.") from error
    except (RecursionError, ValueError) as error:  # nested a thousand times, or a number of thousands of digits
        raise CheckpointError(f"The labels are JSON of an unknown kind: give {_KINDS}.") from error
    if isinstance(content, dict):
        by_name = all(type(value) is int for value in content.values())
        pairs = [(value, key) if by_name else (_index(key), value) for key, value in content.items()]
        content = _in_order(pairs)
    return [entry[-1] if isinstance(entry, list) and entry else entry for entry in content]


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    repeated = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]
    if repeated:
        raise CheckpointError(f"'{shown(repeated[0])}' occurs twice in the labels: give each class once.")
    return dict(pairs)


def _index(key: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", key):
        raise CheckpointError(f"'{shown(key)}' in the labels is not a class's number: give {_KINDS}.")
    return int(key)


def _in_order(pairs: Iterable[tuple[int, object]]) -> list[object]:
    ordered = sorted(pairs, key=lambda pair: pair[0])
    for expected, (index, _) in enumerate(ordered):
        if index != expected:
            raise CheckpointError(f"The labels do not name class {expected}: number the classes from 0 on.")
    return [name for _, name in ordered]


def _clean(name: object, index: int) -> str:
    """A name in one line, without control characters."""
    if not isinstance(name, str):
        raise CheckpointError(f"The label of class {index} is not a name: give text, or {_KINDS}.")
    words = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
    if not words:
        raise CheckpointError(f"The label of class {index} is empty: give each class a name.")
    if len(words) > LONGEST_NAME:
        raise CheckpointError(f"The label of class {index} is longer than {LONGEST_NAME} characters: shorten it.")
    return words


def _distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    counts = Counter(names)
    told = tuple(f"{name} (class {index})" if counts[name] > 1 else name for index, name in enumerate(names))
    if len(set(told)) < len(told):
        raise CheckpointError("Several labels have the same name: give each class one of its own.")
    return told
