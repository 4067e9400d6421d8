"""The rows of an audit as a table for other programs."""

import io

from pyarrow import csv

from core.audit.store import Store


def csv_of(store: Store) -> bytes:
    """All rows without their maps, which the Parquet files have."""
    maps = {"evidence", *store.settings.rules}
    names = [name for name in store.rows().schema.names if name not in maps]
    written = io.BytesIO()
    csv.write_csv(store.rows().to_table(columns=names), written)
    return written.getvalue()
