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


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """One network's rows without errors, in the order of pictures. labels: the class that each is counted to.

    evidence: (N, rows, columns) shares, zeros where there is none, and None if the network knows no places.
    """

    seen: tuple[Seen, ...]
    labels: NDArray[np.str_]
    evidence: Shares | None

    @property
    def classes(self) -> tuple[str, ...]:
        """Sorted by name."""
        return tuple(sorted(set(self.labels.tolist())))


def asked(store: Store, spec: NetworkSpec) -> Asked:
    """What a network said; pictures count to their folder where there are several, else to the class explained."""
    wanted = (pc.field("network") == spec.name) & (pc.field("error") == "")
    columns = ["picture", "path", "folder", "explained", "evidence", "rows", "columns"]
    table = store.rows().to_table(columns=columns, filter=wanted).sort_by("picture")
    explained = table["explained"].to_numpy()
    folders = table["folder"].to_pylist()
    seen = tuple(
        Seen(number, Entry(path, 0), index)
        for number, path, index in zip(
            table["picture"].to_pylist(), table["path"].to_pylist(), explained.tolist(), strict=True
        )
    )
    labels = folders if len(set(folders)) > 1 else [spec.categories[index] for index in explained.tolist()]
    return Asked(seen, np.array(labels, str), _evidence(table))


def _evidence(table: pa.Table) -> Shares | None:
    there = pc.is_valid(table["evidence"]).to_numpy()
    if not there.any():
        return None
    rows, columns = (int(pc.max(table[name]).as_py()) for name in ("rows", "columns"))
    values = table["evidence"].combine_chunks().flatten().to_numpy(zero_copy_only=False)
    shares = np.zeros((len(table), rows, columns), np.float32)
    shares[there] = values.astype(np.float32).reshape(-1, rows, columns)
    return shares
