"""Which classes are explained: indices of every form that callers may give, checked against the logits."""

from collections.abc import Sequence

import torch
from torch import Tensor

from core.errors import NetworkError, SameClass, UnknownClass
from core.targets import TopK

Indices = int | Tensor | Sequence[int] | None


def cotangents_of(indices: Tensor, rivals: Tensor | None, logits: Tensor) -> Tensor:
    """(N, classes) or (K, N, classes): 1 at the target, and -1 at the class it is contrasted with."""
    cotangents = torch.zeros(*indices.shape, logits.shape[1], device=logits.device, dtype=logits.dtype)
    cotangents.scatter_(-1, indices[..., None], 1)
    return cotangents if rivals is None else cotangents.scatter_(-1, rivals[..., None], -1)


def checked_pair(targets: Indices | TopK, against: Indices, logits: Tensor) -> tuple[Tensor, Tensor | None]:
    """The target classes, and those they are contrasted with, of one shape (N,) or (K, N)."""
    if targets is None:
        indices = logits.detach().argmax(dim=1)
    elif isinstance(targets, TopK):
        indices = _most_probable(targets, logits.detach())
    else:
        indices = _checked_classes("targets", targets, logits)
    if against is None:
        return indices, None
    rivals = _checked_classes("against", against, logits)
    try:
        indices, rivals = torch.broadcast_tensors(indices, rivals)
    except RuntimeError:
        shapes = f"{tuple(indices.shape)} and {tuple(rivals.shape)}"
        raise ValueError(f"targets and against must be as many, or one of them one a sample, not {shapes}") from None
    if len(same := indices[indices == rivals]):
        raise SameClass(int(same[0]))
    return indices, rivals


def _most_probable(targets: TopK, logits: Tensor) -> Tensor:
    """(K, N) class indices, the largest logits first."""
    left = logits.shape[1]
    if targets.excluding is not None:
        excluded = _checked_classes("excluding", targets.excluding, logits)
        logits, left = logits.scatter(1, excluded[:, None], -torch.inf), left - 1
    if left == 0:
        raise NetworkError("This network knows one class only, so there is nothing to compare it with.")
    return logits.topk(min(targets.k, left)).indices.T


def _checked_classes(name: str, classes: int | Tensor | Sequence[int], logits: Tensor) -> Tensor:
    """Class indices of shape (N,) or (K, N), all of them classes of the network; `name` is for messages."""
    samples, known = logits.shape
    indices = torch.as_tensor(classes, device=logits.device)
    if indices.is_floating_point() or indices.is_complex() or indices.dtype == torch.bool:
        raise ValueError(f"{name} must be class indices, not {indices.dtype}")
    indices = indices.long().expand(samples) if indices.ndim == 0 else indices.long()
    if indices.ndim > 2 or indices.shape[-1] != samples or indices.numel() == 0:
        raise ValueError(f"{name} must be ({samples},) or (K, {samples}), not {tuple(indices.shape)}")
    for extreme in (int(indices.min()), int(indices.max())):
        if not 0 <= extreme < known:
            raise UnknownClass(extreme, known)
    return indices
