"""What is explained, as data: the most probable classes, or chosen ones."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TopK:
    """Each picture's k most probable classes, most probable first, or all of a network that has fewer.

    excluding: a class that is left out and does not count, such as the one that the others are contrasted with.
    """

    k: int = 1
    excluding: int | None = None

    def __post_init__(self) -> None:
        if self.k < 1:
            raise ValueError(f"k must be at least 1, not {self.k}")

    @property
    def most(self) -> int:
        """How many classes there will be at most."""
        return self.k


@dataclass(frozen=True, slots=True)
class Classes:
    """Classes by index, in the order wanted."""

    indices: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.indices or len(set(self.indices)) < len(self.indices):
            raise ValueError(f"indices must be classes, each of them once, not {self.indices}")

    @property
    def most(self) -> int:
        """How many classes there will be at most."""
        return len(self.indices)


Targets = TopK | Classes


def target_of(index: int | None) -> Targets:
    """One class; None is the most probable one."""
    return TopK() if index is None else Classes((index,))
