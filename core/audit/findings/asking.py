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
from core.audit.findings.bars import LEAST
from core.audit.findings.clusters import MOST, groups_of
from core.audit.findings.covering import Covering, covering
from core.audit.findings.finding import Answered, Found
from core.audit.findings.likeness import WINDOW, Small, likeness
from core.audit.findings.looking import Seen, looked_at, probabilities, small
from core.audit.findings.pixels import Telling, telling
from core.audit.findings.suspects import Suspect, suspects
from core.audit.findings.table import Asked
from core.audit.store import Store
from core.audit.subject import Audited
from core.values import Picture

COVERED = 40  # pictures of a class that are covered: enough for an interval
COMPARED = 200  # pictures of a class whose pixels are compared
OTHERS = 400  # of the other classes
MOST_COMPARED = 8_000  # of all classes, held at once
REGIONS = 3  # of a class, that are asked about
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

    compared: pictures, small; of: the class that each of them counts to.
    """

    store: Store
    collection: Collection
    subject: Audited
    table: Asked
    compared: Small
    of: NDArray[np.str_]

    @classmethod
    def begun(cls, store: Store, collection: Collection, subject: Audited, table: Asked) -> "Asker":
        labels = {each.number: label for each, label in _compared(table)}
        chosen = [each for each in table.seen if each.number in labels]
        pictures = looked_at(collection, chosen, subject.spec.recipe, store.settings)
        compared = small(list(pictures.values())) if pictures else np.zeros((0, WINDOW, WINDOW, 3), np.float32)
        return cls(store, collection, subject, table, compared, np.array([labels[each] for each in pictures], str))

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
        regions: tuple[Suspect, ...] = ()
        groups = None
        if evidence is not None:
            there = evidence.sum((1, 2)) > 0
            regions = suspects(evidence[there], inside[there], self.store.settings.seed)[:REGIONS]
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
        answered = tuple(self._answered(region, seen, pictures, label) for region in regions)
        found = Found(
            network=row["network"],
            label=label,
            pictures=count,
            regions=answered,
            telling=self._telling(label),
            groups=groups.sizes if groups else (),
            has_places=evidence is not None,
            silent=0 if evidence is None else int((inside & (evidence.sum((1, 2)) == 0)).sum()),
        )
        shown = [list(self._crops(region, seen, pictures)) for region in regions]
        return row | _told(found) | {"crops": shown, "mean_picture": _mean_picture(list(pictures.values()))}

    def _answered(
        self, suspect: Suspect, seen: Sequence[Seen], pictures: Mapping[int, Picture], label: str
    ) -> Answered:
        inside, others = self._small(label)
        blurred = self._covering(suspect, seen, pictures, "blur")
        answered = Answered(suspect, blurred, None, likeness(inside, others, suspect.region))
        if not answered.is_needed:
            return answered
        return replace(answered, greyed=self._covering(suspect, seen, pictures, "mean"))

    def _covering(
        self, suspect: Suspect, seen: Sequence[Seen], pictures: Mapping[int, Picture], fill: str
    ) -> Covering | None:
        if len(seen) < LEAST:  # they are gone since
            return None
        classes = [each.explained for each in seen]
        those = [pictures[each.number] for each in seen]
        ask = probabilities(self.subject, those, classes, fill, self.store.settings.batch)
        return covering(ask, suspect.region, self.store.settings.seed)

    def _telling(self, label: str) -> Telling | None:
        inside, others = self._small(label)
        both = np.concatenate([inside, others])
        return telling(both, np.arange(len(both)) < len(inside), self.store.settings.seed)

    def _small(self, label: str) -> tuple[Small, Small]:
        """Of the class, and of the others."""
        return self.compared[self.of == label], self.compared[self.of != label][:OTHERS]

    def _crops(self, suspect: Suspect, seen: Sequence[Seen], pictures: Mapping[int, Picture]) -> Iterator[bytes]:
        """Of pictures with the most evidence there."""
        places = {each.number: i for i, each in enumerate(self.table.seen)}
        evidence = self.table.evidence
        if evidence is None:
            return
        left, top, right, bottom = suspect.region.pixels((evidence.shape[2], evidence.shape[1]))
        most = sorted(seen, key=lambda each: -float(evidence[places[each.number], top:bottom, left:right].sum()))
        for each in most[:CROPS]:
            picture = pictures[each.number]
            yield _webp(Image.fromarray(picture.pixels).crop(suspect.region.pixels(picture.size)))


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
