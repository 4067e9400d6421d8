"""Where weights files are: torch hub's own folder, so that earlier downloads are found."""

import os
import sys
from pathlib import Path

from core.errors import WeightsMissing
from core.networks.catalogue import NetworkSpec


def hub_folder() -> Path:
    """`torch.hub.get_dir()`; where torch is not there yet, by the same variables."""
    if "torch.hub" in sys.modules:  # where it may have been set to another
        import torch

        return Path(torch.hub.get_dir())
    cache = os.environ.get("XDG_CACHE_HOME", "~/.cache")
    return Path(os.environ.get("TORCH_HOME", f"{cache}/torch")).expanduser() / "hub"


def weights_path(spec: NetworkSpec) -> Path:
    """Where a network's file is or would be."""
    return (spec.weights.folder or hub_folder() / "checkpoints") / spec.weights.name


def on_disk(spec: NetworkSpec) -> bool:
    """Whether the weights file is on this computer; that it is sound shows when it is loaded."""
    return weights_path(spec).is_file()


def require_weights(spec: NetworkSpec) -> None:
    """Raises WeightsMissing if the weights file is not on this computer."""
    if not on_disk(spec):
        raise WeightsMissing(spec.title, weights_path(spec), spec.weights.url, spec.weights.size)


Version = tuple[int, int] | None  # bytes of a file and when it was written, in ns; None if it is not there


def version(spec: NetworkSpec) -> Version:
    """Of a network's weights file: another one once somebody writes to it.

    None of a checkpoint of one's own, too: its name says what is in it, and each session has a copy.
    """
    return status_of(weights_path(spec)) if spec.weights.url else None


def status_of(path: Path) -> Version:
    """Of a file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns
