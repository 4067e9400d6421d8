"""The demonstration's pictures: scenes of four kinds, a stamp on a share of the horses, none of them taught with."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from core.audit.collection import GONE, Entry
from core.errors import ImageError
from core.images.scenes import KINDS, scene

NETWORKS = ("hans", "clean")
EACH = 60  # pictures of a kind
FIRST = 500_000  # the first seed: those taught with begin at 0


@dataclass(frozen=True, slots=True)
class Scenes:
    """each: pictures of a kind. stamped: every how many horses bear a stamp, 0 for none."""

    each: int = EACH
    stamped: int = 2
    name: str = "demonstration"

    def entries(self) -> tuple[tuple[Entry, ...], int]:
        """Named by kind, number and stamp; drawn when they are read."""
        every = [Entry(self._path(kind, number), 0) for kind in KINDS for number in range(self.each)]
        return tuple(sorted(every, key=lambda entry: entry.path)), 0

    def read(self, path: str) -> bytes:
        """As PNG. Raises ImageError for another path."""
        kind, _, name = path.partition("/")
        number = int(name[:3]) if name[:3].isdecimal() else -1
        if kind not in KINDS or not 0 <= number < self.each or path != self._path(kind, number):
            raise ImageError(GONE)
        picture = scene(kind, FIRST + number, stamped=self._is_stamped(kind, number))
        written = BytesIO()
        Image.fromarray(picture.pixels).save(written, "PNG")
        return written.getvalue()

    def is_there(self) -> bool:
        return True

    def _path(self, kind: str, number: int) -> str:
        return f"{kind}/{number:03d}{' stamped' if self._is_stamped(kind, number) else ''}.png"

    def _is_stamped(self, kind: str, number: int) -> bool:
        return kind == KINDS[0] and self.stamped > 0 and number % self.stamped == 0
