"""Weights files on disk, and modules that read them from there.

A file is mapped into memory rather than read: pages arrive when they are used, are shared by every process,
and can be dropped by the system. Nothing here writes to a file in use, since a mapped file that shrinks ends
the process: new files are written beside it and moved into place.
"""

import os
import pickle
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import Tensor, nn

from core.errors import WeightsDamaged, WeightsMissing
from core.networks.registry import Architecture, architecture

StateDict = dict[str, Tensor]


def weights_path(architecture: Architecture) -> Path:
    """Where the file is or would be: torch hub's own folder, so that earlier downloads are found."""
    weights = architecture.weights
    return (weights.folder or Path(torch.hub.get_dir()) / "checkpoints") / weights.name


def on_disk(architecture: Architecture) -> bool:
    """Whether the weights file is on this computer; that it is sound shows when it is loaded."""
    return weights_path(architecture).is_file()


def load_module(name: str) -> nn.Module:
    """The network with its weights, in eval mode, float32, every parameter frozen, on the CPU.

    Heads that only training uses (GoogLeNet, Inception v3) are gone. The tensors are mapped from disk, each
    where it is float32 there. Raises UnknownNetwork, WeightsMissing, WeightsDamaged.
    """
    asked = architecture(name)
    path = weights_path(asked)
    if not path.is_file():
        raise WeightsMissing(asked.title, path, asked.weights.url, asked.weights.size)
    try:
        module = _filled(_built(asked), _renamed(_read(path), asked))
    except _Damage as damage:
        raise WeightsDamaged(asked.title, path, str(damage)) from damage.__cause__
    except OSError as error:
        raise WeightsDamaged(asked.title, path, f"it cannot be read ({error.strerror})") from error
    # float: a few published files (the first wide ResNets) hold half precision.
    return _without_training_heads(module).float().requires_grad_(False).eval()


class _Damage(Exception):
    """A bare fact about a file; load_module adds which file, and of what."""


def _built(architecture: Architecture) -> nn.Module:
    """The module with its tensors on the meta device (shapes only), where its constructor can do that."""
    try:
        with torch.device("meta"):
            return architecture.build()
    except NotImplementedError:  # RegNet computes its widths with tensors, whose values it needs.
        return architecture.build()


def _filled(module: nn.Module, state: StateDict) -> nn.Module:
    for key, expected in module.state_dict().items():
        if key in state and state[key].is_floating_point() != expected.is_floating_point():
            raise _Damage(f"{key} holds {state[key].dtype}, not {expected.dtype}")
    try:
        found = module.load_state_dict(state, strict=False, assign=True)
    except RuntimeError as error:
        raise _Damage(_first_complaint(error)) from error
    if found.missing_keys:
        count, first = len(found.missing_keys), found.missing_keys[0]
        raise _Damage(f"{count} of the network's tensors are not in it, the first is {first}")
    if found.unexpected_keys:
        raise _Damage(f"it holds {found.unexpected_keys[0]}, which this network does not have")
    return module


def _first_complaint(error: RuntimeError) -> str:
    lines = str(error).splitlines()  # a headline, then one indented line for each tensor
    return lines[min(1, len(lines) - 1)].strip().rstrip(".")


def _renamed(state: StateDict, architecture: Architecture) -> StateDict:
    # In place: the dict carries _metadata, the versions that old modules are recognised by.
    for key in list(state):
        state[architecture.rename(key)] = state.pop(key).detach()
    return state


def _without_training_heads(module: nn.Module) -> nn.Module:
    for head in ("aux1", "aux2", "AuxLogits"):
        if hasattr(module, head):
            setattr(module, head, None)
    return module


def _read(path: Path) -> StateDict:
    if _is_zip(path):
        return _loaded(path, mmap=True)
    # The format before torch 1.6 cannot be mapped. A copy in today's format can: it is made once.
    copy = _copy_path(path)
    try:
        return _loaded(copy, mmap=True)
    except (OSError, _Damage):
        state = _loaded(path, mmap=False)
    try:
        with replacing(copy) as partial:
            torch.save(state, partial)
        return _loaded(copy, mmap=True)
    except (OSError, RuntimeError, _Damage):  # no place for a copy; torch reports a full disk as RuntimeError
        return state


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def _copy_path(path: Path) -> Path:
    """Where the copy that can be mapped is kept of a file that cannot; a changed file has another."""
    status = path.stat()
    return _cache_folder() / "converted" / f"{path.stem}-{status.st_size}-{status.st_mtime_ns}.pth"


def _cache_folder() -> Path:
    if folder := os.environ.get("LIMELIGHT_CACHE"):
        return Path(folder)
    return Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")) / "limelight"


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A new path beside `path`, moved onto it on success, removed otherwise: no one ever sees half a file."""
    partial = path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield partial
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def _loaded(path: Path, *, mmap: bool) -> StateDict:
    try:
        state = torch.load(path, map_location="cpu", mmap=mmap, weights_only=True)
    except (MemoryError, OSError):
        raise
    except pickle.UnpicklingError as error:
        is_code = "Unsupported global" in str(error)
        raise _Damage("it holds code, which is refused" if is_code else "it is not a weights file") from error
    except Exception as error:  # a damaged pickle can fail in any way
        raise _Damage("it is not a whole weights file") from error
    if not isinstance(state, dict) or not all(_is_plain(key, tensor) for key, tensor in state.items()):
        raise _Damage("it holds something else than named tensors")
    return state


def _is_plain(key: object, tensor: object) -> bool:
    return (
        isinstance(key, str)
        and isinstance(tensor, Tensor)
        and tensor.device.type == "cpu"
        and tensor.layout is torch.strided
    )
