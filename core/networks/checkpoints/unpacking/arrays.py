"""Numpy's arrays as a pickle describes them, and as tensors, where they hold plain numbers and nothing else."""

import math
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .stored import swapped
from .values import Array, Thing

if TYPE_CHECKING:
    from torch import Tensor

_MOST_DIMENSIONS = 64  # as in numpy
_NUMBERS = {  # numpy's name of the kind of numbers, and torch's
    "f8": "float64", "f4": "float32", "f2": "float16", "i8": "int64", "i4": "int32", "i2": "int16", "i1": "int8",
    "u1": "uint8", "b1": "bool",
}  # fmt: skip
_ORDERS = {"<": "little", ">": "big", "=": sys.byteorder, "|": sys.byteorder}  # of the bytes of a number


@dataclass(frozen=True, slots=True, eq=False)
class Described:
    """dtype: torch's name. in_columns: whether the first index runs fastest. order: of the bytes of a number."""

    dtype: str
    shape: tuple[int, ...]
    in_columns: bool
    order: str
    data: bytes | bytearray

    def tensor(self) -> "Tensor":
        """With memory of its own. Raises ValueError where there are more or fewer bytes than the shape wants."""
        import torch

        dtype = getattr(torch, self.dtype)
        if len(self.data) != math.prod(self.shape) * dtype.itemsize:
            raise ValueError("another number of bytes")
        if not self.data:
            return torch.empty(self.shape, dtype=dtype)
        row = torch.frombuffer(bytearray(self.data), dtype=dtype)
        row = swapped(row) if self.order != sys.byteorder else row
        if not self.in_columns:
            return row.view(self.shape)
        return row.view(self.shape[::-1]).permute(*reversed(range(len(self.shape))))


def described(array: Array) -> Described | None:
    """What an array's state says, part by part, each of the type that it has to be; None if it is not plain numbers."""
    match array.state:
        case (
            1,
            tuple(shape),
            Thing(
                name="numpy.dtype",
                arguments=(str(kind), *_),
                state=(3, str(order), None, None, None, -1, -1, 0),
            ),
            bool() | int() as in_columns,
            bytes() | bytearray() as data,
        ) if kind in _NUMBERS and order in _ORDERS and _is_shape(shape):
            return Described(_NUMBERS[kind], shape, bool(in_columns), _ORDERS[order], data)
    return None


def _is_shape(lengths: tuple[object, ...]) -> bool:
    return len(lengths) <= _MOST_DIMENSIONS and all(type(length) is int and length >= 0 for length in lengths)
