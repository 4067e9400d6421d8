"""Pictures of formats whose libraries are not trusted with this process: TIFF, HEIF, DICOM.

program.py opens them, in a process of its own that a hostile file may crash, fill or delay without harm to this one;
what comes back is an array of numbers, and one line that is believed in no more than a few of them.
"""

import json
import math
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import ImageError, NoRoom
from core.images.apart.limits import MAX_PIXELS
from core.images.apart.program import STRIP
from core.images.raw import Raw
from core.runtime.scratch import process_folder
from core.values import Window

STARTING_SECONDS, READING_SECONDS = 20.0, 20.0  # for a program's libraries, on a slow disk; and for a picture

# Without a preamble a file begins with its own group of elements, or with the data's, whose first values are short.
_BARE_DICOM = (
    rb"\x02\x00[\x00-\x13]\x00(UL|OB|UI)"
    rb"|\x08\x00[\x00-\x60]\x00([A-Z]{2}[\x00-\x40]\x00|[\x00-\x40]\x00{3})"  # little-endian, with or without a type
    rb"|\x00\x08\x00[\x00-\x60][A-Z]{2}\x00[\x00-\x40]"
)
_KINDS = {
    "tiff": rb"(II[*+]\x00|MM\x00[*+])",
    "heif": rb"....ftyp(hei[a-z]|hev[a-z]|mif1|msf1)",
    "dicom": rb".{128}DICM|" + _BARE_DICOM,
}
_MOST_ANSWERED = 10_000  # bytes
_START = "import sys; sys.path.append(sys.argv[5]); from apart.program import main; main(*sys.argv[1:5])"
_WHERE = Path(__file__).parents[1]  # what has the package "apart" in it
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
    "raw": "This is the raw photo of a camera, of which only a preview could be read here: export it as JPEG or TIFF.",
    "thin": "The picture is too long and thin ({about} pixels): crop it.",
}
FOR_PRINT = "Its colours are for print (CMYK): as converted for a screen they may look different elsewhere."
OTHER_PROFILE = (
    "Its colour profile is not applied, as networks are trained: other programs may show its colours otherwise."
)
UPPER_BITS = "Of more than 8 bits a colour the upper 8 are shown: if that is black, save the picture with 8 bits."
_TOO_SLOW = "Reading the picture took too long: export it as PNG or JPEG."


def kind_of(data: bytes) -> str | None:
    """Which of the formats the bytes are, by their beginning; None if another."""
    head = data[:132]
    return next((kind for kind, pattern in _KINDS.items() if re.match(pattern, head, re.DOTALL)), None)


def read_apart(data: bytes, kind: str) -> Raw:
    """Have program.py read the bytes. Raises ImageError."""
    with _given(data) as source:
        copy = source.with_name("pixels")
        report = _answer(_command(kind, source, copy))
        if "refused" in report:
            raise _refusal(report)
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
    with _given(data) as source:
        copy = source.with_name("stripped")
        if report := _answer(_command(STRIP, source, copy)):
            raise _refusal(report)
        return copy.read_bytes()


def _refusal(report: Mapping[str, Any]) -> ImageError:
    if report.get("refused") == "disk":
        return NoRoom()
    sentence = _REFUSALS.get(str(report.get("refused")), DAMAGED)
    return ImageError(sentence.format(about=re.sub(r"[^\d a-z]", "", str(report.get("about", "")))[:40]))


@contextmanager
def _given(data: bytes) -> Iterator[Path]:
    """A file with the bytes, in a folder of its own, which goes with the block."""
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(tempfile.TemporaryDirectory(dir=process_folder()))
            path = Path(folder, "picture")
            path.write_bytes(data)
        except OSError as error:
            raise NoRoom from error
        yield path


def _command(kind: str, source: Path, copy: Path) -> list[str]:
    return [sys.executable, "-I", "-c", _START, kind, str(source), str(copy), str(READING_SECONDS), str(_WHERE)]


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
    if pixels.dtype.kind not in "iufb" or (pixels.ndim != 2 and (pixels.ndim != 3 or pixels.shape[2] not in (2, 3, 4))):
        raise ValueError("no picture")
    if pixels.dtype.kind == "i" and pixels.ndim == 3 and pixels.shape[2] != 3:
        raise ValueError("no transparency is negative")
    if math.prod(pixels.shape[:2]) not in range(1, MAX_PIXELS + 1):
        raise ValueError("no size of a picture")
    window, ceiling = report.get("window"), report.get("ceiling")
    return Raw(
        pixels=pixels if pixels.dtype.kind != "b" else pixels.astype(np.uint8),
        window=_window(*window) if window else None,
        ceiling=float(ceiling) if ceiling else None,
        inverted=bool(report.get("inverted")),
        is_stripped=bool(report.get("stripped")),
        orientation=int(report.get("orientation", 1)),
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
    if report.get("for_print"):
        said.append(FOR_PRINT)
    elif report.get("other_profile"):
        said.append(OTHER_PROFILE)
    if report.get("burned"):
        said.append("The file says that text is burned into its picture, which may name the patient.")
    return said
