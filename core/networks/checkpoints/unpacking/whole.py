"""Weights that are kept as several tensors made whole: pruned, weight-normed and spectrally normed ones.

Each row of the table is how one of torch's utilities keeps a weight, and the formula by which its own forward
computes the weight from them in eval mode, so what is made is exact up to rounding.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

Formula = Callable[..., "Tensor"]


def _masked(original: "Tensor", mask: "Tensor") -> "Tensor":
    return original * mask.to(original.dtype)


def _scaled(size: "Tensor", direction: "Tensor") -> "Tensor":
    """Salimans and Kingma 2016, equation 2. The norm is taken over those dimensions in which the size has length 1.

    Its shape says so: (n, 1, 1, 1) for one norm for each of n filters, () for one of all.
    """
    import torch

    same = size.ndim == direction.ndim
    over = [at for at in range(direction.ndim) if not same or size.shape[at] == 1]
    if not over:
        raise ValueError("nothing to take a norm over")
    return direction * (size / torch.linalg.vector_norm(direction, dim=over, keepdim=same))


def _divided(original: "Tensor", left: "Tensor", right: "Tensor") -> "Tensor":
    """Miyato et al. 2018: by the largest singular value, as the two vectors kept for it give it, rows first."""
    if original.ndim < 2:
        raise ValueError("a vector has no singular values")
    rows = original.flatten(1)
    return original / left.dot(rows.mv(right))


_ROWS: tuple[tuple[str, tuple[str, ...], Formula], ...] = (  # torch's function, what a weight's name is followed by
    ("torch.nn.utils.prune", ("{name}_orig", "{name}_mask"), _masked),
    ("torch.nn.utils.weight_norm", ("{name}_g", "{name}_v"), _scaled),
    ("torch.nn.utils.spectral_norm", ("{name}_orig", "{name}_u", "{name}_v"), _divided),
    (
        "torch.nn.utils.parametrizations.weight_norm",
        ("parametrizations.{name}.original0", "parametrizations.{name}.original1"),
        _scaled,
    ),
    (
        "torch.nn.utils.parametrizations.spectral_norm",
        ("parametrizations.{name}.original", "parametrizations.{name}.0._u", "parametrizations.{name}.0._v"),
        _divided,
    ),
)
_KINDS = ("weight", "bias", "in_proj_weight", "in_proj_bias")


def made_whole(tensors: Mapping[str, "Tensor"]) -> dict[str, "Tensor"]:
    """All tensors by name, those that belong together replaced by the weight that they make.

    Where a formula does not apply to their shapes they are left as they are.
    """
    whole = dict(tensors)
    for _, parts, formula in _ROWS:
        for name, own in _places(whole, parts):
            with suppress(RuntimeError, ValueError):
                whole[name] = formula(*(whole[part] for part in own))
                for part in own:
                    del whole[part]
    return whole


def _places(tensors: Mapping[str, "Tensor"], parts: tuple[str, ...]) -> list[tuple[str, list[str]]]:
    """The names of weights that are kept so, and the names of what each is made of."""
    found = []
    for kind in _KINDS:
        first, *others = (part.format(name=kind) for part in parts)
        for name in tensors:
            before = name.removesuffix(first)
            if name.endswith(first) and (not before or before.endswith(".")):
                own = [name, *(before + other for other in others)]
                if before + kind not in tensors and all(part in tensors for part in own):
                    found.append((before + kind, own))
    return found
