"""Read a TIFF, HEIF or DICOM picture of a stranger's: a program of its own.

    python -I reader.py KIND FILE COPY SECONDS

apart.py runs it in a process that has nothing to lose: these formats have many compressions, whose libraries break most
often. It can use up no more memory, processor time and disk than are allotted here. COPY gets the pixels as NumPy
writes them, standard output one line of JSON: what is known of them, or why there are none. Of a DICOM file nothing but
pixels and what they mean leaves: no name, date or number of a patient. Imports nothing of Limelight.
"""

import io
import json
import math
import os
import re
import sys
import warnings
from collections.abc import Callable
from typing import Any

STRIP = "strip"  # in place of a kind: copy a DICOM file without what is the patient's
MAX_PIXELS = 60_000_000  # as decode.py; a test holds them to each other
MAX_ASPECT = 40
ROOM = 2**28  # bytes of memory for libraries
BYTES_A_PIXEL = 40  # while a picture is decoded, scaled and turned
_BITS, _COMPRESSION, _PHOTOMETRIC, _SAMPLES, _PLANAR, _FORMAT = 258, 259, 262, 277, 284, 339  # tags of TIFF
_MAXIMUM, _SIGNED_MAXIMUM = 281, 341
_SEPARATE, _UNSIGNED = 2, 1  # values of two of them


class Refused(Exception):
    """Why there are no pixels: a word that apart.py has a sentence for, and what it is about."""

    def __init__(self, reason: str, about: str = "") -> None:
        super().__init__(reason, about)
        self.reason, self.about = reason, about


def answer(kind: str, source: str, copy: str, seconds: float) -> dict[str, Any]:
    """Read within limits: what `READERS` tell, or {"refused": reason, "about": text}; STRIP is no reading."""
    try:
        import numpy as np

        warnings.simplefilter("ignore")
        _limit(seconds)
        if kind == STRIP:
            strip_dicom(source, copy)
            return {}
        pixels, told = READERS[kind](source)
        with open(copy, "wb") as file:
            np.save(file, pixels, allow_pickle=False)
    except Refused as refused:
        return {"refused": refused.reason, "about": refused.about}
    except MemoryError:
        return {"refused": "memory", "about": ""}
    except BaseException:  # a damaged file can fail in any way
        return {"refused": "damaged", "about": ""}
    return told


def _limit(seconds: float) -> None:
    try:
        import resource
    except ImportError:  # Windows; apart.py limits the time as well
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: MAX_PIXELS * 8 + 4096,
        resource.RLIMIT_CPU: math.ceil(used.ru_utime + used.ru_stime + seconds),
    }
    if os.path.exists("/proc/self/statm"):
        with open("/proc/self/statm") as pages:
            data = int(pages.read().split()[5]) * resource.getpagesize()
        limits[resource.RLIMIT_DATA] = data + ROOM + BYTES_A_PIXEL * MAX_PIXELS
    for limit, value in limits.items():
        hard = resource.getrlimit(limit)[1]
        resource.setrlimit(limit, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def check_shape(width: int, height: int) -> None:
    """Before anything is decoded."""
    shorter, longer = sorted((width, height))
    if shorter < 1:
        raise Refused("damaged")
    if width * height > MAX_PIXELS:
        raise Refused("pixels", f"{width} by {height}")
    if longer > MAX_ASPECT * shorter:
        raise Refused("thin", f"{width} by {height}")


def _opened(source: str) -> Any:  # noqa: ANN401
    from PIL import Image

    with open(source, "rb") as file:
        data = io.BytesIO(file.read())  # of a file by its name Pillow would map the pixels, and turn deep ones wrongly
    try:
        image = Image.open(data)
    except Image.DecompressionBombError as error:
        raise Refused("pixels", "far too many") from error
    check_shape(*image.size)
    return image


def read_tiff(source: str) -> tuple[Any, dict[str, Any]]:
    """The first page, upright: Pillow turns a TIFF as it loads it."""
    try:
        image = _opened(source)
    except (OSError, KeyError) as error:  # Pillow knows no such numbers, or it is none
        raise Refused("kind") from error
    if image.format != "TIFF":
        raise Refused("kind")
    tags = image.tag_v2
    _check_numbers(image, tags)
    told: dict[str, Any] = {"ceiling": _ceiling(tags), "inverted": False}
    image.load()
    if image.mode.startswith("I") or image.mode == "F":
        told["inverted"] = tags.get(_PHOTOMETRIC) == 0
        pixels = _array(image)
    else:
        told["deep_colours"] = max(tags.get(_BITS) or (1,)) > 8
        pixels = _colours(image)
    told["frames"] = getattr(image, "n_frames", 1)  # last: counting pages moves through the file
    return pixels, told


def _check_numbers(image: Any, tags: Any) -> None:  # noqa: ANN401
    """Refuse what Pillow takes for other numbers, and parts of several that it would show alone."""
    bits, signed = max(tags.get(_BITS) or (1,)), (tags.get(_FORMAT) or (_UNSIGNED,))[0] != _UNSIGNED
    deep, compressed = bits > 8, tags.get(_COMPRESSION, 1) != 1
    turned = tags.prefix == b"MM" and compressed and deep and (signed or bits > 16)
    apart = tags.get(_PLANAR) == _SEPARATE and deep and not compressed
    alone = len(image.getbands()) == 1 and tags.get(_SAMPLES, 1) > 1
    if turned or apart or alone or (signed and not deep):
        raise Refused("kind")


def _colours(image: Any) -> Any:  # noqa: ANN401
    """(height, width, 3 or 4) uint8, of any mode but those of numbers."""
    if image.mode == "LAB":
        from PIL import ImageCms

        srgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
        image = ImageCms.applyTransform(image, ImageCms.buildTransform(lab, srgb, "LAB", "RGB"))
    mode = "RGBA" if image.has_transparency_data else "RGB"
    return _array(image if image.mode == mode else image.convert(mode))


def _ceiling(tags: Any) -> float | None:  # noqa: ANN401
    """The largest value that a sample may have, as the file says."""
    for tag in (_SIGNED_MAXIMUM, _MAXIMUM):
        value = tags.get(tag)
        value = value[0] if isinstance(value, tuple) and value else value
        if isinstance(value, int | float) and math.isfinite(value):
            return float(value)
    return None


def _array(image: Any) -> Any:  # noqa: ANN401
    import numpy as np

    return np.array(image)


def read_heif(source: str) -> tuple[Any, dict[str, Any]]:
    """The main picture of a HEIC or HEIF file, upright."""
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
    image = _opened(source)
    if image.format not in ("HEIF", "AVIF"):
        raise Refused("damaged")
    pixels = _colours(image)
    return pixels, {"frames": getattr(image, "n_frames", 1), "ceiling": None, "inverted": False}


def read_dicom(source: str) -> tuple[Any, dict[str, Any]]:
    """The first frame: values after the modality's rescaling, with the window that the file proposes; or colours."""
    import pydicom
    from pydicom import pixels

    data = pydicom.dcmread(source)
    if "PixelData" not in data and "FloatPixelData" not in data and "DoubleFloatPixelData" not in data:
        raise Refused("no picture")
    check_shape(int(data.Columns), int(data.Rows))
    frames = int(data.get("NumberOfFrames") or 1)
    kind = str(data.get("PhotometricInterpretation", ""))
    try:
        array = pixels.pixel_array(data, index=0) if frames > 1 else pixels.pixel_array(data)
    except (NotImplementedError, RuntimeError) as error:
        if re.search(r"plugin|transfer syntax|decod", str(error), re.IGNORECASE):
            raise Refused("compression") from error
        raise
    told: dict[str, Any] = {"frames": frames, "ceiling": None, "burned": data.get("BurnedInAnnotation") == "YES"}
    if kind == "PALETTE COLOR":
        array = pixels.apply_color_lut(array, data)
        return _eight_bits(array, 16 if array.dtype.itemsize == 2 else 8), told | {"inverted": False}
    if array.ndim == 3:  # pydicom has made RGB of YBR
        return _eight_bits(array, int(data.get("BitsStored") or 8)), told | {"inverted": False}
    values = pixels.apply_modality_lut(array, data)
    if values is array and array.dtype.kind == "u":  # nothing was rescaled
        told["ceiling"] = 2 ** int(data.get("BitsStored") or 8) - 1
    if "WindowWidth" in data and "WindowCenter" in data:
        told["window"] = _window(data)
    elif data.get("VOILUTSequence"):
        values = pixels.apply_voi(values, data)
    return values, told | {"inverted": kind == "MONOCHROME1"}


def _eight_bits(array: Any, bits: int) -> Any:  # noqa: ANN401
    import numpy as np

    return (array.astype(np.uint32) * 255 // (2**bits - 1)).astype(np.uint8) if bits > 8 else array.astype(np.uint8)


def _window(data: Any) -> tuple[float, float]:  # noqa: ANN401
    """The values that are black and white, of the first window (DICOM PS3.3, C.11.2.1)."""
    centre, width = (_first(data[name].value) for name in ("WindowCenter", "WindowWidth"))
    if data.get("VOILUTFunction", "LINEAR") == "LINEAR":
        centre, width = centre - 0.5, width - 1
    return centre - width / 2, centre + width / 2


def _first(value: Any) -> float:  # noqa: ANN401
    return float(value if isinstance(value, int | float | str) or not hasattr(value, "__getitem__") else value[0])


_OF_PIXELS = (
    "SamplesPerPixel", "PhotometricInterpretation", "PlanarConfiguration", "NumberOfFrames", "Rows", "Columns",
    "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation", "PixelPaddingValue", "BurnedInAnnotation",
    "RescaleIntercept", "RescaleSlope", "ModalityLUTSequence", "WindowCenter", "WindowWidth", "VOILUTFunction",
    "VOILUTSequence", "RedPaletteColorLookupTableDescriptor", "GreenPaletteColorLookupTableDescriptor",
    "BluePaletteColorLookupTableDescriptor", "RedPaletteColorLookupTableData", "GreenPaletteColorLookupTableData",
    "BluePaletteColorLookupTableData", "PixelData", "FloatPixelData", "DoubleFloatPixelData",
)  # fmt: skip
_OF_TABLES = ("LUTDescriptor", "LUTData", "ModalityLUTType")


def strip_dicom(source: str, copy: str) -> None:
    """Write a DICOM file again with its pixels and what they mean, and nothing else of it."""
    from pydicom import dcmread
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.uid import UID, SecondaryCaptureImageStorage

    given = dcmread(source, specific_tags=list(_OF_PIXELS))
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = given.file_meta.TransferSyntaxUID
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = SecondaryCaptureImageStorage, UID("1.2.3")
    kept = FileDataset(copy, {}, file_meta=meta, preamble=bytes(128))
    for name in _OF_PIXELS:
        if name in given:
            kept[name] = given[name]
    for name in ("ModalityLUTSequence", "VOILUTSequence"):
        for table in kept.get(name) or ():
            for element in list(table):
                if element.keyword not in _OF_TABLES:
                    del table[element.tag]
    kept.save_as(copy, enforce_file_format=True)


READERS: dict[str, Callable[[str], tuple[Any, dict[str, Any]]]] = {
    "tiff": read_tiff,
    "heif": read_heif,
    "dicom": read_dicom,
}

if __name__ == "__main__":
    print(json.dumps(answer(sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4]))))
