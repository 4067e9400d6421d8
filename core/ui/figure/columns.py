"""Columns: what the grid compares, each with its own heading: a network, or one class of a network."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.explanation import Explanation

WAITING, COMPUTING = "Waiting…", "Computing…"  # messages of columns whose answers are on their way


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the grid, or one row where columns stand as rows.

    network: the name of the network asked. title: its heading. subtitle: what stands below that; None, the network's
    own top class. explanation: its answer, or in its stead a message of why there is none yet. missing: whether that
    is because the network's weights are not on this computer.
    """

    network: str
    title: str
    subtitle: str | None = None
    explanation: Explanation | None = None
    message: str = ""
    missing: bool = False


def all_wait(columns: Iterable[Column]) -> bool:
    """Whether there is nothing to see yet, and will be."""
    return all(column.message in (WAITING, COMPUTING) for column in columns)


def answers(columns: Iterable[Column]) -> list[Explanation]:
    """The answers that are there."""
    return [column.explanation for column in columns if column.explanation]
