"""What a manifest holds in place of files and maps, and how far apart two maps are by it."""

import base64
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.export.manifest.records import SAMPLES, MapRecord, WeightsRecord
from core.networks.catalogue import NetworkSpec
from core.networks.weights.places import weights_path


def weights_record(spec: NetworkSpec) -> WeightsRecord:
    """The weights file of a network as it is on disk now."""
    path = weights_path(spec)
    try:
        status = path.stat()
        digest = _file_sha256(path, status.st_size, status.st_mtime_ns)
    except OSError:
        return WeightsRecord(spec.weights.name, None, None, spec.weights.url)
    return WeightsRecord(spec.weights.name, digest, status.st_size, spec.weights.url)


@lru_cache(maxsize=64)
def _file_sha256(path: Path, size: int, mtime_ns: int) -> str:
    """The hash of a file that may have 1 GB; size and time are for the cache alone: a changed file has to miss it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of(values: NDArray[Any]) -> str:
    """The hash of the values' bytes in C order, in hexadecimal."""
    return hashlib.sha256(values.tobytes()).hexdigest()


def map_record(attribution: NDArray[np.float32]) -> MapRecord:
    """What a manifest holds of (colours, rows, columns) finite values."""
    values = np.ascontiguousarray(attribution, "<f4")
    colours, height, width = values.shape
    places = np.linspace(0, values.size - 1, SAMPLES).round().astype(int)
    return MapRecord(
        shape=(colours, height, width),
        dtype="float32",
        sha256=sha256_of(values),
        min=float(values.min()),
        max=float(values.max()),
        magnitude=float(np.abs(values).sum(dtype=np.float64)),
        samples=base64.b64encode(values.ravel()[places].tobytes()).decode("ascii"),
    )


def samples_of(made: MapRecord) -> NDArray[np.float64]:
    """(SAMPLES,), the values that were written out; ValueError if they are damaged."""
    values = np.frombuffer(base64.b64decode(made.samples, validate=True), "<f4").astype(np.float64)
    if len(values) != SAMPLES or not np.isfinite(values).all():
        raise ValueError(f"{len(values)} samples, or values that are no numbers")
    return values


def apart(then: MapRecord, now: MapRecord) -> float:
    """The largest difference that was found, as a share of the largest magnitude then; 0 if all bits are equal.

    Compared are the extremes, the samples, and the sums of all magnitudes, these as a share of themselves. Maps of
    different shapes are infinitely far apart.
    """
    if then.shape != now.shape:
        return float("inf")
    if then.sha256 == now.sha256:
        return 0.0
    changes = (then.min - now.min, then.max - now.max, *(samples_of(then) - samples_of(now)))
    most = share(max(map(abs, changes)), max(abs(then.min), abs(then.max)))
    return max(most, share(abs(then.magnitude - now.magnitude), abs(then.magnitude)))


def share(change: float, whole: float) -> float:
    """change / whole, both >= 0; of nothing, every change is infinitely large."""
    return change / whole if whole else float("inf") if change else 0.0
