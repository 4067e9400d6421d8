"""The folder of an audit: what is in it, begun, gone on with, finished and read. It names no path of the machine.

audit.json         settings, networks, versions, counts: enough to repeat it
pictures.parquet   which pictures, in the order of their numbers
parts/             rows and thumbnails of 64 pictures each, while it runs
rows/, thumbs/     the same in files of 5,000 pictures, once all are done
maps/              whole gradients, where they were wanted
findings/          what was asked of each class, so that it is not asked again
findings.json      what was found, and findings.parquet: with crops and means to look at
"""

import json
import platform
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout
from pyarrow import dataset

from core.audit.collection import Entry
from core.audit.plan import PART, Part
from core.audit.rows import PICTURES, THUMBNAILS, is_whole, schema_of, write_table
from core.audit.settings import Settings
from core.errors import AuditError
from core.networks.catalogue import NetworkSpec
from core.networks.weights.files import replacing
from core.version import LIMELIGHT
from core.wording import counted

MERGED = 5_000  # pictures a file
GROUP = 250  # thumbnails that are read together

_FORMAT = 1
_NONE = "{} holds no audit: choose the folder that was given as --out."
_OTHER = "{} holds an audit of other settings ({}): choose another folder, or the same settings."
_OTHERS = "{} holds an audit of other pictures ({}): choose another folder."
_NOT_ITS = "These are not the pictures of this audit, which is of {} in {}: choose those, or leave them out."
_LATER = "{} was written by another version of Limelight: use that one, or make the audit anew."
_BUSY = "Another audit is writing to {}: wait for its end, or choose another folder."
_FULL = "{} is not empty and holds no audit: choose another folder."


@dataclass(frozen=True, slots=True)
class Store:
    """The folder of an audit. Use `begun` to write to one and `opened` to read one.

    changed: how many pictures came, went or were written to since it was begun, as far as that is known; those that
    came are left out.
    """

    root: Path
    about: Mapping[str, Any]
    changed: int = 0

    @property
    def settings(self) -> Settings:
        """What was asked of the pictures."""
        return Settings.of_json(self.about["settings"])

    @property
    def is_complete(self) -> bool:
        """Whether all pictures are done and merged."""
        return bool(self.about["complete"])

    @property
    def parts(self) -> Path:
        """The folder of what is not merged yet."""
        return self.root / "parts"

    def entries(self) -> tuple[Entry, ...]:
        """The pictures, by number."""
        table = pq.read_table(self.root / "pictures.parquet")
        return tuple(Entry(**row) for row in table.to_pylist())

    def rows(self) -> dataset.Dataset:
        """What was found so far."""
        return self._dataset("rows", schema_of(self.settings.rules))

    def thumbnails(self) -> dataset.Dataset:
        """Of what was found so far."""
        return self._dataset("thumbs", THUMBNAILS)

    def _dataset(self, kind: str, schema: pa.Schema) -> dataset.Dataset:
        folder, prefix = (self.root / kind, "") if self.is_complete else (self.parts, f"{kind}-")
        files = [str(file) for file in sorted(folder.glob(f"{prefix}*.parquet"))]
        return dataset.dataset(files, schema, format="parquet")

    def is_done(self, part: Part) -> bool:
        """Whether a part need not be done again."""
        return is_whole(self._file("rows", part)) and is_whole(self._file("thumbs", part))

    def _file(self, kind: str, part: Part) -> Path:
        return self.parts / f"{kind}-{part.name}.parquet"

    def completed(self, parts: Sequence[Part], counts: Mapping[str, int]) -> "Store":
        """Merge the parts, which are all done, and take them away: whenever it is broken off, nothing is twice."""
        for kind in ("rows", "thumbs"):
            self._merge(kind, [self._file(kind, part) for part in parts])
        done = replace(self, about={**self.about, "complete": True, "counts": dict(counts), "ended": _now()})
        done.save()
        done.tidy()
        return done

    def _merge(self, kind: str, files: Sequence[Path]) -> None:
        schema, packed = (schema_of(self.settings.rules), "zstd") if kind == "rows" else (THUMBNAILS, "none")
        size = MERGED // PART
        shutil.rmtree(self.root / kind, ignore_errors=True)
        for first in range(0, len(files), size):
            with replacing(self.root / kind / f"{first // size:05d}.parquet") as partial:
                table = pa.concat_tables(pq.read_table(file, schema=schema) for file in files[first : first + size])
                pq.write_table(table, partial, compression=packed, row_group_size=GROUP if kind == "thumbs" else None)

    def save(self) -> None:
        """Write what is known about it."""
        with replacing(self.root / "audit.json") as partial:
            partial.write_text(json.dumps(self.about, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

    def tidy(self) -> None:
        """Take away what is of no use any more: parts that are merged, files that were not finished."""
        if self.is_complete:
            shutil.rmtree(self.parts, ignore_errors=True)
        for file in self.root.rglob("*.part"):
            file.unlink(missing_ok=True)


def opened(root: Path) -> Store:
    """An audit that is there, also an unfinished one. Raises AuditError."""
    try:
        about = json.loads((root / "audit.json").read_text(encoding="utf-8"))
        store = Store(root, about)
        if about["format"] != _FORMAT:
            raise AuditError(_LATER.format(root.name))
        _ = store.settings, store.is_complete
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise AuditError(_NONE.format(root.name)) from error
    return store


def beside(store: Store, entries: Sequence[Entry]) -> Store:
    """An audit beside the pictures that are given as its own; those that are gone or of another size are `changed`.

    Times say nothing: the pictures may have been copied. Raises AuditError if most of them are others.
    """
    sizes = {each.path: each.size for each in entries}
    then = store.entries()
    changed = sum(sizes.get(each.path) != each.size for each in then)
    if 2 * changed > len(then):
        raise AuditError(_NOT_ITS.format(counted(len(then), "picture", "pictures"), store.about["collection"]))
    return replace(store, changed=changed)


def begun(
    root: Path, settings: Settings, entries: Sequence[Entry], specs: Sequence[NetworkSpec], about: Mapping[str, Any]
) -> Store:
    """The audit in this folder, made if there is none. Raises AuditError if there is another one.

    entries: its pictures; an audit that was begun goes on with those of then, if most of them are the same. about:
    what else to say of it.
    """
    if (root / "audit.json").exists():
        store = opened(root)
        if differences := list(store.settings.differences(settings)):
            raise AuditError(_OTHER.format(root.name, "; ".join(differences)))
        store.tidy()
        return replace(store, changed=_changed(store, entries, about))
    _check_empty(root)
    root.mkdir(parents=True, exist_ok=True)
    write_table(root / "pictures.parquet", [{"path": each.path, "size": each.size} for each in entries], PICTURES)
    store = Store(root, {**_about(settings, specs), **about, "pictures": len(entries)})
    store.save()
    return store


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """For the block, no other process writes to this audit. Raises AuditError if one does."""
    root.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(root / ".lock", timeout=0):
            yield
    except Timeout:
        raise AuditError(_BUSY.format(root.name)) from None


def _changed(store: Store, entries: Sequence[Entry], about: Mapping[str, Any]) -> int:
    """How many pictures came, went, or were written to. Raises AuditError if it is of others."""
    then, now = ({each.path: each for each in those} for those in (store.entries(), entries))
    both = then.keys() & now.keys()
    if about.get("collection") != store.about.get("collection") or 2 * len(both) < len(then):
        raise AuditError(_OTHERS.format(store.root.name, store.about.get("collection")))
    begun = datetime.fromisoformat(store.about["begun"]).timestamp() + 1  # which is said in whole seconds
    written = sum(then[path].size != now[path].size or now[path].modified > begun for path in both)
    return len(then.keys() ^ now.keys()) + written


def _check_empty(root: Path) -> None:
    if root.exists() and any(each.name not in (".lock", "pictures.parquet") for each in root.iterdir()):
        raise AuditError(_FULL.format(root.name))


def _about(settings: Settings, specs: Sequence[NetworkSpec]) -> dict[str, Any]:
    packages = ("torch", "torchvision", "numpy", "pillow", "pyarrow")
    return {
        "format": _FORMAT,
        "complete": False,
        "begun": _now(),
        "settings": settings.as_json(),
        "networks": [
            {
                "name": spec.name,
                "title": spec.title,
                "model": spec.model,
                "weights": spec.weights.digest,
                "classes": len(spec.categories),
                "outputs": spec.outputs,
            }
            for spec in specs
        ],
        "versions": {"limelight": LIMELIGHT, "python": platform.python_version()}
        | {name: version(name) for name in packages},
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
