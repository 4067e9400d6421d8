"""A JPEG whose last bytes are missing, as a download leaves it that broke off at the very end."""

import re
from io import BytesIO

import numpy as np
from PIL import Image

_END = b"\xff\xd9"
_CUT = 64  # bytes: where a file ends that has so many fewer, its picture begins to be another
_LEAST_ROWS, _SHARE = 16, 0.02  # of a picture, from below, in which bytes may be missing: a row of blocks at least
_SCAN = re.compile(rb"\xff\xda\x00[\x06-\x0c](.)(.{2,8}?)(.)(.)(.)", re.DOTALL)


def completed(data: bytes) -> bytes | None:
    """The bytes with an end, where nothing but the lowest rows of the picture is missing; None where more is."""
    if not _is_in_its_last_scan(data):
        return None
    with Image.open(BytesIO(data + _END), formats=["JPEG"]) as image:
        whole = np.asarray(image.convert("L"))
    with Image.open(BytesIO(data[:-_CUT] + _END), formats=["JPEG"]) as image:
        less = np.asarray(image.convert("L"))
    changed = np.nonzero((whole != less).any(axis=1))[0]
    reached = changed[0] if changed.size else len(whole)
    return data + _END if len(whole) - reached <= max(_LEAST_ROWS, _SHARE * len(whole)) else None


def _is_in_its_last_scan(data: bytes) -> bool:
    """Whether the scan that breaks off gives the picture its last bits: of a baseline JPEG, there is only that one."""
    if not re.search(rb"\xff\xc2\x00", data):
        return True
    scans = _SCAN.findall(data)
    if not scans:
        return False
    components, _, begin, end, bits = scans[-1]
    return components == b"\x01" and begin[0] > 0 and end[0] == 63 and bits[0] & 15 == 0
