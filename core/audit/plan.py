"""Which pictures are looked at, and in which parts: drawn by a seed, so that any beginning is a fair sample."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.audit.collection import Entry
from core.audit.settings import Settings

PART = 64  # pictures; what is lost at most when a run is ended


@dataclass(frozen=True, slots=True)
class Part:
    """Pictures that are done together. first: the number of the first; name: of its files, made from all it is of."""

    first: int
    entries: tuple[Entry, ...]
    name: str


def sampled(entries: Sequence[Entry], settings: Settings) -> tuple[Entry, ...]:
    """At most `settings.sample` of each label, in an order that is drawn.

    Which ones does not depend on the others of their label: another picture takes the place of one at most.
    """
    drawn = sorted(entries, key=lambda entry: hashlib.sha256(f"{settings.seed} {entry.path}".encode()).digest())
    if not settings.sample:
        return tuple(drawn)
    seen: Counter[str] = Counter()
    chosen = []
    for entry in drawn:
        label = label_of(entry, settings)
        seen[label] += 1
        if seen[label] <= settings.sample:
            chosen.append(entry)
    return tuple(chosen)


def label_of(entry: Entry, settings: Settings) -> str:
    """ "" for none."""
    return entry.label if settings.labels == "folders" else ""


def parts_of(entries: Sequence[Entry], settings: Settings, size: int = PART) -> Iterator[Part]:
    """All pictures, in order, in parts."""
    for first in range(0, len(entries), size):
        those = tuple(entries[first : first + size])
        told = json.dumps([settings.key, first, [(entry.path, entry.size) for entry in those]])
        yield Part(first, those, f"{first:07d}-{hashlib.sha256(told.encode()).hexdigest()[:16]}")
