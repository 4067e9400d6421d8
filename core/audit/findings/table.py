"""Rows of an audit as arrays, one network at a time, and which class each picture is counted to."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute as pc

from core.audit.collection import Entry
from core.audit.findings.looking import Seen
from core.audit.findings.suspects import Shares
from core.audit.store import Store
from core.networks.catalogue import NetworkSpec

NO_FOLDER = "(no folder)"  # the label of pictures beside folders


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """One network's rows without errors, in the order of pictures; of copies of a file in one class, the first.

    labels: the class that each is counted to. is_explained: whether that is the class that was explained. evidence:
    (N, rows, columns) shares, zeros where there is none, and None if the network knows no places.
    """

    seen: tuple[Seen, ...]
    labels: NDArray[np.str_]
    is_explained: NDArray[np.bool_]
    evidence: Shares | None

    @property
    def classes(self) -> tuple[str, ...]:
        """Sorted by name."""
        return tuple(sorted(set(self.labels.tolist())))


def asked(store: Store, spec: NetworkSpec) -> Asked:
    """What a network said; pictures count to their folder where there are several, else to the class explained."""
    wanted = (pc.field("network") == spec.name) & (pc.field("error") == "")
    columns = ["picture", "path", "folder", "digest", "label", "explained", "evidence", "rows", "columns"]
    table = _once(store.rows().to_table(columns=columns, filter=wanted).sort_by("picture"))
    folders, explained = table["folder"].to_pylist(), table["explained"].to_pylist()
    has_folders = len(set(folders)) > 1
    labels = [folder or NO_FOLDER for folder in folders] if has_folders else [spec.categories[i] for i in explained]
    is_explained = pc.is_valid(table["label"]).to_numpy() if has_folders else np.ones(len(table), bool)
    numbers, paths = table["picture"].to_pylist(), table["path"].to_pylist()
    seen = tuple(
        Seen(number, Entry(path, 0), index) for number, path, index in zip(numbers, paths, explained, strict=True)
    )
    return Asked(seen, np.array(labels, str), is_explained, _evidence(table))


def _once(table: pa.Table) -> pa.Table:
    """Without copies of a file in the same folder, by which a class would be alike and told by pixels for nothing."""
    files = zip(table["folder"].to_pylist(), table["digest"].to_pylist(), strict=True)
    first: dict[tuple[str, str], int] = {}
    for place, file in enumerate(files):
        first.setdefault(file, place)
    return table.take(pa.array(first.values(), pa.int64()))


def _evidence(table: pa.Table) -> Shares | None:
    there = pc.is_valid(table["evidence"]).to_numpy()
    if not there.any():
        return None
    rows, columns = (int(pc.max(table[name]).as_py()) for name in ("rows", "columns"))
    values = table["evidence"].combine_chunks().flatten().to_numpy(zero_copy_only=False)
    shares = np.zeros((len(table), rows, columns), np.float32)
    shares[there] = values.astype(np.float32).reshape(-1, rows, columns)
    return shares
