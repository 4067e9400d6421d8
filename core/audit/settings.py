"""What an audit is asked: all that decides its rows, as one value."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from core.images.framing import FITS
from core.rules import DEFAULT_RULES, RULES

LABELS = ("folders", "none")
BATCH = 4  # pictures; on a CPU more are slower, since depthwise convolutions fall out of its cache

_VERSION = 1  # to be raised when the same settings would give other rows


@dataclass(frozen=True, slots=True)
class Settings:
    """networks: their names. rules: the backward rules whose maps are kept.

    sample: pictures of each label at most, 0 for all; seed: which. labels: "folders", the last folder's name, or
    "none". fit: see `core.images.framing.frame`. batch: pictures that are computed at once. maps: whether whole
    gradients are kept too. Raises ValueError for values that make no sense.
    """

    networks: tuple[str, ...]
    rules: tuple[str, ...] = DEFAULT_RULES
    sample: int = 200
    seed: int = 0
    labels: str = "folders"
    fit: str = "crop"
    batch: int = BATCH
    maps: bool = False

    def __post_init__(self) -> None:
        if not self.networks or len(set(self.networks)) < len(self.networks):
            raise ValueError(f"networks must be some, each of them once, not {self.networks}")
        if not self.rules or not set(self.rules) <= set(RULES):
            raise ValueError(f"rules must be among {', '.join(RULES)}, not {', '.join(self.rules) or 'none'}")
        if self.sample < 0 or self.batch < 1 or self.labels not in LABELS or self.fit not in FITS:
            raise ValueError(f"these settings make no sense: {self}")

    @property
    def key(self) -> str:
        """A digest of all of them."""
        return hashlib.sha256(json.dumps([_VERSION, asdict(self)], sort_keys=True).encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """Plain values by name."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    @classmethod
    def of_json(cls, values: Mapping[str, Any]) -> Self:
        """The inverse of `as_json`. Raises ValueError, TypeError for what is none."""
        known = {field.name for field in fields(cls)}
        if not known >= set(values):
            raise ValueError("these are settings of another version")
        plain: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in values.items()}
        return cls(**plain)

    def differences(self, other: "Settings") -> Iterator[str]:
        """Sentences' parts: "sample is 200, not 50", of those that are not the same."""
        for field in fields(self):
            own, its = getattr(self, field.name), getattr(other, field.name)
            if own != its:
                yield f"{field.name} is {_said(own)}, not {_said(its)}"


def _said(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)
