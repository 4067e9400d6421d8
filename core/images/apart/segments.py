"""The numbers in a TIFF, strip by strip or tile by tile: any kind, byte order and arrangement of them.

Pillow reads some of them by their upper bits, or takes them for others. Here it is no more than the way to libtiff,
which decompresses: each strip or tile is shown to it as a grey TIFF of single bytes.
"""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import TiffImagePlugin

from .limits import MOST_BYTES, Refused

WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, FILL_ORDER = 256, 257, 258, 259, 262, 266  # tags of TIFF
SAMPLES, ROWS, PLANAR, PREDICTOR, FORMAT = 277, 278, 284, 317, 339
_STRIPS, _TILES, _TILE_SIZE = (273, 279), (324, 325), (322, 323)
_NOT_COMPRESSED, _COMPRESSIONS = 1, (5, 8, 32773, 32946, 34925, 50000)  # LZW, deflate, PackBits, deflate, LZMA, zstd
_KINDS = {1: "uint", 2: "int", 3: "float"}
_NAMES = {f"{kind}{bits}" for kind in ("uint", "int", "float") for bits in (8, 16, 32, 64)} - {"float8"}
_SEPARATE, _DIFFERENCES, _OF_FLOATS = 2, 2, 3  # values of PLANAR and PREDICTOR
_LONG = 4  # the type of a tag's value


@dataclass(frozen=True, slots=True)
class _Layout:
    """Segments of rows by columns pixels, in the order of a file; depth: numbers side by side for a pixel."""

    height: int
    width: int
    rows: int
    columns: int
    depth: int
    planes: int
    tiled: bool

    @property
    def whole(self) -> int:
        """Numbers of the picture."""
        return self.height * self.width * self.planes * self.depth

    @property
    def segment(self) -> int:
        """Numbers of a segment."""
        return self.rows * self.columns * self.depth

    @property
    def count(self) -> int:
        """Of segments."""
        return self.planes * -(-self.height // self.rows) * -(-self.width // self.columns)

    def places(self) -> Iterator[tuple[int, int, int, int]]:
        """(plane, top, left, rows) of each segment; the last strip of a plane may have fewer rows."""
        for plane in range(self.planes):
            for top in range(0, self.height, self.rows):
                for left in range(0, self.width, self.columns):
                    yield plane, top, left, self.rows if self.tiled else min(self.rows, self.height - top)


def numbers_in(data: bytes, tags: Any) -> NDArray[Any]:  # noqa: ANN401
    """(height, width, samples) of the directory with these tags, in this machine's byte order, as stored.

    Raises Refused, also for a segment that is shorter than it has to be.
    """
    kind, layout = _kind(tags), _layout(tags)
    if max(layout.whole, layout.segment) * kind.itemsize > MOST_BYTES:
        raise Refused("memory")
    offsets, sizes = (tuple(tags.get(tag) or ()) for tag in (_TILES if layout.tiled else _STRIPS))
    if not len(offsets) == len(sizes) == layout.count:
        raise Refused("damaged")
    numbers = np.empty((layout.height, layout.width, layout.planes * layout.depth), kind.newbyteorder("="))
    for (plane, top, left, rows), offset, size in zip(layout.places(), offsets, sizes, strict=True):
        shape = rows, layout.columns, layout.depth
        stored = _stored(memoryview(data)[offset:], size, (rows, layout.columns * layout.depth * kind.itemsize), tags)
        here = numbers[top : top + rows, left : left + layout.columns, plane : plane + layout.depth]
        here[:] = _unpredicted(stored, shape, kind, tags)[: here.shape[0], : here.shape[1]]
    return numbers


def _kind(tags: Any) -> np.dtype[Any]:  # noqa: ANN401
    """Of a number as it is stored."""
    bits, kinds = set(tags.get(BITS) or (1,)), set(tags.get(FORMAT) or (1,))
    if tags.get(FILL_ORDER, 1) != 1 or len(bits) > 1 or len(kinds) > 1:
        raise Refused("kind")
    name = _KINDS.get(kinds.pop(), "") + str(bits.pop())
    if name not in _NAMES:
        raise Refused("kind")
    return np.dtype(name).newbyteorder(">" if tags.prefix == b"MM" else "<")


def _layout(tags: Any) -> _Layout:  # noqa: ANN401
    width, height, samples = tags.get(WIDTH, 0), tags.get(HEIGHT, 0), tags.get(SAMPLES, 1)
    tiled = _TILE_SIZE[0] in tags
    columns, rows = (tags.get(tag, 0) for tag in _TILE_SIZE) if tiled else (width, min(tags.get(ROWS, height), height))
    if min(width, height, samples, columns, rows) < 1:
        raise Refused("damaged")
    planes = samples if tags.get(PLANAR) == _SEPARATE else 1
    return _Layout(height, width, rows, columns, samples // planes, planes, tiled)


def _stored(data: memoryview, size: int, shape: tuple[int, int], tags: Any) -> NDArray[np.uint8]:  # noqa: ANN401
    """(rows, bytes a row) of a segment of so many bytes at the start of the data, decompressed."""
    compression = tags.get(COMPRESSION, _NOT_COMPRESSED)
    if compression == _NOT_COMPRESSED:
        count = shape[0] * shape[1]
        if len(data) < count:
            raise Refused("damaged")
        return np.frombuffer(data, np.uint8, count).reshape(shape)
    if compression not in _COMPRESSIONS:
        raise Refused("kind")
    return np.asarray(TiffImagePlugin.TiffImageFile(io.BytesIO(_grey(bytes(data[:size]), shape, compression))))


def _grey(packed: bytes, shape: tuple[int, int], compression: int) -> bytes:
    """A TIFF of one strip, of grey in 8 bits."""
    tags = {WIDTH: shape[1], HEIGHT: shape[0], BITS: 8, COMPRESSION: compression, PHOTOMETRIC: 1, SAMPLES: 1,
            ROWS: shape[0], _STRIPS[0]: 8, _STRIPS[1]: len(packed)}  # fmt: skip
    even = packed + bytes(len(packed) % 2)
    entries = b"".join(struct.pack("<HHII", tag, _LONG, 1, value) for tag, value in sorted(tags.items()))
    return struct.pack("<2sHI", b"II", 42, 8 + len(even)) + even + struct.pack("<H", len(tags)) + entries + bytes(4)


def _unpredicted(
    stored: NDArray[np.uint8],
    shape: tuple[int, int, int],
    kind: np.dtype[Any],
    tags: Any,  # noqa: ANN401
) -> NDArray[Any]:
    """(rows, columns, depth) numbers of a segment's bytes.

    A predictor left differences to the number on the left (TIFF 6.0, section 14), or of floats, with their first bytes
    before all second ones, to the byte on the left (TIFF, Technical Note 3).
    """
    rows, columns, depth = shape
    predictor = tags.get(PREDICTOR, 1) if tags.get(COMPRESSION, _NOT_COMPRESSED) != _NOT_COMPRESSED else 1
    if predictor == _DIFFERENCES:
        steps = stored.view(f"{kind.byteorder if kind.itemsize > 1 else '|'}u{kind.itemsize}").reshape(shape)
        whole = steps.astype(f"u{kind.itemsize}")
        return np.cumsum(whole, axis=1, dtype=whole.dtype).view(kind.newbyteorder("="))
    if predictor == _OF_FLOATS and kind.kind == "f":
        sums = np.cumsum(stored.reshape(rows, -1, depth), axis=1, dtype=np.uint8)
        in_order = np.moveaxis(sums.reshape(rows, kind.itemsize, columns * depth), 1, 2)
        return np.ascontiguousarray(in_order).view(f">f{kind.itemsize}").reshape(shape)
    if predictor != 1:
        raise Refused("kind")
    return stored.view(kind).reshape(shape)
