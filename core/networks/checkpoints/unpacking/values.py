"""What a pickle can say: plain data, tensors as they are described, and names of things that stay names."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Name:
    """A class or function that a file names, "torch.nn.modules.linear.Linear"; it is never looked up."""

    text: str


class Thing(dict[object, object]):
    """What stands where something would have been made: its name, and what it would have been made of, as data.

    name: of its class or function. arguments, state: what that would have been given, and set to. As a dict it has the
    entries that a dict of its kind would have (a defaultdict, a subclass of OrderedDict). It equals itself alone.
    """

    __slots__ = ("arguments", "name", "state")
    __hash__ = object.__hash__  # type: ignore[assignment]

    def __init__(self, name: str, arguments: object = ()) -> None:
        super().__init__()
        self.name, self.arguments = name, arguments
        self.state: object = None

    def __eq__(self, other: object) -> bool:
        return self is other


@dataclass(frozen=True, slots=True, eq=False)
class Storage:
    """Numbers that lie in a row in the file.

    key: which of its storages. dtype: torch's name of the kind of numbers, "float32", or "" of an unknown one. count:
    how many there are said to be. start: the first of them in that storage.
    """

    key: str
    dtype: str
    count: int
    start: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """A plain tensor: how it lies in a storage. offset, size and stride are in numbers, never negative."""

    storage: Storage
    offset: int
    size: tuple[int, ...]
    stride: tuple[int, ...]


@dataclass(slots=True, eq=False)
class Array:
    """A numpy array as it is described: what would be given to its __setstate__, which arrays.py reads."""

    state: object = None


@dataclass(frozen=True, slots=True, eq=False)
class Odd:
    """A tensor that is no plain one (sparse, quantised, of a class of its own), by the name of what would make it."""

    name: str
