"""Rows of an audit, one a picture and network, and thumbnails, one a picture: their columns, and files of them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from core.networks.weights.files import replacing

PICTURES = pa.schema([("path", pa.string()), ("size", pa.int64())])
THUMBNAILS = pa.schema([("picture", pa.int32()), ("digest", pa.string()), ("webp", pa.binary())])
_ROWS = (
    ("picture", pa.int32()),  # its number in pictures.parquet
    ("path", pa.string()),
    ("folder", pa.string()),  # the label, "" for none
    ("digest", pa.string()),  # sha256 of the file, hexadecimal; "" if it could not be read
    ("network", pa.string()),
    ("target", pa.int32()),  # the most probable class, its name and what the network says of it
    ("name", pa.string()),
    ("logit", pa.float32()),
    ("probability", pa.float32()),
    ("label", pa.int32()),  # the class that has the folder's name, and its probability; null if none has
    ("probability_label", pa.float32()),
    ("explained", pa.int32()),  # the class that the maps are of: the label, else the target
    ("evidence", pa.list_(pa.float16())),  # shares of places, row by row; null where it is zero everywhere
    ("rows", pa.int16()),
    ("columns", pa.int16()),
    ("error", pa.string()),  # what to do, if there is nothing else
    ("notice", pa.string()),  # what decoding had to decide
    ("seconds", pa.float32()),  # of computing
)


def schema_of(rules: Sequence[str]) -> pa.Schema:
    """The columns of rows, with a map's for each rule: shares of CELLS x CELLS cells, row by row."""
    return pa.schema([*_ROWS, *((rule, pa.list_(pa.float16())) for rule in rules)])


def write_table(path: Path, rows: Sequence[Mapping[str, Any]], schema: pa.Schema, *, packed: bool = True) -> None:
    """Write rows to a file, which is there whole or not at all. packed: whether compressing them is of use."""
    table = pa.Table.from_pylist([dict(row) for row in rows], schema)
    with replacing(path) as partial:
        pq.write_table(table, partial, compression="zstd" if packed else "none")


def is_whole(path: Path) -> bool:
    """Whether a file is there and can be read to its end."""
    try:
        pq.read_metadata(path)
    except (OSError, pa.ArrowException):
        return False
    return True
