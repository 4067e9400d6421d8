"""A stranger's checkpoint: its tensors taken out by another process, and kept as safetensors.

Here the file itself is only hashed. unpack.py opens it, in a process of its own that a hostile file may crash,
fill or delay without harm to this one; what comes back is a safetensors file, which holds numbers and nothing
else, and one line that is believed in no more than a few words.
"""

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import IO, Any, cast

from safetensors import SafetensorError, safe_open

from core.errors import CheckpointError, DiskError
from core.networks.checkpoints.normalisation import pairs
from core.networks.checkpoints.said import Said, said_by
from core.networks.checkpoints.shown import shown
from core.networks.checkpoints.translate import translate
from core.networks.checkpoints.unpack import INSIDE, MOST_BYTES, SAID
from core.networks.weights.files import replacing

MAX_BYTES = MOST_BYTES
STARTING_SECONDS = 60  # for torch to start, on a slow disk
READING_SECONDS, BYTES_A_SECOND = 15, 50 * 2**20  # for a file: a constant, and its size's share

_LONGEST_ANSWER = 20_000  # bytes; longer answers are cut, and then are none
_OUT_OF_TIME = -getattr(signal, "SIGXCPU", 1_000)  # what a program at its limit returns; Windows has no limit
_UNPACK = Path(__file__).with_name("unpack.py")
_one_at_a_time = threading.Lock()  # another process needs some 300 MB for torch alone

_SAVE = 'save its weights alone, torch.save(model.state_dict(), "weights.pth"), and give that file'
_REFUSALS = {
    "array": (
        "The array '{name}' is not one of plain numbers: save tensors, "
        'torch.save({{k: torch.from_numpy(v.astype("float32")) for k, v in arrays.items()}}, "weights.pth").'
    ),
    "code": f"The file holds code ({{name}}), which is never run here: {_SAVE}.",
    "crowded archive": "There are too many files in the archive: take the one with the weights out and give that.",
    "compressed": f"The file is a compressed archive, as torch.save never writes one: {_SAVE}.",
    "crowded": f"The file holds far more beside its weights than a classifier needs: {_SAVE}.",
    "damaged": "The file is damaged or incomplete: copy or download it again.",
    "disk": "There is no room on the server's disk for a copy of this file: try again later, or give a smaller one.",
    "infinite": "The tensor '{name}' holds infinite numbers, or NaN: take an earlier checkpoint of the training.",
    "kind": (
        "The tensor '{name}' is not a plain one: sparse, quantised, complex and missing numbers are not read. Save the "
        "state_dict of an ordinary model in float32."
    ),
    "memory": "Reading the file would take far more memory than its size allows for, so it was stopped.",
    "names": f"The names of the tensors are not those of a network: {_SAVE}.",
    "not a tensor": f"In a tensor's place is an object ({{name}}), and making it could run code: {_SAVE}.",
    "nothing": f"There are no named tensors in the file: {_SAVE}.",
    "pickle": f"The file was not written by torch.save or safetensors: {_SAVE}.",
    "pointer": "This is a pointer of Git LFS, not the weights themselves: fetch them with `git lfs pull`.",
    "program": "The file is a TorchScript program: load it in Python with torch.jit.load and save its state_dict().",
    "size": "The tensor '{name}' claims to be larger than the file is, so nothing was read.",
    "several": "There are several files of weights in the archive, such as '{name}': take one out and give that.",
    "spread": "The archive holds far more than its size: take the file with the weights out and give that.",
    "thing": f"The weights are inside an object ({{name}}), and making it could run code: {_SAVE}.",
    "unknown": "This is not a file of weights: choose one that torch.save or safetensors wrote.",
    "web page": "This is a web page, not a file of weights: download the file itself and choose that.",
}
_TOO_SLOW = f"Reading the file took too long, so it was stopped: {_SAVE}."
_BROKE_OFF = f"The file made its reader break off, so nothing of it was used: if it is not damaged, {_SAVE}."


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Named tensors taken out of a file and kept as safetensors.

    title: the given file's name, fit to show. digest: sha256 of the given file, hexadecimal. file: the copy,
    which belongs to whoever gave the folder. shapes: of every tensor but those of a normalisation. whole: which of
    them hold whole numbers. unusable: what is not in the copy, since it is no plain tensor of finite numbers, and a
    sentence that says so and what to do; it matters only where the network needs it. notices: sentences about what
    reading had to decide. said: what the file says beside its weights, and how pictures are prepared where its tensors
    had another library's names. is_renamed: whether they had. epsilons: of normalisation layers, by a pattern of a
    layer's name, where they are not torchvision's. foreign: for when it is none of torchvision's networks, a sentence
    that says whose it is; "" if that is not known.
    """

    title: str
    digest: str
    file: Path
    shapes: Mapping[str, tuple[int, ...]] = field(repr=False, compare=False)
    whole: frozenset[str] = field(default=frozenset(), repr=False, compare=False)
    unusable: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    notices: tuple[str, ...] = ()
    said: Said = field(default=Said(), repr=False, compare=False)
    is_renamed: bool = False
    epsilons: tuple[tuple[str, float], ...] = ()
    foreign: str = field(default="", repr=False, compare=False)


def read_checkpoint(path: Path, folder: Path, title: str = "") -> Checkpoint:
    """Take the tensors out of what torch.save or safetensors wrote, whatever they are wrapped in.

    path: the file, of any name. folder: where the copy is to be; made if it is not there, left as it was after
    an error. title: the file's name on the reader's computer. The wait is for another process, 3 seconds or more,
    and for other threads that read one. Raises CheckpointError; no code in the file is run.
    """
    try:
        size = path.stat().st_size
        _check_size(size)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        copy = folder / f"{digest[:16]}.safetensors"
        with replacing(copy) as partial, _removed(partial.with_name(partial.name + INSIDE)):
            report = _unpacked(path, partial, size)
            translation = translate(partial)
            shapes, whole, unusable, said = _contents(partial)
    except OSError as error:
        if error.errno in DiskError.FULL:
            raise CheckpointError(_REFUSALS["disk"]) from error
        raise CheckpointError(f"The file cannot be read or copied ({error.strerror}): try again.") from error
    except SafetensorError as error:
        raise CheckpointError(_REFUSALS["damaged"]) from error
    return Checkpoint(
        title=_title(title or path.name),
        digest=digest,
        file=copy,
        shapes=shapes,
        whole=whole,
        unusable=unusable,
        notices=_notices(report),
        said=translation.completed(said),
        is_renamed=translation.dialect is not None,
        epsilons=translation.epsilons,
        foreign=translation.foreign,
    )


@contextmanager
def _removed(path: Path) -> Iterator[None]:
    """What unpack.py takes out of an archive goes, whatever became of unpack.py."""
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _check_size(size: int) -> None:
    if not size:
        raise CheckpointError("The file is empty: choose another one.")
    if size > MAX_BYTES:
        raise CheckpointError(
            f"The file has {size / 1e9:.1f} GB and at most {MAX_BYTES / 1e9:.1f} GB are accepted: "
            "save the weights alone, without the optimizer's state."
        )


def _unpacked(path: Path, copy: Path, size: int) -> dict[str, Any]:
    """Have unpack.py write the copy; its report. Raises CheckpointError if it refuses, breaks off or is slow."""
    seconds = READING_SECONDS + size / BYTES_A_SECOND
    command = [sys.executable, "-I", str(_UNPACK), str(path.resolve()), str(copy.resolve()), str(seconds)]
    with _one_at_a_time:
        line = _answer(command, STARTING_SECONDS + 2 * seconds)
    try:
        report = json.loads(line)
    except ValueError as error:
        raise CheckpointError(_BROKE_OFF) from error
    if not isinstance(report, dict):
        raise CheckpointError(_BROKE_OFF)
    if "refused" in report:
        raise CheckpointError(_sentence(report["refused"], report.get("name", "")))
    return report


def _answer(command: list[str], seconds: float) -> bytes:
    """The beginning of a program's output; raises CheckpointError when the program had to be stopped."""
    quiet, late = subprocess.DEVNULL, threading.Event()
    alone = {**os.environ, "OMP_NUM_THREADS": "1"}  # every thread's stack would count as memory
    with subprocess.Popen(command, stdin=quiet, stdout=subprocess.PIPE, stderr=quiet, env=alone) as process:

        def stop() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(seconds, stop)
        timer.start()
        try:
            with cast(IO[bytes], process.stdout) as output:
                line = output.read(_LONGEST_ANSWER)
            process.wait()
        finally:
            timer.cancel()
            process.kill()
    if late.is_set() or process.returncode == _OUT_OF_TIME:
        raise CheckpointError(_TOO_SLOW)
    return line


def _contents(copy: Path) -> tuple[dict[str, tuple[int, ...]], frozenset[str], dict[str, str], Said]:
    """Of what unpack.py wrote: shapes, the names of tensors of whole numbers, what cannot be used and why, the rest."""
    try:
        with safe_open(copy, framework="pt") as file:
            tensors = {name: file.get_slice(name) for name in file.keys()}
            shapes = {name: tuple(tensor.get_shape()) for name, tensor in tensors.items()}
            whole = frozenset(name for name, tensor in tensors.items() if "F" not in tensor.get_dtype())
            beside = json.loads((file.metadata() or {}).get(SAID, "{}"))
            notes, left = (beside.get(key, {}) for key in ("notes", "unusable"))
            found = pairs(shapes)
            values = {pair: tuple(file.get_tensor(name).flatten().tolist() for name in pair) for pair in found}
        said = said_by(notes, values)
        for name in chain(*found):
            shapes.pop(name, None)
        for name, (reason, _, shape) in left.items():
            if reason != "not a tensor":
                shapes[name] = tuple(map(int, shape))
        return shapes, whole, {name: _sentence(reason, about) for name, (reason, about, _) in left.items()}, said
    except (SafetensorError, ValueError, TypeError, AttributeError) as error:  # believed in nothing
        raise CheckpointError(_REFUSALS["damaged"]) from error


def _sentence(reason: object, about: object) -> str:
    sentence = _REFUSALS.get(str(reason), _REFUSALS["damaged"])
    return sentence.format(name=shown(str(about)) or "of some kind")


def _title(name: str) -> str:
    """A file's name without its folders, fit for a heading."""
    last = re.split(r"[/\\]", name)[-1]
    plain = re.sub(r"[^\w .,+()=@\-]", "_", last).strip() or "checkpoint"
    return plain if len(plain) <= 40 else f"{plain[:24]}…{plain[-15:]}"


def _notices(report: Mapping[str, Any]) -> tuple[str, ...]:
    notices = []
    if under := shown(str(report.get("under", ""))):
        notices.append(f"The tensors under '{under}' were taken.")
    if others := report.get("others"):
        notices.append(f"Entries among them that are no tensors were left out: {shown(str(others))}.")
    return tuple(notices)
