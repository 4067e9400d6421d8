"""Pictures of formats whose libraries are not trusted with this process: TIFF, HEIF, DICOM.

reader.py opens them, in a process of its own that a hostile file may crash, fill or delay without harm to this one;
what comes back is an array of numbers, and one line that is believed in no more than a few of them.
"""

import json
import math
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import ImageError
from core.images.reader import MAX_PIXELS, STRIP
from core.values import Window

STARTING_SECONDS, READING_SECONDS = 20.0, 20.0  # for a program's libraries, on a slow disk; and for a picture

_KINDS = {
    "tiff": rb"(II[*+]\x00|MM\x00[*+])",
    "heif": rb"....ftyp(hei[a-z]|hev[a-z]|mif1|msf1)",
    "dicom": rb".{128}DICM",
}
_MOST_ANSWERED = 10_000  # bytes
_READER = Path(__file__).with_name("reader.py")
_one_at_a_time = threading.Lock()  # each may need a few hundred MB

DAMAGED = "The picture is damaged or incomplete: save or download it again, or choose another one."
_REFUSALS = {
    "compression": "This DICOM file is compressed in a way that is not read here: export it uncompressed, or as PNG.",
    "damaged": DAMAGED,
    "kind": "This TIFF is damaged, or has numbers of a kind that is not read here: export it as PNG.",
    "memory": "Reading the picture would take too much memory: make it smaller.",
    "no picture": "This DICOM file holds no picture, such as a report: choose one that does.",
    "pixels": (
        f"The picture has {{about}} pixels and at most {MAX_PIXELS / 1e6:.0f} million are accepted: make it smaller."
    ),
    "thin": "The picture is too long and thin ({about} pixels): crop it.",
}
UPPER_BITS = "Of more than 8 bits a colour the upper 8 are shown: if that is black, save the picture with 8 bits."
_TOO_SLOW = "Reading the picture took too long: export it as PNG or JPEG."


@dataclass(frozen=True, slots=True, eq=False)
class Raw:
    """What was read: colours, (height, width, 3 or 4) uint8, or values of any kind of number, (height, width).

    window: that the file proposes. ceiling: the largest value that it says there may be. inverted: the lowest value is
    white. notices: sentences.
    """

    pixels: NDArray[np.generic]
    window: Window | None = None
    ceiling: float | None = None
    inverted: bool = False
    notices: tuple[str, ...] = ()


def kind_of(data: bytes) -> str | None:
    """Which of the formats the bytes are, by their beginning; None if another."""
    head = data[:132]
    return next((kind for kind, pattern in _KINDS.items() if re.match(pattern, head, re.DOTALL)), None)


def read_apart(data: bytes, kind: str) -> Raw:
    """Have reader.py read the bytes. Raises ImageError."""
    with tempfile.TemporaryDirectory(prefix="limelight-") as folder:
        source, copy = Path(folder, "picture"), Path(folder, "pixels")
        source.write_bytes(data)
        report = _answer(_command(kind, source, copy))
        if "refused" in report:
            sentence = _REFUSALS.get(str(report["refused"]), DAMAGED)
            raise ImageError(sentence.format(about=re.sub(r"[^\d a-z]", "", str(report.get("about", "")))[:40]))
        try:
            return _raw(np.load(copy, allow_pickle=False), report, kind)
        except (OSError, ValueError, TypeError, EOFError) as error:
            raise ImageError(DAMAGED) from error


def anonymous(data: bytes) -> bytes:
    """The bytes; of a DICOM file its pixels and what they mean alone, so that no patient's data are kept.

    Raises ImageError if it is damaged.
    """
    if kind_of(data) != "dicom":
        return data
    with tempfile.TemporaryDirectory(prefix="limelight-") as folder:
        source, copy = Path(folder, "picture"), Path(folder, "stripped")
        source.write_bytes(data)
        if _answer(_command(STRIP, source, copy)):
            raise ImageError(DAMAGED)
        return copy.read_bytes()


def _command(kind: str, source: Path, copy: Path) -> list[str]:
    return [sys.executable, "-I", str(_READER), kind, str(source), str(copy), str(READING_SECONDS)]


def _answer(command: list[str]) -> dict[str, Any]:
    with _one_at_a_time:
        try:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False,
                timeout=STARTING_SECONDS + 2 * READING_SECONDS,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise ImageError(_TOO_SLOW) from None
    try:
        report = json.loads(done.stdout[:_MOST_ANSWERED])
    except ValueError:
        raise ImageError(DAMAGED) from None  # it broke off
    if not isinstance(report, dict):
        raise ImageError(DAMAGED)
    return report


def _raw(pixels: NDArray[np.generic], report: Mapping[str, Any], kind: str) -> Raw:
    """Raises ValueError and TypeError for what a sound program would not have written."""
    colours = pixels.dtype == np.uint8 and pixels.ndim == 3 and pixels.shape[2] in (3, 4)
    if not colours and (pixels.ndim != 2 or pixels.dtype.kind not in "iufb"):
        raise ValueError("no picture")
    if math.prod(pixels.shape[:2]) not in range(1, MAX_PIXELS + 1):
        raise ValueError("no size of a picture")
    window, ceiling = report.get("window"), report.get("ceiling")
    return Raw(
        pixels=pixels if pixels.dtype.kind != "b" else pixels.astype(np.uint8),
        window=_window(*window) if window else None,
        ceiling=float(ceiling) if ceiling else None,
        inverted=bool(report.get("inverted")),
        notices=tuple(_notices(report, kind)),
    )


def _window(low: float, high: float) -> Window | None:
    """A file's window may have no width."""
    return Window(float(low), float(high)) if low < high else None


def _notices(report: Mapping[str, Any], kind: str) -> list[str]:
    said, frames = [], int(report.get("frames", 1))
    if frames > 1:
        parts, used = {"tiff": ("pages", "first"), "heif": ("pictures", "main"), "dicom": ("frames", "first")}[kind]
        said.append(f"This file has {frames} {parts}: the {used} one is used.")
    if report.get("deep_colours"):
        said.append(UPPER_BITS)
    if report.get("burned"):
        said.append("The file says that text is burned into its picture, which may name the patient.")
    return said
