"""Where the numbers of a file are: as torch has written them, and nowhere else than its description may say."""

import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from core.networks.checkpoints.unpacking.refused import Refused
from core.networks.checkpoints.unpacking.stored import Numbers, opened_legacy, opened_zip
from core.networks.checkpoints.unpacking.values import Laid
from tests.networks.made_weights import write

BASE = torch.arange(24.0).view(4, 6)
TENSORS: dict[str, Tensor] = {
    "all": BASE,
    "turned": BASE.t(),
    "part": BASE[1:3, ::2],
    "wide": BASE[0, :1].expand(5),
    "one": BASE[3, 5],
    "none": torch.zeros(0, 3),
    "bytes": torch.arange(7, dtype=torch.uint8),
    "wider": torch.tensor([1.5, -2.0], dtype=torch.float64),
    "brain": torch.tensor([1.5, -2.0], dtype=torch.bfloat16),
    "whole": torch.tensor([[-3, 2**40]]),
}
OPENED: dict[str, Callable[[str], tuple[dict[str, Laid], Numbers]]] = {"zip": opened_zip, "legacy": opened_legacy}


def opened(kind: str, folder: Path, content: object = TENSORS) -> tuple[dict[str, Laid], Numbers]:
    return OPENED[kind](str(write(content, folder / kind, legacy=kind == "legacy")))


@pytest.mark.parametrize("kind", OPENED)
def test_tensors_are_those_that_torch_wrote(kind: str, tmp_path: Path) -> None:
    laid, numbers = opened(kind, tmp_path)
    for name, expected in TENSORS.items():
        found = numbers.tensor(laid[name])
        assert torch.equal(found, expected)
        assert (found.dtype, found.shape) == (expected.dtype, expected.shape)


def test_numbers_in_the_other_order_of_bytes_are_turned(tmp_path: Path) -> None:
    write({"a": torch.tensor([1.5, -2.0])}, tmp_path / "little")
    with zipfile.ZipFile(tmp_path / "little") as archive, zipfile.ZipFile(tmp_path / "big", "w") as other:
        for entry in archive.namelist():
            data = archive.read(entry)
            changed = {"byteorder": b"big", "data/0": struct.pack(">2f", 1.5, -2.0)}.get(entry.partition("/")[2], data)
            other.writestr(entry, changed)
    laid, numbers = opened_zip(str(tmp_path / "big"))
    assert numbers.tensor(laid["a"]).tolist() == [1.5, -2.0]


@pytest.mark.parametrize("kind", OPENED)
def test_nothing_outside_a_storage_is_read(kind: str, tmp_path: Path) -> None:
    laid, numbers = opened(kind, tmp_path)
    whole = laid["all"]
    for wrong in (
        replace(whole, offset=1),
        replace(whole, size=(5, 6)),
        replace(whole, stride=(7, 1)),
        replace(whole, stride=(2**62, 2**62)),
        replace(whole, storage=replace(whole.storage, count=25)),
        replace(whole, storage=replace(whole.storage, start=1)),
        replace(whole, storage=replace(whole.storage, key="99")),
    ):
        with pytest.raises(Refused):
            numbers.tensor(wrong)


def test_a_storage_that_claims_more_than_the_file_has_is_refused(tmp_path: Path) -> None:
    path = write({"a": torch.ones(3)}, tmp_path / "a", legacy=True)
    data = path.read_bytes()
    assert data.count(b"K\x03N") == 1, "the format of torch.save has changed"
    path.write_bytes(data.replace(b"K\x03N", b"J\xff\xff\xff\x7fN"))
    with pytest.raises(Refused) as refused:
        opened_legacy(str(path))
    assert refused.value.reason == "memory"
