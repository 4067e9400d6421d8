"""The findings of an audit: each class of each network is asked the questions, once, and the answers are kept."""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import compute as pc

from core.audit.collection import Collection
from core.audit.findings.asking import CLASS, Asker
from core.audit.findings.finding import Found
from core.audit.findings.table import asked
from core.audit.progress import Clock, Progress
from core.audit.rows import write_table
from core.audit.store import Store, alone
from core.audit.subject import Load, audited, of_names
from core.errors import AuditError
from core.networks.catalogue import NetworkSpec
from core.networks.load import load_network
from core.networks.weights.files import replacing

_VERSION = 1  # of what is asked of a class, and of the bars

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
    with alone(store.root):
        _find(store, collection, specs, watch, load)
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


def _find(store: Store, collection: Collection, specs: Sequence[NetworkSpec], watch: Watch, load: Load) -> None:
    tables = [(spec, asked(store, spec)) for spec in of_names(specs, store.settings)]
    clock = Clock(sum(len(table.classes) for _, table in tables), "classes")
    files: list[Path] = []
    for spec, table in tables:
        own = {label: _file(store, spec, label) for label in table.classes}
        files += own.values()
        left = [label for label, file in own.items() if not file.exists()]
        watch(clock.skip(len(own) - len(left)))
        asker = Asker.begun(store, collection, audited(spec, store.settings, load), table) if left else None
        for label in left:
            if asker is not None:
                write_table(own[label], [asker.row(label)], CLASS)
            watch(clock.count(1))
    _gather(store, files)


def _file(store: Store, spec: NetworkSpec, label: str) -> Path:
    told = json.dumps([_VERSION, store.settings.key, spec.name, label])
    return store.root / "findings" / f"{hashlib.sha256(told.encode()).hexdigest()[:24]}.parquet"


def _gather(store: Store, files: Sequence[Path]) -> None:
    table = pa.concat_tables([CLASS.empty_table(), *(pq.read_table(file, schema=CLASS) for file in files)])
    with replacing(store.root / "findings.parquet") as partial:
        pq.write_table(table, partial, compression="zstd", row_group_size=20)
    with replacing(store.root / "findings.json") as partial:
        values = [json.loads(each) for each in table["found"].to_pylist()]
        partial.write_text(json.dumps(values, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
