"""The findings of an audit: each class of each network is asked the questions, once, and the answers are kept."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from PIL import Image
from pyarrow import compute as pc

from core.audit.collection import Collection
from core.audit.findings.bars import LEAST
from core.audit.findings.clusters import MOST, groups_of
from core.audit.findings.covering import Covering, covering
from core.audit.findings.finding import Answered, Found
from core.audit.findings.likeness import WINDOW, Small, likeness
from core.audit.findings.looking import Seen, looked_at, probabilities, small
from core.audit.findings.pixels import Telling, telling
from core.audit.findings.suspects import Suspect, suspects
from core.audit.findings.table import Asked, asked
from core.audit.progress import Clock, Progress
from core.audit.rows import write_table
from core.audit.store import Store
from core.audit.subject import Audited, Load, audited, of_names
from core.errors import AuditError
from core.networks.catalogue import NetworkSpec
from core.networks.load import load_network
from core.networks.weights.files import replacing
from core.values import Picture

COVERED = 40  # pictures of a class that are covered: enough for an interval
COMPARED = 200  # pictures of a class whose pixels are compared
OTHERS = 400  # of the other classes
MOST_COMPARED = 8_000  # of all classes, held at once
REGIONS = 3  # of a class, that are asked about
CROPS = 12
_CROP = 96  # px, the longer side of what is shown

_ONE = pa.schema(
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

Watch = Callable[[Progress], None]  # sees how many classes are done; may raise what ends it


def find(
    store: Store,
    collection: Collection,
    specs: Sequence[NetworkSpec],
    watch: Watch = lambda progress: None,
    load: Load = load_network,
) -> tuple[Found, ...]:
    """Ask about every class of every network, or go on where an earlier run ended. Raises AuditError, NetworkError."""
    if not store.is_complete:
        raise AuditError(f"{store.root.name} is not finished: go on with the audit first.")
    tables = [(spec, asked(store, spec)) for spec in of_names(specs, store.settings)]
    clock = Clock(sum(len(table.classes) for _, table in tables), "classes")
    files: list[Path] = []
    for spec, table in tables:
        own = {label: _file(store, spec, label) for label in table.classes}
        files += own.values()
        left = [label for label, file in own.items() if not file.exists()]
        watch(clock.skip(len(own) - len(left)))
        asker = _Asker.begun(store, collection, audited(spec, store.settings, load), table) if left else None
        for label in left:
            if asker is not None:
                write_table(own[label], [asker.row(label)], _ONE)
            watch(clock.count(1))
    _gather(store, files)
    return findings_of(store)


def findings_of(store: Store) -> tuple[Found, ...]:
    """The findings of a finished audit; none if they were not looked for."""
    file = store.root / "findings.parquet"
    if not file.exists():
        return ()
    found = pq.read_table(file, columns=["found"])["found"].to_pylist()
    return tuple(Found.of_json(json.loads(each)) for each in found)


def shown(store: Store, network: str, label: str) -> dict[str, Any]:
    """What there is to look at of one class: the columns crops, mean_picture, mean_evidence and those of its groups."""
    wanted = (pc.field("network") == network) & (pc.field("label") == label)
    (row,) = pq.read_table(store.root / "findings.parquet", filters=wanted).to_pylist()
    return {name: value for name, value in row.items() if name != "found"}


def _file(store: Store, spec: NetworkSpec, label: str) -> Path:
    told = json.dumps([store.settings.key, spec.name, label])
    return store.root / "findings" / f"{hashlib.sha256(told.encode()).hexdigest()[:24]}.parquet"


def _gather(store: Store, files: Sequence[Path]) -> None:
    table = pa.concat_tables([_ONE.empty_table(), *(pq.read_table(file, schema=_ONE) for file in files)])
    with replacing(store.root / "findings.parquet") as partial:
        pq.write_table(table, partial, compression="zstd", row_group_size=20)
    with replacing(store.root / "findings.json") as partial:
        values = [json.loads(each) for each in table["found"].to_pylist()]
        partial.write_text(json.dumps(values, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


@dataclass(frozen=True, slots=True, eq=False)
class _Asker:
    """What the classes of one network have in common. compared: pictures, small; of: the class that each counts to."""

    store: Store
    collection: Collection
    subject: Audited
    table: Asked
    compared: Small
    of: NDArray[np.str_]

    @classmethod
    def begun(cls, store: Store, collection: Collection, subject: Audited, table: Asked) -> "_Asker":
        labels = {each.number: label for each, label in _compared(table)}
        chosen = [each for each in table.seen if each.number in labels]
        pictures = looked_at(collection, chosen, subject.spec.recipe, store.settings)
        compared = small(list(pictures.values())) if pictures else np.zeros((0, WINDOW, WINDOW, 3), np.float32)
        return cls(store, collection, subject, table, compared, np.array([labels[each] for each in pictures], str))

    def row(self, label: str) -> dict[str, Any]:
        """All that is found of a class."""
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
