"""Weights that mean nothing, in files named and shaped as the published ones; the same every time."""

import re
from pathlib import Path

import torch
from torch import Tensor

from core.networks.catalogue import lookup
from core.networks.weights.files import built


def write_random_weights(name: str, folder: Path, *, legacy: bool = False) -> Path:
    """Write <folder>/<the published file's name>, in the format before torch 1.6 if legacy; give its path.

    For load_module to find it, folder has to be "checkpoints" in torch hub's folder. The values are seeded,
    and scaled (He initialisation, batch normalisation near identity) so that logits are neither 0 nor huge.
    """
    return write(random_state(name), folder / lookup(name).weights.name, legacy=legacy)


def write(content: object, path: Path, *, legacy: bool = False) -> Path:
    """Save as weights are saved; a file already there is replaced, not changed: it may be mapped."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    torch.save(content, path, _use_new_zipfile_serialization=not legacy)
    return path


def random_state(name: str, seed: int = 0) -> dict[str, Tensor]:
    """The state dict of write_random_weights, with today's keys."""
    return randomised(built(lookup(name).build).state_dict(), seed)


def randomised(state: dict[str, Tensor], seed: int = 0) -> dict[str, Tensor]:
    """A state dict with such values in place of its own; it keeps its _metadata, which some networks look for."""
    generator = torch.Generator().manual_seed(seed)
    for key in state:
        tensor = state[key] = torch.empty_like(state[key], device="cpu") if state[key].is_meta else state[key].clone()
        if tensor.is_floating_point() and not key.endswith("relative_coords_table"):
            low, high = _range(key, tensor, state)
            tensor.uniform_(low, high, generator=generator)
        elif key.endswith("num_batches_tracked"):
            tensor.fill_(1)
    return state


def _range(key: str, tensor: Tensor, state: dict[str, Tensor]) -> tuple[float, float]:
    if tensor.ndim > 1:
        bound = (6 / tensor[0].numel()) ** 0.5
        return -bound, bound
    if key.endswith("weight"):
        return (0.2, 0.3) if _ends_a_residual_branch(key, state) else (0.9, 1.1)
    return (0.9, 1.1) if key.endswith("running_var") else (-0.05, 0.05)


def _ends_a_residual_branch(key: str, state: dict[str, Tensor]) -> bool:
    # At full strength every block of a ResNet or an EfficientNet would double the variance.
    if block := re.fullmatch(r"(layer\d\.\d+\.)bn([23])\.weight", key):
        return block[2] == "3" or f"{block[1]}bn3.weight" not in state
    if block := re.fullmatch(r"(features\.\d+\.\d+\.block\.)(\d)\.1\.weight", key):
        return not any(f"{block[1]}{later}.1.weight" in state for later in range(int(block[2]) + 1, 5))
    return False
