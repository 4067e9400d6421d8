"""Numpy's arrays in a pickle become tensors of the same numbers, and what is not plain numbers becomes nothing."""

import io
import pickle
from collections.abc import Callable

import numpy as np
import pytest
import torch

from core.networks.checkpoints.unpacking.arrays import described
from core.networks.checkpoints.unpacking.pickled import followed
from core.networks.checkpoints.unpacking.values import Array, Thing

BASE = np.arange(24, dtype="f4").reshape(2, 3, 4)
ARRAYS: dict[str, np.ndarray] = {
    **{
        kind: np.array([[0, 1, 3], [7, 2, 1]]).astype(kind) for kind in "f8 f4 f2 i8 i4 i2 i1 u1 b1 >f4 >i8 <f8".split()
    },
    "in rows": BASE,
    "in columns": np.asfortranarray(BASE),
    "turned": BASE.T,
    "with gaps": BASE[:, ::2, 1:],
    "backwards": BASE[::-1],
    "one number": np.array(2.5),
    "none": np.zeros((0, 3), "f4"),
}


def follow(value: object, protocol: int) -> object:
    return followed(io.BytesIO(pickle.dumps(value, protocol)))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("name", ARRAYS)
def test_a_tensor_has_the_arrays_numbers(name: str, protocol: int) -> None:
    array = ARRAYS[name]
    found = follow(array, protocol)
    assert isinstance(found, Array)
    as_described = described(found)
    assert as_described is not None
    tensor = as_described.tensor()
    assert torch.equal(tensor, torch.from_numpy(array.astype(array.dtype.newbyteorder("=")).copy()))
    assert tensor.dtype == getattr(torch, array.dtype.name)


class Own(np.ndarray):
    """A class of somebody's own."""


@pytest.mark.parametrize("protocol", [2, 4, 5])
@pytest.mark.parametrize(
    "array",
    [
        np.array([None, "x"], dtype=object),
        np.array(["a", "bc"]),
        np.array([b"a"]),
        np.array([1j]),
        np.array(["2026-01-02"], dtype="M8[D]"),
        np.zeros(2, dtype=[("a", "f4"), ("b", "i4")]),
        np.zeros(2, dtype=np.dtype("f4", metadata={"a": 1})),
        np.arange(3, dtype="u4"),
        np.arange(3, dtype="g"),
    ],
    ids=lambda array: array.dtype.name,
)
@pytest.mark.filterwarnings("ignore:metadata on a dtype")
def test_other_kinds_of_numbers_and_objects_are_described_as_nothing(array: np.ndarray, protocol: int) -> None:
    found = follow(array, protocol)
    assert isinstance(found, Array)
    assert described(found) is None


@pytest.mark.parametrize("protocol", [2, 4, 5])
@pytest.mark.parametrize(
    "make",
    [
        lambda: BASE.view(Own),
        lambda: np.ma.masked_array(BASE),
        lambda: BASE.view(np.recarray),
        lambda: BASE[0, 0, 0],
    ],
)
def test_classes_of_their_own_and_single_numbers_stay_names(make: Callable[[], object], protocol: int) -> None:
    assert isinstance(follow(make(), protocol), Thing)


def kind(name: object = "f4", *more: object, state: object = (3, "<", None, None, None, -1, -1, 0)) -> Thing:
    thing = Thing("numpy.dtype", (name, *more))
    thing.state = state
    return thing


@pytest.mark.parametrize(
    "state",
    [
        None,
        (),
        (1, (2,), kind(), False),
        (2, (2,), kind(), False, bytes(8)),
        (1, [2], kind(), False, bytes(8)),
        (1, (-2, -1), kind(), False, bytes(8)),
        (1, (2.0,), kind(), False, bytes(8)),
        (1, (True, True), kind(), False, bytes(4)),
        (1, (1,) * 65, kind(), False, bytes(4)),
        (1, (2,), "f4", False, bytes(8)),
        (1, (2,), kind("O8"), False, bytes(8)),
        (1, (2,), kind(["f4"]), False, bytes(8)),
        (1, (2,), kind(state=None), False, bytes(8)),
        (1, (2,), kind(state=(3, "?", None, None, None, -1, -1, 0)), False, bytes(8)),
        (1, (2,), kind(state=(3, "<", None, ("a",), {}, 4, 1, 0)), False, bytes(8)),
        (1, (2,), kind(), False, [1, 2]),
        (1, (2,), kind(), False, "x" * 8),
    ],
)
def test_a_state_that_numpy_would_not_write_is_described_as_nothing(state: object) -> None:
    assert described(Array(state)) is None


@pytest.mark.parametrize("count", [0, 7, 9, 16])
def test_more_or_fewer_bytes_than_the_shape_wants_are_an_error(count: int) -> None:
    found = described(Array((1, (2,), kind(), False, bytes(count))))
    assert found is not None
    with pytest.raises(ValueError, match="number of bytes"):
        found.tensor()
