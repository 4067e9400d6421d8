"""Prepared networks kept on disk, so that the next process maps what this one folded and laid out.

Beside the published file lies, in Limelight's cache folder, a second one with just those tensors of the prepared
network that cannot be mapped from the first: folded convolutions, weights in another layout, or all of them where
the first is of a format that cannot be mapped. Whatever is wrong with the second file, it is made anew.
"""

import os
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

from core.errors import NetworkError
from core.networks.catalogue import NetworkSpec
from core.networks.graph.network import Network
from core.networks.graph.prepare import rewrite
from core.networks.weights.download import partial_path
from core.networks.weights.files import (
    Damage,
    StateDict,
    built,
    can_be_mapped,
    load_module,
    loaded,
    read,
    reading,
    replacing,
    without_training_heads,
)
from core.networks.weights.places import Version, status_of, version, weights_path

_VERSION = 1  # to be raised when `prepare` computes other weights from the same file
_TICK = 2 * 10**9  # ns, of the coarsest file system's clock
_ABANDONED = 600  # seconds without a byte more
_PREFIX = "network."  # of a module's keys in its prepared graph


def load_prepared(spec: NetworkSpec) -> Network:
    """The prepared network with its weights, on the CPU. Raises WeightsMissing, WeightsDamaged.

    What was not published (a checkpoint of one's own) is never kept: it goes with its session.
    """
    if not spec.weights.url:
        return rewrite(load_module(spec))
    with reading(spec) as path:
        status = path.stat()
        kept = _kept_path(path, status.st_size, status.st_mtime_ns)
        _clear_up()
        with suppress(Damage, OSError):
            return _mapped(spec, path, kept)
        network = rewrite(load_module(spec))
        with suppress(Damage, OSError, RuntimeError):  # torch reports a full disk as RuntimeError
            _keep(network, spec, path, kept)
            return _mapped(spec, path, kept, network)
        return network


def versions(spec: NetworkSpec) -> tuple[Version, Version]:
    """Of both files that a network is mapped from, the published one and what is kept beside it."""
    weights = version(spec)
    return weights, status_of(_kept_path(weights_path(spec), *weights)) if weights else None


def _clear_up() -> None:
    """Delete what killed processes left half written."""
    for part in _folder().glob("*.part"):
        with suppress(OSError):
            status = part.stat()  # what is being written is young by one of the two: see the seal
            if time.time() - max(status.st_mtime, status.st_ctime) > _ABANDONED:
                part.unlink()


def forget(spec: NetworkSpec) -> None:
    """Delete what is kept of a network."""
    for kept in _folder().glob(f"{Path(spec.weights.name).stem}-*.pt"):
        with suppress(OSError):  # Windows keeps a file that is mapped
            kept.unlink()


def remove(spec: NetworkSpec) -> None:
    """Delete the weights file of a network and all that was made from it. Raises NetworkError if that cannot be."""
    path = weights_path(spec)
    if spec.weights.folder is not None:
        raise NetworkError(f"The weights of {spec.title} came with a package; pip alone removes them.")
    try:
        for file in (partial_path(spec), path):
            file.unlink(missing_ok=True)
    except OSError as error:
        raise NetworkError(f"{path} cannot be deleted ({error.strerror}).") from error
    forget(spec)


def _mapped(spec: NetworkSpec, path: Path, kept: Path, network: Network | None = None) -> Network:
    """The network with its tensors from the two files; `network` is it already, with others, which are let go of."""
    if abs(kept.stat().st_mtime_ns - path.stat().st_mtime_ns) > _TICK:
        raise Damage("somebody wrote to it")
    state = loaded(kept, mmap=True)
    if network is None:
        network = rewrite(without_training_heads(built(spec.build)).to("meta").requires_grad_(False).eval())
    expected = network.graph.state_dict()
    if expected.keys() - state.keys():
        state = {key: tensor for key, tensor in _published(spec, path).items() if key in expected} | state
    if _forms(state) != _forms(expected):  # made by another version of torchvision, say
        raise Damage("it is of another network")
    network.graph.load_state_dict(state, assign=True)
    return replace(network, device=torch.device("cpu"))


def _forms(state: StateDict) -> dict[str, tuple[torch.dtype, torch.Size]]:
    return {key: (tensor.dtype, tensor.shape) for key, tensor in state.items()}


def _keep(network: Network, spec: NetworkSpec, path: Path, kept: Path) -> None:
    """Write the tensors that cannot be mapped from `path` as they are needed."""
    there = _published(spec, path) if can_be_mapped(path) else {}
    state = {key: tensor for key, tensor in network.graph.state_dict().items() if not _same(tensor, there.get(key))}
    forget(spec)
    with replacing(kept) as partial:
        torch.save(state, partial)
        written = path.stat().st_mtime_ns
        os.utime(partial, ns=(written, written))  # a seal: whoever writes to it makes it younger


def _published(spec: NetworkSpec, path: Path) -> StateDict:
    """The tensors of the published file, under the keys of the prepared graph."""
    return {f"{_PREFIX}{spec.rename(key)}": tensor for key, tensor in read(path).items()}


def _same(tensor: Tensor, other: Tensor | None) -> bool:
    if other is None or (tensor.dtype, tensor.shape, tensor.stride()) != (other.dtype, other.shape, other.stride()):
        return False
    return torch.equal(tensor, other)


def _kept_path(path: Path, size: int, written: int) -> Path:
    """A changed file has another."""
    return _folder() / f"{path.stem}-{size}-{written}-{_VERSION}.pt"


def _folder() -> Path:
    if folder := os.environ.get("LIMELIGHT_CACHE"):
        return Path(folder) / "prepared"
    return Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")) / "limelight" / "prepared"
