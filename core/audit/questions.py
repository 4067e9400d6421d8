"""What is asked of an audit's rows, which may be many: only the columns that are needed are read."""

import io
from collections.abc import Sequence

import pyarrow as pa
from pyarrow import compute as pc
from pyarrow import csv

from core.audit.store import Store

ORDERS = {  # how rows are sorted: by which column, and in which direction
    "picture": ("picture", "ascending"),
    "sure": ("probability", "descending"),
    "unsure": ("probability", "ascending"),
    "label": ("probability_label", "ascending"),
}


def first_rows(
    store: Store, network: str, columns: Sequence[str], *, kind: str, order: str, folder: str, most: int
) -> tuple[pa.Table, int]:
    """The first of a network's rows, and how many there are.

    kind: "all" that could be used, those "wrong" (called otherwise than their folder, where that is a class), or those
    that "failed". order: a key of ORDERS. folder: "" for all.
    """
    wanted = _wanted(network, kind, folder)
    column, direction = ORDERS[order]
    keys = store.rows().to_table(columns=list({column, "picture"}), filter=wanted)
    by = [(column, direction), ("picture", "ascending")][: 1 if column == "picture" else 2]
    first = keys.take(pc.select_k_unstable(keys, min(most, len(keys)), by))["picture"]
    found = store.rows().to_table(columns=[*columns], filter=wanted & pc.field("picture").isin(first))
    return found.take(pc.index_in(first, found["picture"])), len(keys)


def folders(store: Store) -> tuple[str, ...]:
    """The labels, sorted."""
    found = pc.unique(store.rows().to_table(columns=["folder"])["folder"]).to_pylist()
    return tuple(sorted(filter(None, found)))


def thumbnails(store: Store, pictures: Sequence[int]) -> dict[int, bytes]:
    """WebP by number of picture, in the order given."""
    wanted = pc.field("picture").isin(list(pictures))
    table = store.thumbnails().to_table(columns=["picture", "webp"], filter=wanted)
    found = dict(zip(table["picture"].to_pylist(), table["webp"].to_pylist(), strict=True))
    return {number: found[number] for number in pictures if number in found}


def as_csv(store: Store) -> bytes:
    """All rows for other programs, without their maps, which the Parquet files have.

    A last column says what probabilities were made by, a key of core.outputs.OUTPUTS: "assumed" is softmax unsaid.
    """
    maps = {"evidence", *store.settings.rules}
    table = store.rows().to_table(columns=[name for name in store.rows().schema.names if name not in maps])
    outputs = {each["name"]: each["outputs"] for each in store.about["networks"]}
    written = io.BytesIO()
    csv.write_csv(table.append_column("outputs", [[outputs[name] for name in table["network"].to_pylist()]]), written)
    return written.getvalue()


def _wanted(network: str, kind: str, folder: str) -> pc.Expression:
    wanted = pc.field("network") == network
    if folder:
        wanted &= pc.field("folder") == folder
    wanted &= pc.field("error") != "" if kind == "failed" else pc.field("error") == ""
    if kind == "wrong":
        wanted &= pc.field("label").is_valid() & (pc.field("label") != pc.field("target"))
    return wanted
