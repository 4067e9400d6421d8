"""The pictures of an audit looked at once more: as one network sees them, small, and with regions covered."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from core.audit.batches import workers
from core.audit.collection import Collection, Entry
from core.audit.findings.covering import Probabilities
from core.audit.findings.exchange import Exchanged, Pair
from core.audit.reading import read_ahead
from core.audit.settings import Settings
from core.audit.subject import Audited
from core.images.framing import deprocess, normalise
from core.images.occlusion import occlude
from core.images.region import Region
from core.networks.devices import where_it_fits
from core.outputs import OUTPUTS
from core.runtime.ahead import ahead
from core.values import Picture, Recipe

FILL = "blur"  # of what is covered, see core.images.occlusion


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture of an audit. number: as in its rows; explained: the class that was explained."""

    number: int
    entry: Entry
    explained: int


def look_at(
    collection: Collection, seen: Sequence[Seen], recipe: Recipe, settings: Settings
) -> Iterator[tuple[int, Picture]]:
    """What a network sees of each picture, with its number; those that are gone since are left out."""
    with closing(read_ahead(collection, [each.entry for each in seen], [recipe], settings.fit)) as pictures:
        for each, framed in zip(seen, pictures, strict=True):
            if not framed.error:
                yield each.number, Picture(deprocess(framed.by_recipe[recipe], recipe), framed.digest)


def probabilities(
    subject: Audited, pictures: Sequence[Picture], classes: Sequence[int], batch: int
) -> Callable[[Region | None], Probabilities]:
    """What a network gives each picture's class with a region covered, or none."""

    def of(region: Region | None) -> Probabilities:
        covered = pictures if region is None else [occlude(picture, region, FILL) for picture in pictures]
        return _in_batches(subject, covered, classes, batch)

    return of


def exchanged(
    subject: Audited, pictures: Sequence[Picture], classes: Sequence[int], partners: Sequence[Picture], batch: int
) -> Exchanged:
    """What a network gives each picture's class, in it and in its partners, with a place of both exchanged, or none.

    partners: as many for each picture, one after the other.
    """
    each = len(partners) // len(pictures)
    repeated = [picture for picture in pictures for _ in range(each)]
    of_class = [index for index in classes for _ in range(each)]

    def of(place: Region | None) -> Pair:
        own, theirs = repeated, partners
        if place is not None:
            pairs = list(zip(repeated, partners, strict=True))
            own = [_with(one, other, place) for one, other in pairs]
            theirs = [_with(other, one, place) for one, other in pairs]
        found = (_in_batches(subject, those, of_class, batch) for those in (own, theirs))
        in_own, in_theirs = (scores.reshape(len(pictures), each) for scores in found)
        return in_own, in_theirs

    return of


def _with(picture: Picture, other: Picture, place: Region) -> Picture:
    """A picture with a place of another one of its size."""
    left, top, right, bottom = place.pixels(picture.size)
    pixels = picture.pixels.copy()
    pixels[top:bottom, left:right] = other.pixels[top:bottom, left:right]
    return Picture(pixels, f"{picture.digest} {other.digest} {place}")


def _in_batches(subject: Audited, pictures: Sequence[Picture], classes: Sequence[int], batch: int) -> Probabilities:
    def of_batch(first: int) -> NDArray[np.float64]:
        return _scores(subject, pictures[first : first + batch], classes[first : first + batch])

    at_a_time = workers(batch)
    return np.concatenate(list(ahead(of_batch, range(0, len(pictures), batch), at_a_time, at_a_time, "asking")))


def _scores(subject: Audited, pictures: Sequence[Picture], classes: Sequence[int]) -> NDArray[np.float64]:
    inputs = np.stack([normalise(picture.pixels, subject.spec.recipe) for picture in pictures])
    scores, _ = where_it_fits(subject.network, lambda network: network(torch.from_numpy(inputs)).cpu())
    rows = [
        OUTPUTS[subject.spec.outputs].probabilities(row)[index]
        for row, index in zip(scores.double(), classes, strict=True)
    ]
    return np.array([float(row) for row in rows])
