"""torchvision's classifiers as tables: what is known of each of their weights, and the names of ImageNet's classes.

torchvision says the same, but takes two seconds to be imported, for which no first page waits. The tables are made from
it by `python -m core.networks.zoo.make`, and a test holds them against it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from core.values import Recipe

TABLE, CLASS_NAMES = (files(__name__) / name for name in ("torchvision.jsonl", "imagenet.txt"))
HOST = "https://download.pytorch.org/models/"


@dataclass(frozen=True, slots=True)
class Row:
    """One set of weights. model, weights: torchvision's names. file: the published one's name; size: of it, in bytes.

    parameters, accuracy, gflops, training, licence: see `core.networks.catalogue`; resize to std: see Recipe.
    """

    model: str
    weights: str
    is_default: bool
    file: str
    size: int
    parameters: int
    resize: int
    crop: int
    interpolation: str
    mean: tuple[float, ...]
    std: tuple[float, ...]
    accuracy: float
    gflops: float
    training: str
    licence: str

    @property
    def recipe(self) -> Recipe:
        """How pictures are prepared."""
        return Recipe(self.resize, self.crop, self.interpolation, self.mean, self.std)

    @property
    def digest(self) -> str:
        """The beginning of the file's sha256, which stands in its name."""
        return self.file.removesuffix(".pth").rsplit("-", 1)[1]


@cache
def zoo() -> Mapping[str, tuple[Row, ...]]:
    """The rows of each model, by its name."""
    found: dict[str, tuple[Row, ...]] = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        said = json.loads(line)
        values: dict[str, Any] = {k: tuple(value) if isinstance(value, list) else value for k, value in said.items()}
        row = Row(**values)
        found[row.model] = (*found.get(row.model, ()), row)
    return MappingProxyType(found)


@cache
def class_names() -> tuple[str, ...]:
    """ImageNet's 1000 classes as torchvision names them, in the order of the logits."""
    return tuple(CLASS_NAMES.read_text(encoding="utf-8").splitlines())
