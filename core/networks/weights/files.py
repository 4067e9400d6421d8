"""Weights files on disk, and modules that read them from there.

A file is mapped into memory rather than read: pages arrive when they are used, are shared by every process,
and can be dropped by the system. Nothing here writes to a file in use, since a mapped file that shrinks ends
the process: new files are written beside it and moved into place.
"""

import os
import pickle
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from core.errors import WeightsDamaged
from core.networks.catalogue import NetworkSpec, resolve
from core.networks.weights.places import require_weights, weights_path

StateDict = dict[str, Tensor]


def load_module(name: str | NetworkSpec) -> nn.Module:
    """The network with its weights, in eval mode, float32, every parameter frozen, on the CPU.

    Heads that only training uses (GoogLeNet, Inception v3) are gone. The tensors are mapped from disk where the
    file's format can be mapped and they are float32 there. Raises UnknownNetwork, WeightsMissing, WeightsDamaged.
    """
    spec = resolve(name)
    with reading(spec) as path:
        module = without_training_heads(_filled(built(spec.build), spec.revise(_renamed(read(path), spec))))
    # float: a few published files (the first wide ResNets) hold half precision.
    return module.float().requires_grad_(False).eval()


def built(build: Callable[[], nn.Module]) -> nn.Module:
    """A module whose weights have a shape but no memory: they are on the meta device.

    Only what is made by torch.empty, as all layers make their weights: what a constructor computes is real.
    """
    with _EmptyOnMeta():
        return build()


class _EmptyOnMeta(TorchFunctionMode):
    _FILL = (Tensor.normal_, Tensor.uniform_, Tensor.fill_, Tensor.zero_)  # each call costs, even without memory

    def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:  # noqa: ANN401
        if function is torch.empty:
            return function(*args, **{**(kwargs or {}), "device": "meta"})
        if function in self._FILL or getattr(function, "__module__", "") == "torch.nn.init":
            tensor = args[0] if args else (kwargs or {}).get("tensor")
            if tensor is not None and tensor.is_meta:
                return tensor
        return function(*args, **(kwargs or {}))


@contextmanager
def reading(spec: NetworkSpec) -> Iterator[Path]:
    """The path of a network's weights file, to be read inside the block, with what goes wrong said in sentences."""
    require_weights(spec)
    path = weights_path(spec)
    try:
        yield path
    except Damage as damage:
        raise WeightsDamaged(spec.title, path, str(damage)) from damage.__cause__
    except OSError as error:
        raise WeightsDamaged(spec.title, path, f"it cannot be read ({error.strerror})") from error


class Damage(Exception):
    """A bare fact about a file; `reading` adds which file, and of what."""


def _filled(module: nn.Module, state: StateDict) -> nn.Module:
    for key, expected in module.state_dict().items():
        if key in state and state[key].is_floating_point() != expected.is_floating_point():
            raise Damage(f"{key} holds {state[key].dtype}, not {expected.dtype}")
    try:
        found = module.load_state_dict(state, strict=False, assign=True)
    except RuntimeError as error:
        raise Damage(_first_complaint(error)) from error
    if found.missing_keys:
        count, first = len(found.missing_keys), found.missing_keys[0]
        raise Damage(f"{count} of the network's tensors are not in it, the first is {first}")
    if found.unexpected_keys:
        raise Damage(f"it holds {found.unexpected_keys[0]}, which this network does not have")
    return module


def _first_complaint(error: RuntimeError) -> str:
    lines = str(error).splitlines()  # a headline, then one indented line for each tensor
    return lines[min(1, len(lines) - 1)].strip().rstrip(".")


def _renamed(state: StateDict, spec: NetworkSpec) -> StateDict:
    renamed = OrderedDict((own, state[key].detach()) for key in state if (own := spec.rename(key)) is not None)
    if hasattr(state, "_metadata"):  # the versions that old modules are recognised by
        renamed._metadata = state._metadata  # type: ignore[attr-defined]
    return renamed


def without_training_heads(module: nn.Module) -> nn.Module:
    """The module, its heads that only training uses taken off."""
    for head in ("aux1", "aux2", "AuxLogits"):
        if hasattr(module, head):
            setattr(module, head, None)
    return module


def read(path: Path) -> StateDict:
    """The named tensors of a file, mapped if its format can be. Raises Damage, OSError."""
    if path.suffix == ".safetensors":
        return _safe_tensors(path)
    return loaded(path, mmap=can_be_mapped(path))


def can_be_mapped(path: Path) -> bool:
    """Whether a file is in a format that can be mapped: that of torch before 1.6 cannot."""
    return path.suffix == ".safetensors" or _is_zip(path)


def _safe_tensors(path: Path) -> StateDict:
    try:
        state = OrderedDict(load_file(path))
    except SafetensorError as error:
        raise Damage("it is not a whole safetensors file") from error
    state._metadata = {"": {"version": 2}}  # type: ignore[attr-defined]  # today's layout, which MNASNet asks for
    return state


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


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


def loaded(path: Path, *, mmap: bool) -> StateDict:
    """The named tensors of a file that torch.save wrote; no code in it is run. Raises Damage, OSError."""
    try:
        state = torch.load(path, map_location="cpu", mmap=mmap, weights_only=True)
    except (MemoryError, OSError):
        raise
    except pickle.UnpicklingError as error:
        is_code = "Unsupported global" in str(error)
        raise Damage("it holds code, which is refused" if is_code else "it is not a weights file") from error
    except Exception as error:  # a damaged pickle can fail in any way
        raise Damage("it is not a whole weights file") from error
    if not isinstance(state, dict) or not all(_is_plain(key, tensor) for key, tensor in state.items()):
        raise Damage("it holds something else than named tensors")
    return state


def _is_plain(key: object, tensor: object) -> bool:
    return (
        isinstance(key, str)
        and isinstance(tensor, Tensor)
        and tensor.device.type == "cpu"
        and tensor.layout is torch.strided
    )
