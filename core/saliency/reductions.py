"""Reductions: from three signed colour gradients to one number a pixel."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if TYPE_CHECKING:
    import torch

Array = TypeVar("Array", np.ndarray, "torch.Tensor")


def _norm(gradients: np.ndarray) -> np.ndarray:
    """In float64: squares of float32 are infinite from 1.8e19 on, and nothing below 2.6e-23."""
    return np.sqrt(np.sum(np.square(gradients, dtype=np.float64), -3)).astype(gradients.dtype)


# The two articles Limelight grows from disagree: max_abs is Simonyan's, max is FlashTorch's. So each has its name.
_REDUCTIONS: dict[str, Callable[[ModuleType, Any], Any]] = {
    "max_abs": lambda xp, g: xp.amax(xp.abs(g), -3),
    "max": lambda xp, g: xp.amax(g, -3),
    "l2": lambda xp, g: _norm(g) if xp is np else xp.sqrt(xp.sum(g * g, -3)),
    "sum": lambda xp, g: xp.sum(g, -3),
}
REDUCTIONS = tuple(_REDUCTIONS)
SIGNED = frozenset({"max", "sum"})


def saliency(attribution: Array, reduction: str = "max_abs") -> Array:
    """Collapse a signed attribution over colour, (..., 3, height, width) -> (..., height, width).

    In the attribution's own units, for a NumPy array as for a torch tensor. "max_abs": the largest |gradient|, >= 0
    (Simonyan et al. 2014, section 3.1). "max": the largest signed gradient, as FlashTorch; a pixel with
    (-9, -8, -7) becomes -7. "l2": the Euclidean norm, >= 0. "sum": the signed sum, the effect of changing all three
    colours together. Of grey, (..., 1, height, width), it is the one gradient or its magnitude.
    """
    if reduction not in _REDUCTIONS:
        raise ValueError(f"reduction must be one of {', '.join(REDUCTIONS)}, not {reduction!r}")
    if attribution.ndim < 3 or attribution.shape[-3] not in (1, 3):
        raise ValueError(f"attribution must be (..., 3, height, width), not {tuple(attribution.shape)}")
    if isinstance(attribution, np.ndarray):
        return _REDUCTIONS[reduction](np, attribution)
    import torch  # names are known before it is there

    return _REDUCTIONS[reduction](torch, attribution)
