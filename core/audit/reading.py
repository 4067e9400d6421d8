"""Pictures read and framed ahead of the computing, in threads: image libraries let others compute meanwhile."""

import hashlib
import os
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.audit.collection import Collection, Entry
from core.errors import ImageError, NoRoom
from core.images.decode import decode_image
from core.images.framing import frame
from core.networks.devices import choose_device
from core.runtime.ahead import ahead
from core.values import Picture, Recipe

AHEAD = 8  # pictures a reader: two batches
_MOST_READERS = 8
THUMBNAIL = 96  # px, the longer side
_QUALITY = 80  # of WebP

_BROKEN = "This picture made its reader break off: save it anew, as PNG or JPEG."


@dataclass(frozen=True, slots=True, eq=False)
class Framed:
    """A picture as networks see it. digest: sha256 of the file. by_recipe: (channels, crop, crop) float32.

    webp: a thumbnail of all of it. notices: what decoding had to decide. error: what to do if it is none; the rest
    is then empty, but for the digest of a file that could be read.
    """

    entry: Entry
    digest: str = ""
    by_recipe: Mapping[Recipe, NDArray[np.float32]] = field(default_factory=dict)
    webp: bytes = b""
    notices: tuple[str, ...] = ()
    error: str = ""


def read_ahead(
    collection: Collection, entries: Sequence[Entry], recipes: Sequence[Recipe], fit: str
) -> Generator[Framed, None, None]:
    """The pictures in order, a few of them read before they are asked for. Close it to end its threads."""
    readers = _readers()

    def read(entry: Entry) -> Framed:
        return framed(collection, entry, recipes, fit)

    return ahead(read, entries, readers, AHEAD * readers, "reading")


def _readers() -> int:
    """One where the processors are wanted for computing; an accelerator would wait for one."""
    return 1 if choose_device().type == "cpu" else min(_MOST_READERS, os.cpu_count() or 1)


def framed(collection: Collection, entry: Entry, recipes: Sequence[Recipe], fit: str) -> Framed:
    """One picture, or the sentence that says why it is none. Raises NoRoom."""
    digest = ""
    try:
        data = collection.read(entry.path)
        digest = hashlib.sha256(data).hexdigest()
        picture = decode_image(data)
    except NoRoom:  # which is not the picture's fault, and there may be some when the audit goes on
        raise
    except ImageError as error:
        return Framed(entry, digest, error=str(error))
    except Exception:  # one of a hundred thousand pictures must not end the others
        return Framed(entry, digest, error=_BROKEN)
    by_recipe = {recipe: frame(picture, recipe, fit)[0] for recipe in recipes}
    return Framed(entry, digest, by_recipe, thumbnail(picture), picture.notices)


def thumbnail(picture: Picture) -> bytes:
    """WebP of all of it, its longer side THUMBNAIL pixels at most."""
    small = Image.fromarray(picture.pixels)
    small.thumbnail((THUMBNAIL, THUMBNAIL))
    written = BytesIO()
    small.save(written, "WEBP", quality=_QUALITY)
    return written.getvalue()
