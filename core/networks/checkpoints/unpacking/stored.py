"""What torch.save wrote, in either of its formats: the value of its pickle, and where in the file the numbers are.

The file is mapped, and a tensor is a view of the map, made only when it is asked for and after its description was
checked against the file. Nothing of torch reads the file.
"""

import io
import mmap
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from .pickled import followed
from .refused import Refused
from .values import Laid, Storage

if TYPE_CHECKING:
    from torch import Tensor

_LOCAL_HEADER = 30  # bytes before an entry's name in a zip file
_NUMBERS_BEFORE = 8  # bytes that say how many numbers follow, in the older format


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """The numbers of a file.

    places: of each storage, where its bytes begin and how many they are. mapped: the file. swapped: whether it was
    written on a computer with the other order of bytes.
    """

    places: Mapping[str, tuple[int, int]]
    mapped: mmap.mmap
    swapped: bool

    def tensor(self, laid: Laid) -> "Tensor":
        """The tensor, a view of the file. Raises Refused if the file has not what it claims."""
        import torch

        dtype = getattr(torch, laid.storage.dtype)  # one of pickled.py's table
        begin, length = self.places.get(laid.storage.key, (0, 0))
        begin, length = begin + laid.storage.start * dtype.itemsize, length - laid.storage.start * dtype.itemsize
        if laid.storage.count * dtype.itemsize > length:
            raise Refused("damaged")
        if 0 in laid.size:
            return torch.empty(laid.size, dtype=dtype)
        last = laid.offset + sum((size - 1) * step for size, step in zip(laid.size, laid.stride, strict=True))
        if last >= laid.storage.count:
            raise Refused("damaged")
        row = torch.frombuffer(self.mapped, dtype=dtype, count=laid.storage.count, offset=begin)
        return (swapped(row) if self.swapped else row).as_strided(laid.size, laid.stride, laid.offset)


def opened_zip(source: str) -> tuple[Any, Numbers]:
    """Of torch.save's format: the pickle's value, and the numbers. That the archive is sound is checked before."""
    mapped = _mapped(source)
    with zipfile.ZipFile(source) as archive:
        places = {info.filename.partition("/")[2]: (_begin(mapped, info), info.file_size) for info in archive.filelist}
    storages: dict[str, Storage] = {}
    begin, length = places["data.pkl"]
    content = followed(io.BytesIO(mapped[begin : begin + length]), storages)
    _check_claims(storages, len(mapped))
    begin, length = places.get("byteorder", (0, 0))
    order = mapped[begin : begin + length].decode() or "little"
    keyed = {name.removeprefix("data/"): place for name, place in places.items() if name.startswith("data/")}
    return content, Numbers(keyed, mapped, swapped=order != sys.byteorder)


def opened_legacy(source: str) -> tuple[Any, Numbers]:
    """Of the format before torch 1.6: five pickles, then the storages one after another."""
    mapped, storages = _mapped(source), dict[str, Storage]()
    with open(source, "rb") as file:
        _, _, system = (followed(file) for _ in range(3))  # magic number, version
        content = followed(file, storages)
        _check_claims(storages, len(mapped))
        keys = followed(file)
        places = _one_after_another(file, keys, storages, len(mapped))
    little = not isinstance(system, dict) or system.get("little_endian", True) is not False
    return content, Numbers(places, mapped, swapped=little != (sys.byteorder == "little"))


def _mapped(source: str) -> mmap.mmap:
    with open(source, "rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)  # torch has no tensors that cannot be written to


def _begin(mapped: mmap.mmap, info: zipfile.ZipInfo) -> int:
    """Where an entry's bytes begin: behind its header, name and padding."""
    header = mapped[info.header_offset : info.header_offset + _LOCAL_HEADER]
    if header[:4] != b"PK\x03\x04" or len(header) < _LOCAL_HEADER:
        raise Refused("damaged")
    name, extra = int.from_bytes(header[26:28], "little"), int.from_bytes(header[28:30], "little")
    begin = info.header_offset + _LOCAL_HEADER + name + extra
    if begin + info.file_size > len(mapped):
        raise Refused("damaged")
    return begin


def _check_claims(storages: Mapping[str, Storage], size: int) -> None:
    """A storage that says it is larger than the file would be made as large by whoever believed it."""
    if any(storage.count > size for storage in storages.values()):
        raise Refused("memory")


def _one_after_another(
    file: IO[bytes], keys: object, storages: Mapping[str, Storage], size: int
) -> dict[str, tuple[int, int]]:
    import torch

    places: dict[str, tuple[int, int]] = {}
    for key in keys if isinstance(keys, list) else ():
        count = int.from_bytes(file.read(_NUMBERS_BEFORE), "little")
        begin, length = file.tell(), count * getattr(torch, storages[str(key)].dtype).itemsize
        if begin + length > size:
            raise Refused("damaged")
        file.seek(begin + length)
        places[str(key)] = begin, length
    return places


def swapped(row: "Tensor") -> "Tensor":
    """The same numbers with the other order of bytes."""
    import torch

    return row.view(torch.uint8).view(-1, row.element_size()).flip(1).view(row.dtype).flatten()
