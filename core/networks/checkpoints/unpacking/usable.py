"""The tensors of a state dict that can be used, and why the others cannot."""

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from .arrays import described
from .dicts import is_tensor, shape_of
from .refused import Refused
from .stored import Numbers
from .values import Array, Laid, Thing
from .whole import made_whole

if TYPE_CHECKING:
    from torch import Tensor

LONGEST_NAME = 500  # characters
MOST_TENSORS = 10_000
SLACK = 2**20  # bytes that tensors may take beyond twice the file's size

Unusable = dict[str, tuple[str, str, list[int]]]  # name: the reason, what it is about, the shape


def usable(
    entries: Mapping[object, object], numbers: Numbers | None, size: int
) -> tuple[dict[str, "Tensor"], Unusable]:
    """The tensors among the entries, each plain, contiguous, finite, with memory of its own; and those that are not.

    Raises Refused if there are too many, if their names are none, or if not one can be used.
    """
    unusable = Unusable()
    tensors = made_whole(dict(_plain_ones(entries, numbers, 2 * size + SLACK, unusable)))
    for name in [name for name, tensor in tensors.items() if not _is_finite(tensor)]:
        unusable[name] = "infinite", name, list(tensors.pop(name).shape)
    if not tensors:
        reason, about, _ = next(iter(unusable.values()), ("nothing", "", []))
        raise Refused(reason, about)
    seen: set[int] = set()
    return {name: _separate(tensor, seen) for name, tensor in tensors.items()}, unusable


def _plain_ones(
    entries: Mapping[object, object], numbers: Numbers | None, room: int, unusable: Unusable
) -> Iterator[tuple[str, "Tensor"]]:
    """Those that are plain and do not claim more than `room` bytes together; why others are not goes to `unusable`."""
    for count, (name, value) in enumerate(_named(entries)):
        if count == MOST_TENSORS:
            raise Refused("crowded")
        try:
            tensor = _plain(name, value, numbers, room)
        except Refused as refused:
            unusable[name] = refused.reason, refused.name, shape_of(value)
        else:
            room -= tensor.numel() * tensor.element_size()
            yield name, tensor


def _named(entries: Mapping[object, object]) -> Iterator[tuple[str, object]]:
    """The entries that are tensors, or stand where one could be."""
    for name, value in entries.items():
        is_name = isinstance(name, str) and len(name) <= LONGEST_NAME
        if is_tensor(value) and not is_name:
            raise Refused("names")
        if isinstance(name, str) and is_name and (is_tensor(value) or type(value) is Thing):
            yield name, value


def _plain(name: str, value: object, numbers: Numbers | None, room: int) -> "Tensor":
    import torch

    if isinstance(value, Thing):
        raise Refused("not a tensor", value.name)
    if isinstance(value, Laid) and numbers:
        if math.prod(value.size) * getattr(torch, value.storage.dtype).itemsize > room:
            raise Refused("size", name)
        value = numbers.tensor(value)
    if isinstance(value, Array):
        value = _of_array(name, value, room)
    whole = (torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool)
    broken = (torch.float32, torch.float64, torch.float16, torch.bfloat16)
    if not isinstance(value, torch.Tensor) or value.dtype not in whole + broken:
        raise Refused("kind", name)
    return value


def _of_array(name: str, array: Array, room: int) -> "Tensor":
    found = described(array)
    if found is None:
        raise Refused("array", name)
    if len(found.data) > room:
        raise Refused("size", name)
    try:
        return found.tensor()
    except ValueError as error:
        raise Refused("damaged") from error


def _is_finite(tensor: "Tensor") -> bool:
    """Whether all numbers are, also in float32, as which they will be used."""
    import torch

    if not tensor.is_floating_point() or not tensor.numel():
        return True
    low, high = (float(value) for value in torch.aminmax(tensor))
    largest = torch.finfo(torch.float32).max
    return -largest <= low <= high <= largest  # NaN is never in order


def _separate(tensor: "Tensor", seen: set[int]) -> "Tensor":
    """The tensor without gaps in memory and sharing none, which safetensors asks for; a copy only if it has to be."""
    tensor = tensor.contiguous()
    storage = tensor.untyped_storage()
    if storage.nbytes() != tensor.nbytes or storage.data_ptr() in seen:
        return tensor.clone()
    seen.add(storage.data_ptr())
    return tensor
