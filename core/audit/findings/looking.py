"""The pictures of an audit looked at once more: as one network sees them, small, and with regions covered."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from core.audit.collection import Collection, Entry
from core.audit.findings.covering import Probabilities
from core.audit.findings.exchange import Pair
from core.audit.findings.likeness import Small, reduced
from core.audit.reading import read_ahead
from core.audit.settings import Settings
from core.audit.subject import Audited
from core.images.framing import deprocess, normalise
from core.images.occlusion import occlude
from core.images.region import Region
from core.outputs import OUTPUTS
from core.values import Picture, Recipe

FILL = "blur"  # of what is covered, see core.images.occlusion


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
    subject: Audited, pictures: Sequence[Picture], classes: Sequence[int], batch: int
) -> Callable[[Region | None], Probabilities]:
    """What a network gives each picture's class with a region covered, or none."""

    def of(region: Region | None) -> Probabilities:
        covered = pictures if region is None else [occlude(picture, region, FILL) for picture in pictures]
        return _in_batches(subject, covered, classes, batch)

    return of


def exchanged(
    subject: Audited, pictures: Sequence[Picture], classes: Sequence[int], others: Sequence[Picture], batch: int
) -> Callable[[Region | None], Pair]:
    """What a network gives each picture's class, in it and in its partner, with a place of both exchanged, or none."""

    def of(place: Region | None) -> Pair:
        own, theirs = pictures, others
        if place is not None:
            pairs = list(zip(pictures, others, strict=True))
            own = [_with(one, other, place) for one, other in pairs]
            theirs = [_with(other, one, place) for one, other in pairs]
        return _in_batches(subject, own, classes, batch), _in_batches(subject, theirs, classes, batch)

    return of


def _with(picture: Picture, other: Picture, place: Region) -> Picture:
    """A picture with a place of another one of its size."""
    left, top, right, bottom = place.pixels(picture.size)
    pixels = picture.pixels.copy()
    pixels[top:bottom, left:right] = other.pixels[top:bottom, left:right]
    return Picture(pixels, f"{picture.digest} {other.digest} {place}")


def _in_batches(subject: Audited, pictures: Sequence[Picture], classes: Sequence[int], batch: int) -> Probabilities:
    parts = range(0, len(pictures), batch)
    return np.concatenate([_scores(subject, pictures[i : i + batch], classes[i : i + batch]) for i in parts])


def _scores(subject: Audited, pictures: Sequence[Picture], classes: Sequence[int]) -> NDArray[np.float64]:
    inputs = np.stack([normalise(picture.pixels, subject.spec.recipe) for picture in pictures])
    logits = subject.network(torch.from_numpy(inputs)).double().cpu()
    rows = [OUTPUTS[subject.spec.outputs].probabilities(row)[index] for row, index in zip(logits, classes, strict=True)]
    return np.array([float(row) for row in rows])
