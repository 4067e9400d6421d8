"""The pictures of an audit looked at once more: as one network sees them, small, and with regions covered."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from core.audit.collection import Collection, Entry
from core.audit.findings.covering import Probabilities
from core.audit.findings.likeness import Small, reduced
from core.audit.reading import read_ahead
from core.audit.settings import Settings
from core.audit.subject import Audited
from core.images.framing import deprocess, normalise
from core.images.occlusion import occlude
from core.images.region import Region
from core.outputs import OUTPUTS
from core.values import Picture, Recipe


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture of an audit. number: as in its rows; explained: the class that was explained."""

    number: int
    entry: Entry
    explained: int


def looked_at(collection: Collection, seen: Sequence[Seen], recipe: Recipe, settings: Settings) -> dict[int, Picture]:
    """What a network sees of each picture, by number; those that are gone since are left out."""
    found = {}
    with closing(read_ahead(collection, [each.entry for each in seen], [recipe], settings.fit)) as pictures:
        for each, framed in zip(seen, pictures, strict=True):
            if not framed.error:
                found[each.number] = Picture(deprocess(framed.by_recipe[recipe], recipe), framed.digest)
    return found


def small(pictures: Sequence[Picture]) -> Small:
    """(N, rows, columns, 3)."""
    return np.stack([reduced(picture.pixels) for picture in pictures])


def probabilities(
    subject: Audited, pictures: Sequence[Picture], classes: Sequence[int], fill: str, batch: int
) -> Callable[[Region | None], Probabilities]:
    """What a network gives each picture's class with a region covered, or none. fill: see `core.images.occlusion`."""

    def of(region: Region | None) -> Probabilities:
        found = []
        for first in range(0, len(pictures), batch):
            several = pictures[first : first + batch]
            covered = several if region is None else [occlude(picture, region, fill) for picture in several]
            found.append(_scores(subject, covered, classes[first : first + batch]))
        return np.concatenate(found)

    return of


def _scores(subject: Audited, pictures: Sequence[Picture], classes: Sequence[int]) -> NDArray[np.float64]:
    inputs = np.stack([normalise(picture.pixels, subject.spec.recipe) for picture in pictures])
    logits = subject.network(torch.from_numpy(inputs)).double().cpu()
    rows = [OUTPUTS[subject.spec.outputs].probabilities(row)[index] for row, index in zip(logits, classes, strict=True)]
    return np.array([float(row) for row in rows])
