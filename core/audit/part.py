"""One part of an audit: its pictures asked of all networks, and the answers written. What any machine can do alone."""

import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch

from core.audit.measure import Measured, measure
from core.audit.plan import Part, label_of
from core.audit.reading import Framed
from core.audit.rows import THUMBNAILS, schema_of, write_table
from core.audit.settings import Settings
from core.audit.subject import Audited
from core.networks.devices import choose_device
from core.networks.labels import class_named
from core.networks.weights.files import replacing
from core.runtime.memory import batch_for
from core.runtime.processors import at_once

_NO_NUMBERS = "The network gave scores that are not numbers."

Breathe = Callable[[int, int], None]  # is told how many pictures were done since, and failed; may raise what ends it
Answer = tuple[list[Measured | None], float]  # one network's of a few pictures, and the seconds for each of them


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
    batches = _batches(pictures, len(part.entries), settings.batch)
    with closing(_answered(batches, subjects, settings)) as answered:
        for several, answers in answered:
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


def _batches(pictures: Iterator[Framed], count: int, size: int) -> Iterator[tuple[Framed, ...]]:
    while count > 0 and (several := tuple(islice(pictures, min(size, count)))):
        count -= len(several)
        yield several


def _answered(
    batches: Iterator[tuple[Framed, ...]], subjects: list[Audited], settings: Settings
) -> Generator[tuple[tuple[Framed, ...], list[Answer]], None, None]:
    """Batches in their order, each with the networks' answers: the next ones are computed, or wait to be, meanwhile."""
    workers = _workers(settings.batch)
    waiting: deque[tuple[tuple[Framed, ...], Future[list[Answer]]]] = deque()
    with ThreadPoolExecutor(workers, "asking") as pool:
        try:
            for several in batches:
                waiting.append((several, pool.submit(_asked, several, subjects, settings)))
                if len(waiting) > workers:
                    first, answers = waiting.popleft()
                    yield first, answers.result()
            while waiting:
                first, answers = waiting.popleft()
                yield first, answers.result()
        finally:
            for _, answers in waiting:
                answers.cancel()


def _workers(batch: int) -> int:
    """How many batches to compute at once: one where one thread was asked for, or where memory is short."""
    device = choose_device()
    return min(torch.get_num_threads(), at_once(device.type)) if batch_for(device) >= batch else 1


def _asked(several: Sequence[Framed], subjects: list[Audited], settings: Settings) -> list[Answer]:
    """All networks', one after the other."""
    answers = []
    for place, subject in enumerate(subjects):
        found, subjects[place], seconds = _asked_of(subject, several, settings)
        answers.append((found, seconds))
    return answers


def _asked_of(
    subject: Audited, several: Sequence[Framed], settings: Settings
) -> tuple[list[Measured | None], Audited, float]:
    """Of those that are pictures; the seconds are those of one."""
    found: list[Measured | None] = [None] * len(several)
    good = [i for i, each in enumerate(several) if not each.error]
    if not good:
        return found, subject, 0.0
    start = time.perf_counter()
    inputs = np.stack([several[i].by_recipe[subject.spec.recipe] for i in good])
    labels = [class_named(label_of(several[i].entry, settings), subject.spec.categories) for i in good]
    results, subject = measure(subject, inputs, labels, whole=settings.maps)
    for i, result in zip(good, results, strict=True):
        found[i] = result
    return found, subject, (time.perf_counter() - start) / len(good)


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
