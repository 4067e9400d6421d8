"""One part of an audit: its pictures asked of all networks, and the answers written. What any machine can do alone."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from core.audit.batches import answered
from core.audit.measure import Measured
from core.audit.plan import Part, label_of
from core.audit.reading import Framed
from core.audit.rows import THUMBNAILS, schema_of, write_table
from core.audit.settings import Settings
from core.audit.subject import Audited
from core.networks.weights.files import replacing

_NO_NUMBERS = "The network gave scores that are not numbers."

Breathe = Callable[[int, int], None]  # is told how many pictures were done since, and failed; may raise what ends it


def audit_part(
    part: Part,
    pictures: Iterator[Framed],
    subjects: list[Audited],
    settings: Settings,
    out: Path,
    breathe: Breathe = lambda done, failed: None,
) -> None:
    """Ask the part's pictures of all networks and write thumbnails, maps if they are kept, and the rows last.

    pictures: those of the part come first in it. subjects: one that an accelerator had no memory for is replaced. A
    part is done when its rows are there; done again, it writes the same files.
    """
    rows: list[dict[str, Any]] = []
    thumbnails: list[dict[str, Any]] = []
    kept: dict[str, list[np.ndarray]] = {}
    number = part.first
    with closing(answered(pictures, len(part.entries), subjects, settings)) as batches:
        for several, answers in batches:
            thumbnails += [
                {"picture": number + i, "digest": each.digest, "webp": each.webp}
                for i, each in enumerate(several)
                if not each.error
            ]
            for subject, (found, seconds) in zip(subjects, answers, strict=True):
                for i, (each, measured) in enumerate(zip(several, found, strict=True)):
                    rows.append(_row(number + i, each, subject, settings, measured, seconds))
                    for rule, gradients in (measured.gradients if measured else {}).items():
                        kept.setdefault(f"{subject.spec.name}|{rule}", []).append(gradients)
                        kept.setdefault(f"{subject.spec.name}|{rule}|pictures", []).append(np.array(number + i))
            number += len(several)
            breathe(len(several), sum(bool(each.error) for each in several))
    write_table(out / f"thumbs-{part.name}.parquet", thumbnails, THUMBNAILS, packed=False)
    if settings.maps:
        _write_maps(out.parent / "maps" / f"{part.name}.npz", kept)
    write_table(out / f"rows-{part.name}.parquet", rows, schema_of(settings.rules))


def _row(
    number: int, framed: Framed, subject: Audited, settings: Settings, measured: Measured | None, seconds: float
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "picture": number,
        "path": framed.entry.path,
        "folder": label_of(framed.entry, settings),
        "digest": framed.digest,
        "network": subject.spec.name,
        "notice": " ".join(framed.notices),
        "error": framed.error,
    }
    if measured is None:
        return row | {"error": framed.error or _NO_NUMBERS}
    grid = measured.evidence
    return row | {
        "target": measured.target,
        "name": subject.spec.categories[measured.target],
        "logit": measured.logit,
        "probability": measured.probability,
        "label": None if measured.probability_label is None else measured.explained,
        "probability_label": measured.probability_label,
        "explained": measured.explained,
        "evidence": None if grid is None else grid.flatten(),
        "rows": None if grid is None else grid.shape[0],
        "columns": None if grid is None else grid.shape[1],
        "seconds": seconds,
        **{rule: shares.flatten() for rule, shares in measured.maps.items()},
    }


def _write_maps(path: Path, kept: dict[str, list[np.ndarray]]) -> None:
    with replacing(path) as partial, partial.open("wb") as file:
        stacked: dict[str, Any] = {name: np.stack(values) for name, values in kept.items()}
        np.savez(file, **stacked)
