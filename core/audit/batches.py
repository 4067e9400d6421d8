"""Batches of an audit's pictures, asked of its networks: in their order, and two at once where that is quicker."""

import time
from collections.abc import Generator, Iterator, Sequence
from itertools import islice

import numpy as np
import torch

from core.audit.measure import Measured, measure
from core.audit.plan import label_of
from core.audit.reading import Framed
from core.audit.settings import Settings
from core.audit.subject import Audited
from core.networks.devices import choose_device
from core.networks.labels import class_named
from core.runtime.ahead import ahead
from core.runtime.memory import batch_for
from core.runtime.processors import at_once

Batch = tuple[Framed, ...]
Answer = tuple[list[Measured | None], float]  # one network's of a batch, and the seconds for each of its pictures


def workers(batch: int) -> int:
    """How many batches to compute at once: one where one thread was asked for, or where memory is short."""
    device = choose_device()
    return min(torch.get_num_threads(), at_once(device.type)) if batch_for(device) >= batch else 1


def answered(
    pictures: Iterator[Framed], count: int, subjects: list[Audited], settings: Settings
) -> Generator[tuple[Batch, list[Answer]], None, None]:
    """So many of the pictures, batch by batch, each with the networks' answers; close it to end its threads.

    The next batches are computed, or wait to be, while one is looked at. subjects: one that an accelerator had no
    memory for is replaced.
    """
    at_a_time = workers(settings.batch)

    def ask(several: Batch) -> tuple[Batch, list[Answer]]:
        return several, _asked(several, subjects, settings)

    return ahead(ask, _batches(pictures, count, settings.batch), at_a_time, at_a_time, "asking")


def _batches(pictures: Iterator[Framed], count: int, size: int) -> Iterator[Batch]:
    while count > 0 and (several := tuple(islice(pictures, min(size, count)))):
        count -= len(several)
        yield several


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
