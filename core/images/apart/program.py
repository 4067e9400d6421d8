"""Read a picture of a stranger's: what the other process runs, by ask.py.

These formats have many compressions, whose libraries break most often, so it has nothing to lose: it can use up no more
memory, processor time and disk than are allotted here. COPY gets the pixels as NumPy writes them, standard output one
line of JSON: what is known of them, or why there are none.
"""

import errno
import importlib
import json
import math
import os
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .limits import MAX_PIXELS, MOST_BYTES, Refused

STRIP = "strip"  # in place of a kind: copy a DICOM file without what is the patient's
ROOM = 2**28  # bytes of memory for libraries
BYTES_A_PIXEL = 40  # while a picture is decoded, scaled and turned


def main(kind: str, source: str, copy: str, seconds: str) -> None:
    """Answer one question."""
    Image.MAX_IMAGE_PIXELS = None  # it would count bytes; every size is checked by limits.py
    print(json.dumps(answer(kind, source, copy, float(seconds))))


def _save(pixels: NDArray[Any], copy: str) -> None:
    try:
        with open(copy, "wb") as file:
            np.save(file, pixels, allow_pickle=False)
    except OSError as error:  # NumPy does not pass on which
        raise Refused("disk") from error


def answer(kind: str, source: str, copy: str, seconds: float) -> dict[str, Any]:
    """Read within limits: what the reader of this kind tells, or {"refused": reason, "about": text}; STRIP is none."""
    try:
        warnings.simplefilter("ignore")
        _limit(seconds)
        if kind == STRIP:
            importlib.import_module(".strip", __package__).strip_dicom(source, copy)
            return {}
        # Alone, since each reader's library takes time.
        pixels, told = importlib.import_module(f".{kind}", __package__).read(source)
        if pixels.nbytes > MOST_BYTES:
            raise Refused("memory")
        _save(pixels, copy)
    except Refused as refused:
        return {"refused": refused.reason, "about": refused.about}
    except MemoryError:
        return {"refused": "memory", "about": ""}
    except OSError as error:
        is_full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        return {"refused": "disk" if is_full else "damaged", "about": ""}
    except BaseException:  # a damaged file can fail in any way
        return {"refused": "damaged", "about": ""}
    return told


def _limit(seconds: float) -> None:
    try:
        import resource
    except ImportError:  # Windows; ask.py limits the time as well
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: MOST_BYTES + 4096,
        resource.RLIMIT_CPU: math.ceil(used.ru_utime + used.ru_stime + seconds),
    }
    if os.path.exists("/proc/self/statm"):
        with open("/proc/self/statm") as pages:
            data = int(pages.read().split()[5]) * resource.getpagesize()
        limits[resource.RLIMIT_DATA] = data + ROOM + BYTES_A_PIXEL * MAX_PIXELS
    for limit, value in limits.items():
        hard = resource.getrlimit(limit)[1]
        resource.setrlimit(limit, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))
