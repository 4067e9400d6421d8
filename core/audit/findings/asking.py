"""The questions put to one class of one network, and what there is to look at of it."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from PIL import Image

from core.audit.collection import Collection
from core.audit.findings.bars import ALIKE, LEAST
from core.audit.findings.clusters import MOST, groups_of
from core.audit.findings.covering import Covering, covering, shared
from core.audit.findings.exchange import Exchange, exchange
from core.audit.findings.finding import Answered, Found
from core.audit.findings.likeness import WINDOW, Likeness, Small, Windows, bearers
from core.audit.findings.looking import Seen, exchanged, looked_at, probabilities, small
from core.audit.findings.pixels import Telling, telling
from core.audit.findings.suspects import Suspect, suspects
from core.audit.findings.table import Asked
from core.audit.store import Store
from core.audit.subject import Audited
from core.images.region import Region
from core.values import Picture

COVERED = 40  # pictures of a class that are covered: enough for an interval
COMPARED = 200  # pictures of a class whose pixels are compared
OTHERS = 400  # of the other classes
MOST_COMPARED = 8_000  # of all classes, held at once
FEWEST = 10  # pairs that are exchanged
PARTNERS = 120  # pictures of all classes, of which those of others are exchanged with
REGIONS = 3  # of a class where its evidence lies, that are asked about
CROPS = 12
_CROP = 96  # px, the longer side of what is shown

CLASS = pa.schema(
    [
        ("network", pa.string()),
        ("label", pa.string()),
        ("found", pa.string()),  # JSON, see Found
        ("crops", pa.list_(pa.list_(pa.binary()))),  # WebP, of each region
        ("mean_picture", pa.binary()),  # WebP
        ("mean_evidence", pa.list_(pa.float32())),  # multiples of a fair share, row by row
        ("rows", pa.int16()),
        ("columns", pa.int16()),
        ("pictures", pa.list_(pa.int32())),  # of the groups, by number
        ("group", pa.list_(pa.int16())),
        ("x", pa.list_(pa.float32())),
        ("y", pa.list_(pa.float32())),
    ]
)


@dataclass(frozen=True, slots=True, eq=False)
class Asker:
    """What the classes of one network have in common, and what is asked of each.

    compared: pictures, small; numbers: theirs; of: the class that each of them counts to. partners: pictures of all
    classes, by number.
    """

    store: Store
    collection: Collection
    subject: Audited
    table: Asked
    compared: Small
    numbers: NDArray[np.intp]
    of: NDArray[np.str_]
    partners: Mapping[int, Picture]

    @classmethod
    def begun(cls, store: Store, collection: Collection, subject: Audited, table: Asked) -> "Asker":
        labels = {each.number: label for each, label in _compared(table)}
        chosen = [each for each in table.seen if each.number in labels]
        pictures = looked_at(collection, chosen, subject.spec.recipe, store.settings)
        compared = small(list(pictures.values())) if pictures else np.zeros((0, WINDOW, WINDOW, 3), np.float32)
        partners = {number: pictures[number] for number in list(pictures)[:: max(1, len(pictures) // PARTNERS)]}
        numbers, of = np.array(list(pictures), np.intp), np.array([labels[each] for each in pictures], str)
        return cls(store, collection, subject, table, compared, numbers, of, partners)

    def row(self, label: str) -> dict[str, Any]:
        """All that is found of a class, by the columns of CLASS."""
        inside = self.table.labels == label
        count, evidence = int(inside.sum()), self.table.evidence
        row: dict[str, Any] = {"network": self.subject.spec.name, "label": label, "crops": []}
        if count < LEAST:
            return row | _told(Found(row["network"], label, count))
        seen = [each for each, is_in in zip(self.table.seen, inside, strict=True) if is_in][:COVERED]
        pictures = looked_at(self.collection, seen, self.subject.spec.recipe, self.store.settings)
        seen = [each for each in seen if each.number in pictures]
        found: tuple[Suspect, ...] = ()
        groups = None
        if evidence is not None:
            there = evidence.sum((1, 2)) > 0
            found = suspects(evidence[there], inside[there], self.store.settings.seed)[:REGIONS]
            members = np.flatnonzero(inside & there)[:MOST]
            groups = groups_of(evidence[members])
            row |= _mean(evidence[members])
            if groups is not None:
                row |= {
                    "pictures": [self.table.seen[i].number for i in members],
                    "group": groups.group,
                    "x": groups.places[:, 0],
                    "y": groups.places[:, 1],
                }
        windows = Windows.of(*self._small(label))
        answered = tuple(self._answered(each, seen, pictures, label) for each in _with_places(found, windows))
        told = Found(
            network=row["network"],
            label=label,
            pictures=count,
            regions=answered,
            telling=self._telling(label),
            groups=groups.sizes if groups else (),
            has_places=evidence is not None,
            silent=0 if evidence is None else int((inside & (evidence.sum((1, 2)) == 0)).sum()),
        )
        shown = [list(self._crops(each.place, seen, pictures)) for each in answered]
        return row | _told(told) | {"crops": shown, "mean_picture": _mean_picture(list(pictures.values()))}

    def _answered(
        self, asked: tuple[Suspect | None, Likeness | None], seen: Sequence[Seen], pictures: Mapping[int, Picture],
        label: str,
    ) -> Answered:  # fmt: skip
        answered = Answered(*asked)
        if len(seen) < LEAST:  # they are gone since
            return answered
        return replace(
            answered,
            covered=self._covering(answered.place, seen, pictures),
            exchanged=self._exchange(answered.likeness, label) if answered.is_alike and answered.likeness else None,
        )

    def _covering(self, place: Region, seen: Sequence[Seen], pictures: Mapping[int, Picture]) -> Covering | None:
        classes, those = zip(*((each.explained, pictures[each.number]) for each in seen), strict=True)
        ask = probabilities(self.subject, those, classes, self.store.settings.batch)
        return covering(ask, place, self.store.settings.seed)

    def _exchange(self, alike: Likeness, label: str) -> Exchange | None:
        """Of those of the class's pictures that have it, with pictures of others."""
        numbers = set(self.numbers[self.of == label][bearers(self.compared[self.of == label], alike.window)].tolist())
        labels = dict(zip((each.number for each in self.table.seen), self.table.labels.tolist(), strict=True))
        others = [picture for number, picture in self.partners.items() if labels[number] != label]
        seen = [each for each in self.table.seen if each.number in numbers][: min(COVERED, len(others))]
        pictures = looked_at(self.collection, seen, self.subject.spec.recipe, self.store.settings)
        seen = [each for each in seen if each.number in pictures]
        if len(seen) < FEWEST:
            return None
        own, classes = [pictures[each.number] for each in seen], [each.explained for each in seen]
        ask = exchanged(self.subject, own, classes, others[: len(own)], self.store.settings.batch)
        return exchange(ask, alike.place, self.store.settings.seed)

    def _telling(self, label: str) -> Telling | None:
        inside, others = self._small(label)
        both = np.concatenate([inside, others])
        return telling(both, np.arange(len(both)) < len(inside), self.store.settings.seed)

    def _small(self, label: str) -> tuple[Small, Small]:
        """Of the class, and of the others."""
        return self.compared[self.of == label], self.compared[self.of != label][:OTHERS]

    def _crops(self, place: Region, seen: Sequence[Seen], pictures: Mapping[int, Picture]) -> Iterator[bytes]:
        """Of pictures with the most evidence there."""
        places = {each.number: i for i, each in enumerate(self.table.seen)}
        evidence = self.table.evidence
        if evidence is not None:
            left, top, right, bottom = place.pixels((evidence.shape[2], evidence.shape[1]))
            there = evidence[:, top:bottom, left:right].sum((1, 2))
            seen = sorted(seen, key=lambda each: -float(there[places[each.number]]))
        for each in seen[:CROPS]:
            picture = pictures[each.number]
            yield _webp(Image.fromarray(picture.pixels).crop(place.pixels(picture.size)))


def _with_places(found: Sequence[Suspect], windows: Windows | None) -> Iterator[tuple[Suspect | None, Likeness | None]]:
    """Where evidence lies, and how alike it looks there; and what looks alike anywhere else, whatever evidence says."""
    if windows is None:
        yield from ((suspect, None) for suspect in found)
        return
    known = [(suspect, windows.best(suspect.region)) for suspect in found]
    yield from known
    anywhere = windows.best()
    if anywhere.beyond > ALIKE and not any(
        likeness.beyond > ALIKE and shared(likeness.place, anywhere.place) for _, likeness in known
    ):
        yield None, anywhere


def _compared(table: Asked) -> Iterator[tuple[Seen, str]]:
    """Pictures of each class whose pixels are compared, in their order, and the class."""
    most = min(COMPARED, max(LEAST, MOST_COMPARED // max(1, len(table.classes))))
    taken: Counter[str] = Counter()
    for each, label in zip(table.seen, table.labels.tolist(), strict=True):
        taken[label] += 1
        if taken[label] <= most:
            yield each, label


def _told(found: Found) -> dict[str, Any]:
    return {"found": json.dumps(found.as_json(), ensure_ascii=False)}


def _mean(evidence: NDArray[np.float32]) -> dict[str, Any]:
    mean = evidence.mean(0)
    return {"mean_evidence": (mean * mean.size).flatten(), "rows": mean.shape[0], "columns": mean.shape[1]}


def _mean_picture(pictures: Sequence[Picture]) -> bytes | None:
    if not pictures:
        return None
    mean = np.mean([picture.pixels.astype(np.float32) for picture in pictures], 0)
    return _webp(Image.fromarray(np.rint(mean).astype(np.uint8)))


def _webp(image: Image.Image) -> bytes:
    image.thumbnail((_CROP, _CROP))
    written = BytesIO()
    image.save(written, "WEBP", quality=85)
    return written.getvalue()
