"""A copy whose tensors have the names of a dialect, written once more with torchvision's."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from core.errors import CheckpointError
from core.networks.checkpoints.dialects import DIALECTS, Dialect
from core.networks.checkpoints.foreign import check_architecture, foreign, is_of_fastai
from core.networks.checkpoints.said import Said
from core.networks.checkpoints.unpack import SAID
from core.networks.weights.files import replacing

_PART = re.compile(r"(.+)\[(\d)\]")
_TABLE, _INDEX = "relative_position_bias_table", "relative_position_index"
_WINDOW = 7  # places a side, in all of torchvision's Swin transformers


@dataclass(frozen=True, slots=True)
class Translation:
    """What became of a copy.

    dialect: whose names it had; None where nothing was translated. foreign: for when it is of none of torchvision's
    networks, a sentence that says whose it is; "" if that is not known.
    """

    dialect: Dialect | None = None
    foreign: str = ""

    @property
    def epsilons(self) -> tuple[tuple[str, float], ...]:
        """Of the network's normalisations, by a pattern of the module's name, where they are not torchvision's."""
        return self.dialect.epsilons if self.dialect else ()

    def completed(self, said: Said) -> Said:
        """What a file says, and where that is nothing, what the library's own networks take."""
        if self.dialect is None:
            return said
        return replace(
            said,
            normalisation=said.normalisation or self.dialect.normalisation,
            interpolation=self.dialect.interpolation,
            squash=self.dialect.squash,
            notices=(self.dialect.notice, *said.notices),
        )


def translate(copy: Path) -> Translation:
    """Write a safetensors file anew if its names are a dialect's, and leave it as it is if they are not.

    Raises CheckpointError if it says, or leaves open, that it is a network other than torchvision's with the same
    tensors, and if there is no room.
    """
    with safe_open(copy, framework="pt") as file:
        names, metadata = list(file.keys()), file.metadata() or {}
    dialect, prefixes = (None, []) if is_of_fastai(names) else _spoken(names)
    check_architecture(json.loads(metadata.get(SAID, "{}")).get("notes", {}), dialect)
    if dialect is not None:
        try:
            with replacing(copy) as partial:
                save_file(_translated(copy, dialect, prefixes), partial, metadata)
        except SafetensorError as error:
            raise CheckpointError(
                "There is no room on the server's disk for a copy of this file: try again later, or give a smaller one."
            ) from error
    return Translation(dialect, foreign(names))


def _spoken(names: Iterable[str]) -> tuple[Dialect | None, list[str]]:
    """The first dialect that any names are of, and what stands before it wherever it is spoken, the longest first."""
    known = set(names)
    for dialect in DIALECTS:
        first, *others = dialect.marks
        places = [name.removesuffix(first) for name in known if f".{name}".endswith(f".{first}")]
        found = {_above(place, dialect.root) for place in places if all(place + mark in known for mark in others)}
        if found:
            return dialect, sorted(found, key=len, reverse=True)
    return None, []


def _above(place: str, root: str) -> str:
    return place.removesuffix(root) if f".{place}".endswith(f".{root}") else place


def _translated(copy: Path, dialect: Dialect, prefixes: list[str]) -> dict[str, Tensor]:
    """The tensors under torchvision's names; those that the dialect does not know, or knows twice, under their own."""
    tensors: dict[str, Tensor] = {}
    parts: dict[str, dict[str, str]] = defaultdict(dict)
    with safe_open(copy, framework="pt") as file:
        for name in file.keys():
            new = _renamed(name, dialect, prefixes)
            part = _PART.fullmatch(new) if new != name else None
            if part and part[2] not in parts[part[1]]:
                parts[part[1]][part[2]] = name
            elif new:
                new = name if new in tensors or part else new
                tensors[new] = _shaped(new, file.get_tensor(name))
        for new, named in parts.items():
            pieces = {named[number]: file.get_tensor(named[number]) for number in sorted(named)}
            tensors.update(pieces if new in tensors else _joined(new, pieces))
    return _with_indices(tensors)


def _joined(new: str, pieces: dict[str, Tensor]) -> dict[str, Tensor]:
    """The pieces one after the other as one tensor; as they are if their shapes differ."""
    shapes = {tuple(piece.shape) for piece in pieces.values()}
    return {new: torch.cat(list(pieces.values()))} if len(shapes) == 1 and shapes != {()} else pieces


def _renamed(name: str, dialect: Dialect, prefixes: list[str]) -> str:
    prefix = next((prefix for prefix in prefixes if name.startswith(prefix)), None)
    if prefix is None:
        return name
    new = dialect.rename(name.removeprefix(prefix))
    return prefix + new if new else ""


def _shaped(name: str, tensor: Tensor) -> Tensor:
    """As torchvision keeps the same numbers: scales of channels over height and width, indices in one row."""
    if name.endswith(".layer_scale") and tensor.ndim == 1:
        return tensor[:, None, None].contiguous()
    return tensor.flatten() if name.endswith(_INDEX) else tensor


def _with_indices(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Swin's places in its tables, which torchvision keeps beside them and others compute."""
    wanted = [name.replace(_TABLE, _INDEX) for name, table in tensors.items() if _is_table(name, table)]
    return {**{name: window_indices(_WINDOW) for name in wanted}, **tensors}


def _is_table(name: str, tensor: Tensor) -> bool:
    return name.endswith(_TABLE) and tensor.shape[:1] == ((2 * _WINDOW - 1) ** 2,)


def window_indices(side: int) -> Tensor:
    """Which row of its table of (2 side - 1)² offsets each pair of places in a window has: (side⁴,) (Liu et al. 2021).

    Offsets are those of the first place from the second, rows before columns, the most negative one first.
    """
    row, column = (axis.flatten() for axis in torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij"))
    down = row[:, None] - row[None, :] + side - 1
    right = column[:, None] - column[None, :] + side - 1
    return (down * (2 * side - 1) + right).flatten()
