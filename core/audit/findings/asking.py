"""The questions put to one class of one network, and what there is to look at of it."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from PIL import Image

from core.audit.collection import Collection
from core.audit.findings.bars import LEAST
from core.audit.findings.clusters import MOST, groups_of
from core.audit.findings.covering import Covering, covering, shared
from core.audit.findings.exchange import Exchange, Exchanged, exchange
from core.audit.findings.finding import Answered, Found
from core.audit.findings.likeness import WINDOW, Likeness, Small, Windows, bearers, reduced, without
from core.audit.findings.looking import Seen, exchanged, look_at, probabilities
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
EXCHANGED, EACH = 30, 4  # pictures that exchange a place, and with how many of the others
FEWEST = 10  # of them, and of the others
FEWEST_WITHOUT = 8  # of the class's pictures that are without what is alike
WITHOUT = 0.25  # of a class's pictures: fewer without it may be those in which it is not seen well, so that it weakens
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
        """Once for a network: all pictures that are compared are read, and a few of them kept as they are."""
        labels = {each.number: label for each, label in _compared(table)}
        chosen = [each for each in table.seen if each.number in labels]
        smalls: dict[int, NDArray[np.float32]] = {}
        partners: dict[int, Picture] = {}
        for number, picture in look_at(collection, chosen, subject.spec.recipe, store.settings):
            if len(smalls) % max(1, len(chosen) // PARTNERS) == 0:
                partners[number] = picture
            smalls[number] = reduced(picture.pixels)
        compared = np.stack(list(smalls.values())) if smalls else np.zeros((0, WINDOW, WINDOW, 3), np.float32)
        numbers, of = np.array(list(smalls), np.intp), np.array([labels[each] for each in smalls], str)
        return cls(store, collection, subject, table, compared, numbers, of, partners)

    def row(self, label: str) -> dict[str, Any]:
        """All that is found of a class, by the columns of CLASS."""
        inside = self.table.labels == label
        count, evidence = int(inside.sum()), self.table.evidence
        row: dict[str, Any] = {"network": self.subject.spec.name, "label": label, "crops": []}
        if count < LEAST:
            return row | _told(Found(row["network"], label, count))
        every = [each for each, is_in in zip(self.table.seen, inside, strict=True) if is_in]
        pictures = self._pictures(every[:COVERED])
        seen = [each for each in every if each.number in pictures]
        suspected: tuple[Suspect, ...] = ()
        groups = None
        if evidence is not None:
            there = evidence.sum((1, 2)) > 0
            suspected = suspects(evidence[there], inside[there], self.store.settings.seed)[:REGIONS]
            members = np.flatnonzero(inside & there)[:MOST]
            groups = groups_of(evidence[members], self.store.settings.seed)
            row |= _mean(evidence[members])
            if groups is not None:
                row |= {
                    "pictures": [self.table.seen[i].number for i in members],
                    "group": groups.group,
                    "x": groups.places[:, 0],
                    "y": groups.places[:, 1],
                }
        places = _places(suspected, Windows.of(*self._small(label)))
        answered = tuple(self._answered(each, seen, pictures, label) for each in places)
        found = Found(
            network=row["network"],
            label=label,
            pictures=count,
            regions=answered,
            telling=self._telling(label),
            groups=groups.sizes if groups else (),
            has_places=evidence is not None,
            silent=0 if evidence is None else int((inside & (evidence.sum((1, 2)) == 0)).sum()),
            is_explained=bool(self.table.is_explained[inside].all()),
            has_others=not inside.all(),
        )
        shown = [list(self._crops(each.place, every)) for each in answered]
        return row | _told(found) | {"crops": shown, "mean_picture": _mean_picture(list(pictures.values()))}

    def _pictures(self, seen: Sequence[Seen]) -> dict[int, Picture]:
        return dict(look_at(self.collection, seen, self.subject.spec.recipe, self.store.settings))

    def _answered(self, asked: Answered, seen: Sequence[Seen], pictures: Mapping[int, Picture], label: str) -> Answered:
        """A place with the answers to what is asked of it."""
        if len(seen) < LEAST:  # they are gone since
            return asked
        alike = asked.likeness if asked.is_alike else None
        return replace(
            asked,
            covered=self._covering(asked.place, seen, pictures),
            exchanged=self._exchange(alike, label) if alike else None,
        )

    def _covering(self, place: Region, seen: Sequence[Seen], pictures: Mapping[int, Picture]) -> Covering | None:
        classes, those = zip(*((each.explained, pictures[each.number]) for each in seen), strict=True)
        ask = probabilities(self.subject, those, classes, self.store.settings.batch)
        return covering(ask, place, self.store.settings.seed)

    def _exchange(self, alike: Likeness, label: str) -> Exchange | None:
        """With pictures of others: of those that have what is alike there, and of those without it."""
        (inside, others), numbers = self._small(label), self.numbers[self.of == label]
        bears = bearers(inside, alike.window)
        rests = without(inside, bears, others, alike.window)
        bearing, rest = self._exchanged(numbers[bears], label), self._exchanged(numbers[rests], label, FEWEST_WITHOUT)
        if bearing is None:
            return None
        ask = partial(exchange, bearing, place=alike.place, seed=self.store.settings.seed)
        by_rest = ask(rest) if rest else None
        if by_rest and (by_rest.is_used or rests.mean() >= WITHOUT):
            return by_rest
        return ask(None) or by_rest

    def _exchanged(self, numbers: NDArray[np.intp], label: str, fewest: int = FEWEST) -> Exchanged | None:
        """None for too few pictures. Those of the others come in an order by chance, the same for all who ask."""
        labels = dict(zip((each.number for each in self.table.seen), self.table.labels.tolist(), strict=True))
        others = [picture for number, picture in self.partners.items() if labels[number] != label]
        wanted = set(numbers[:EXCHANGED].tolist())
        seen = [each for each in self.table.seen if each.number in wanted]
        pictures = self._pictures(seen)
        seen = [each for each in seen if each.number in pictures]
        if len(seen) < fewest or len(others) < FEWEST:
            return None
        order = np.random.default_rng(self.store.settings.seed).permutation(len(others))
        partners = [others[i] for i in np.resize(order, len(seen) * EACH).tolist()]
        own, classes = [pictures[each.number] for each in seen], [each.explained for each in seen]
        return exchanged(self.subject, own, classes, partners, self.store.settings.batch)

    def _telling(self, label: str) -> Telling | None:
        inside, others = self._small(label)
        both = np.concatenate([inside, others])
        return telling(both, np.arange(len(both)) < len(inside), self.store.settings.seed)

    def _small(self, label: str) -> tuple[Small, Small]:
        """Of the class, and of the others."""
        return self.compared[self.of == label], self.compared[self.of != label][:OTHERS]

    def _crops(self, place: Region, seen: Sequence[Seen]) -> Iterator[bytes]:
        """Of those pictures with the most evidence there; of the first, where the network knows no places."""
        places = {each.number: i for i, each in enumerate(self.table.seen)}
        evidence = self.table.evidence
        if evidence is not None:
            left, top, right, bottom = place.pixels((evidence.shape[2], evidence.shape[1]))
            there = evidence[:, top:bottom, left:right].sum((1, 2))
            seen = sorted(seen, key=lambda each: -float(there[places[each.number]]))
        for picture in self._pictures(seen[:CROPS]).values():
            yield _webp(Image.fromarray(picture.pixels).crop(place.pixels(picture.size)))


def _places(suspected: Sequence[Suspect], windows: Windows | None) -> list[Answered]:
    """Where evidence lies, and how alike it looks there; and what looks alike anywhere else, whatever evidence says."""
    known = [Answered(suspect, windows.best(suspect.region) if windows else None) for suspect in suspected]
    if windows is None:
        return known
    anywhere = Answered(None, windows.best())
    is_known = any(each.is_alike and shared(each.place, anywhere.place) for each in known)
    return [*known, anywhere] if anywhere.is_alike and not is_known else known


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
