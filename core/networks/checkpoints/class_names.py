"""The names of a network's classes as people keep them: one a line, by number as CSV, as JSON or Python has them."""

import ast
import csv
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

_INDEX = re.compile(r"[0-9]{1,6}")
_PLACES = re.compile(r"/[a-z]/(\S+) ([0-9]{1,6})")  # Places365: "/a/airfield 0"
_IN_CONFIG = ("id2label", "label2id")  # of transformers' config.json
_KINDS = 'a list of names, {"0": "cat"}, {"cat": 0} or {"0": ["n02123045", "tabby"]}'


def parse_labels(data: bytes | str) -> tuple[str, ...]:
    """One name a class, in the order of the classes.

    Text with one name a line; CSV of numbers and names, with a heading or without; JSON or Python: a list,
    {"0": "cat"}, {"cat": 0}, ImageNet's {"0": ["n0144", "tench"]}, or a config.json that has one of these as id2label
    or label2id; Places365's "/a/airfield 0"; fastai's "(#2) ['cat', 'dog']". Names that occur twice get their class's
    number. Raises CheckpointError with what to correct.
    """
    if len(data) > MAX_BYTES:
        raise CheckpointError(f"The labels take more than {MAX_BYTES / 1e6:.0f} MB: give a file with the names alone.")
    text = _decoded(data) if isinstance(data, bytes) else data.removeprefix("\ufeff")
    text = re.sub(r"^\s*\(#\d+\)\s*(?=\[)", "", text)  # how fastai shows a list
    is_structure = text.lstrip()[:1] in ("[", "{", "(")
    entries = _of_structure(text) if is_structure else _of_lines(text.rstrip().splitlines())
    names = [_clean(name, at) for at, name in enumerate(entries)]
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


def _of_lines(lines: list[str]) -> list[object]:
    places = [_PLACES.fullmatch(line.strip()) for line in lines]
    if lines and all(places):
        return _in_order((int(found[2]), found[1].replace("_", " ")) for found in places if found)
    for delimiter in ",;\t":
        rows = _rows(lines, delimiter)
        for begin in (0, 1):  # with a heading, or without
            if pairs := _numbered(rows[begin:]):
                return _in_order(pairs)
    quoted = lines and all(line.lstrip().startswith('"') for line in lines)
    return [row[0] if row else "" for row in _rows(lines, ",")] if quoted else list(lines)


def _rows(lines: list[str], delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(lines, delimiter=delimiter, skipinitialspace=True))
    except csv.Error:  # a cell of many thousand letters, say: then it is no table
        return []


def _numbered(rows: list[list[str]]) -> list[tuple[int, object]]:
    """Rows of a number and a name, or of a name and a number; [] if they are something else."""
    if not rows or any(len(row) != 2 for row in rows):
        return []
    for number in (0, 1):
        if all(_INDEX.fullmatch(row[number].strip()) for row in rows):
            return [(int(row[number]), row[1 - number]) for row in rows]
    return []


def _of_structure(text: str) -> list[object]:
    content = _parsed(text)
    if isinstance(content, dict):
        content = next((content[key] for key in _IN_CONFIG if isinstance(content.get(key), dict)), content)
        by_name = all(type(value) is int for value in content.values())
        pairs = [(value, str(key)) if by_name else (_index(key), value) for key, value in content.items()]
        content = _in_order(pairs)
    return [entry[-1] if isinstance(entry, list | tuple) and entry else entry for entry in content]


def _parsed(text: str) -> Any:  # noqa: ANN401
    """A list, tuple or dict, of JSON or of Python."""
    try:
        return json.loads(text, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        complaint = CheckpointError(f"The labels look like JSON but are none: {error.msg} in line {error.lineno}.")
        complaint.__cause__ = error
    except (RecursionError, ValueError) as error:  # nested a thousand times, or a number of thousands of digits
        raise CheckpointError(f"The labels are JSON of an unknown kind: give {_KINDS}.") from error
    try:
        content = ast.literal_eval(text.strip())
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
        raise complaint from complaint.__cause__
    if not isinstance(content, list | tuple | dict):
        raise complaint from complaint.__cause__
    return content


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    repeated = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]
    if repeated:
        raise CheckpointError(f"'{shown(repeated[0])}' occurs twice in the labels: give each class once.")
    return dict(pairs)


def _index(key: object) -> int:
    if not _INDEX.fullmatch(str(key)):
        raise CheckpointError(f"'{shown(str(key))}' in the labels is not a class's number: give {_KINDS}.")
    return int(str(key))


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
