"""Checkpoints that were damaged, at random or with intent; the same every time."""

import gzip
import io
import pickle
import random
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Iterator
from datetime import datetime

import numpy as np
import torch
from safetensors.torch import save

from tests.networks.checkpoints.made_checkpoints import State

_STATE: State = {
    "conv.weight": torch.arange(24.0).view(2, 3, 2, 2),
    "conv.bias_orig": torch.ones(2),
    "conv.bias_mask": torch.ones(2),
    "half": torch.ones(4).half()[1:3],
    "steps": torch.tensor(3),
}
_ARRAYS = {"conv.weight": np.arange(24, dtype="f4").reshape(2, 3, 4), "conv.bias": np.ones(2), "steps": np.array(3)}
_CONTENT = {"model": OrderedDict(_STATE), "when": datetime(2026, 1, 2), "set": {1, 2}, "list": [b"abc", 2**70, 0.5]}


def _saved(*, legacy: bool) -> bytes:
    target = io.BytesIO()
    torch.save(_CONTENT, target, _use_new_zipfile_serialization=not legacy)
    return target.getvalue()


def _pickle() -> bytes:
    """What is in the archive that torch.save writes, beside the numbers."""
    with zipfile.ZipFile(io.BytesIO(_saved(legacy=False))) as archive:
        return archive.read("archive/data.pkl")


def _around(program: bytes) -> bytes:
    """A sound archive of torch.save's with another pickle in it."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_saved(legacy=False))) as archive, zipfile.ZipFile(target, "w") as other:
        for entry in archive.infolist():
            data = program if entry.filename == "archive/data.pkl" else archive.read(entry)
            other.writestr(zipfile.ZipInfo(entry.filename), data)
    return target.getvalue()


def _zipped(data: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("best.pth"), data)
    return target.getvalue()


def _as_it_is(data: bytes) -> bytes:
    return data


# What is damaged, and what is made of it then.
_KINDS: dict[str, tuple[Callable[[], bytes], Callable[[bytes], bytes]]] = {
    "zip": (lambda: _saved(legacy=False), _as_it_is),
    "pickle in a sound zip": (_pickle, _around),
    "arrays": (lambda: pickle.dumps(_ARRAYS, 4), _as_it_is),
    "legacy": (lambda: _saved(legacy=True), _as_it_is),
    "safetensors": (lambda: save(_STATE), _as_it_is),
    "archive": (lambda: _zipped(_saved(legacy=False)), _as_it_is),
    "in a sound archive": (lambda: _saved(legacy=True), _zipped),
    "gz": (lambda: gzip.compress(_saved(legacy=True), mtime=0), _as_it_is),
}


def _flipped(data: bytearray, chance: random.Random, begin: int, end: int) -> None:
    for _ in range(chance.choice((1, 2, 8))):
        data[chance.randrange(begin, end)] = chance.randrange(256)


def _cut(data: bytearray, chance: random.Random, begin: int, end: int) -> None:
    at = chance.randrange(begin, end)
    del data[at : at + chance.choice((1, 4, 100, len(data)))]


def _repeated(data: bytearray, chance: random.Random, begin: int, end: int) -> None:
    at, length = chance.randrange(begin, end), chance.choice((1, 8, 64))
    data[at:at] = data[at : at + length] * chance.choice((1, 3, 1000))


def _filled(data: bytearray, chance: random.Random, begin: int, end: int) -> None:
    at = chance.randrange(begin, end)
    data[at : at + 8] = chance.choice((b"\xff" * 8, bytes(8), b"\x7f" + b"\xff" * 7, b"\x80" * 8))


def _another_instruction(data: bytearray, chance: random.Random, begin: int, end: int) -> None:
    """One of a pickle's, of those that make, take or call something."""
    data[chance.randrange(begin, end)] = chance.choice(
        b"(.0127NIJKMGSVXUBC}])lt\x85\x86\x87aesudRbio\x81\x92cghjpqrQP\x8f\x90\x91\x93\x94"
    )


_CHANGES = (_flipped, _cut, _repeated, _filled, _another_instruction, _another_instruction)


def mutated(count: int, seed: int = 0) -> Iterator[tuple[str, bytes]]:
    """So many damaged files, each with what it is called. Half of the changes are near the beginning: in the pickle."""
    chance = random.Random(seed)
    whole = {kind: make() for kind, (make, _) in _KINDS.items()}
    for number in range(count):
        kind = list(whole)[number % len(whole)]
        data = bytearray(whole[kind])
        for _ in range(chance.choice((1, 1, 2, 5))):
            change = chance.choice(_CHANGES)
            if data:
                change(data, chance, 0, min(len(data), chance.choice((900, len(data)))))
        yield f"{kind} {number}", _KINDS[kind][1](bytes(data))
