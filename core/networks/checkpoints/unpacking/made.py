"""What a call in a pickle stands for: plain data, tensors' descriptions, or a Thing of that name."""

from collections.abc import Callable
from typing import Any

from .refused import Refused
from .values import Array, Laid, Name, Odd, Storage, Thing

_MOST_DIMENSIONS = 64  # as in torch
_PLAIN_TYPES = ("torch.Tensor", "torch._tensor.Tensor", "torch.nn.parameter.Parameter", "torch.nn.parameter.Buffer")
_PLAIN_NUMBERS = (
    "float32", "float64", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool",
)  # fmt: skip


def made(function: object, arguments: object) -> object:
    """What a call stands for. Raises Refused where there is nothing to call."""
    if not isinstance(function, Name | Thing) or not isinstance(arguments, tuple):
        raise Refused("damaged")
    name = function.name if isinstance(function, Thing) else function.text
    make = _MADE.get(name) if isinstance(function, Name) else None
    return make(*arguments) if make else Thing(name, arguments)


def _laid(storage: object, offset: object, size: object, stride: object, *more: object) -> Laid | Odd:
    """more: requires_grad, hooks, and since torch 2 metadata, such as that all numbers are to be negated."""
    if not isinstance(storage, Storage) or not isinstance(size, tuple) or not isinstance(stride, tuple):
        raise Refused("damaged")
    if len(size) != len(stride) or len(size) > _MOST_DIMENSIONS or not _are_counts(offset, *size, *stride):
        raise Refused("damaged")
    if storage.dtype not in _PLAIN_NUMBERS or (len(more) > 2 and more[2]):
        return Odd("numbers of another kind")
    return Laid(storage, offset, size, stride)  # type: ignore[arg-type]


def _are_counts(*values: object) -> bool:
    return all(type(value) is int and value >= 0 for value in values)


def _data(tensor: object, *_: object) -> object:
    """A parameter is what it holds."""
    return tensor if isinstance(tensor, Laid | Odd) else Thing("torch.nn.parameter.Parameter", (tensor,))


def _of_type(function: object, kind: object, arguments: object, _: object) -> object:
    """A tensor with attributes, which are dropped, or one of a class of its own, which could mean anything."""
    if not isinstance(kind, Name):
        raise Refused("damaged")
    tensor = made(function, arguments)
    return tensor if kind.text in _PLAIN_TYPES and isinstance(tensor, Laid) else Odd(kind.text)


def _bytes(text: object, encoding: object = "") -> object:
    """How pickle writes bytes for Python 2. Any other codec would be looked up by its name."""
    if isinstance(text, str) and encoding == "latin1":
        return text.encode("latin1")
    return Thing("_codecs.encode", (text, encoding))


def _bytearray(data: object = b"", encoding: object = "") -> object:
    if isinstance(data, str) and encoding in ("latin1", "latin-1"):
        return bytearray(data.encode("latin1"))
    if isinstance(data, int | bytes | list) and not encoding:
        return bytearray(data)
    return Thing("builtins.bytearray", (data, encoding))


def _array(kind: object, *more: object) -> Array | Thing:
    """An array without a state, which comes later; one of a class of its own could mean anything."""
    name = kind.text if isinstance(kind, Name) else "an array"
    return Array() if name == "numpy.ndarray" else Thing(name, (kind, *more))


def _array_of(data: object, dtype: object, shape: object, order: object, *axes: object) -> Array | Thing:
    """How pickle writes arrays since its protocol 5: with the state that others get later."""
    if order in ("C", "F") and axes in ((), (None,)):
        return Array((1, shape, dtype, order == "F", data))
    return Thing("numpy.ndarray", (data, dtype, shape, order, *axes))


def _of_others(*_: object) -> object:
    """What only other ways of saving write, by which the weights are elsewhere than in the pickle itself."""
    raise Refused("pickle")


def _plain(make: Callable[..., Any], name: str) -> Callable[..., object]:
    """Plain data of plain data; a Thing of that name where Python makes none of it."""

    def make_it(*arguments: object) -> object:
        try:
            return make(*arguments)
        except (TypeError, ValueError):
            return Thing(name, arguments)

    return make_it


def _odd(name: str) -> Callable[..., Odd]:
    return lambda *arguments: Odd(name)


_MADE: dict[str, Callable[..., object]] = {
    "_codecs.encode": _bytes,
    "builtins.bytearray": _bytearray,
    "builtins.bytes": lambda *given: Thing("builtins.bytes", given) if given else b"",
    "builtins.complex": _plain(complex, "builtins.complex"),
    "builtins.frozenset": _plain(frozenset, "builtins.frozenset"),
    "builtins.set": _plain(set, "builtins.set"),
    "collections.Counter": _plain(dict, "collections.Counter"),
    "collections.OrderedDict": _plain(dict, "collections.OrderedDict"),
    "joblib.numpy_pickle.NumpyArrayWrapper": _of_others,
    **{f"numpy.{core}.multiarray._reconstruct": _array for core in ("core", "_core")},
    **{f"numpy.{core}.numeric._frombuffer": _array_of for core in ("core", "_core")},
    "torch.Size": _plain(tuple, "torch.Size"),
    "torch._tensor._rebuild_from_type_v2": _of_type,
    "torch._utils._rebuild_parameter": _data,
    "torch._utils._rebuild_parameter_with_state": _data,
    "torch._utils._rebuild_tensor": _laid,
    "torch._utils._rebuild_tensor_v2": _laid,
    "torch.nn.parameter.Parameter": _data,
    "torch.storage._load_from_bytes": _of_others,
    **{
        f"torch._utils._rebuild_{kind}": _odd(f"torch._utils._rebuild_{kind}")
        for kind in (
            "device_tensor_from_cpu_tensor", "device_tensor_from_numpy", "meta_tensor_no_storage", "nested_tensor",
            "qtensor", "sparse_csr_tensor", "sparse_tensor", "tensor_v3", "wrapper_subclass", "xla_tensor",
        )
    },
}  # fmt: skip
