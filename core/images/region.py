"""Region: a box on a picture, whatever the picture's size."""

from dataclasses import astuple, dataclass, fields
from typing import Self

Box = tuple[float, float, float, float]  # (left, top, right, bottom), continuous: pixel i covers [i, i + 1]

_DECIMALS = 4  # 0.4 pixels of the largest picture
_LONGEST = 60  # characters of text that are looked at


@dataclass(frozen=True, slots=True)
class Region:
    """A box in shares of the picture: 0 <= left < right <= 1 and 0 <= top < bottom <= 1, from the top left corner.

    Kept to four decimals, so that a region equals the one that is read back from its own text.
    Raises ValueError for a box that is empty, reversed or outside the picture.
    """

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, round(float(getattr(self, field.name)), _DECIMALS))
        if not (0 <= self.left < self.right <= 1 and 0 <= self.top < self.bottom <= 1):
            raise ValueError(f"a region must lie in the picture and not be empty, unlike {self}")

    def __str__(self) -> str:
        """Text for an address, such as "0.12,0.3,0.5,0.62"."""
        return ",".join(f"{share:.{_DECIMALS}f}".rstrip("0").rstrip(".") for share in astuple(self))

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The region of a text that a stranger may have written; None if it makes no sense."""
        try:
            left, top, right, bottom = (float(share) for share in text[:_LONGEST].split(","))
            return cls(left, top, right, bottom)
        except ValueError:
            return None

    @classmethod
    def between(cls, corner: tuple[float, float], opposite: tuple[float, float]) -> Self | None:
        """The part in the picture of a box drawn from any corner, (x, y) in shares; None if nothing is left of it."""
        left, right = sorted((_share(corner[0]), _share(opposite[0])))
        top, bottom = sorted((_share(corner[1]), _share(opposite[1])))
        try:
            return cls(left, top, right, bottom)
        except ValueError:
            return None

    def box(self, size: tuple[int, int]) -> Box:
        """The region in pixels of a picture of this (width, height)."""
        width, height = size
        return self.left * width, self.top * height, self.right * width, self.bottom * height

    def pixels(self, size: tuple[int, int]) -> tuple[int, int, int, int]:
        """(left, top, right, bottom) in whole pixels of a picture of this (width, height), at least one by one."""
        left, top, right, bottom = self.box(size)
        (first, after), (upper, below) = _whole(left, right), _whole(top, bottom)
        return first, upper, after, below


def _share(place: float) -> float:
    return min(max(place, 0.0), 1.0)


def _whole(low: float, high: float) -> tuple[int, int]:
    first, after = round(low), round(high)
    middle = int((low + high) / 2)
    return (first, after) if first < after else (middle, middle + 1)
