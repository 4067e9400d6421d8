"""Pictures of kinds that most cameras do not make: TIFF, HEIC and DICOM, by their own libraries."""

from io import BytesIO
from typing import Any

import numpy as np
import pillow_heif
import pydicom
import tifffile
from PIL import Image
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian, SecondaryCaptureImageStorage

PATIENT = "Zyxwv^Patient"


def tiff(picture: Image.Image | np.ndarray, **options: Any) -> bytes:
    return _saved(picture, "TIFF", **options)


def heic(picture: Image.Image | np.ndarray, **options: Any) -> bytes:
    pillow_heif.register_heif_opener()
    return _saved(picture, "HEIF", quality=-1, **options)


def deep_heic(values: np.ndarray) -> bytes:
    """Of (height, width), (height, width, 3 or 4) numbers of 10 bits, without loss but for rounding."""
    buffer, (height, width) = BytesIO(), values.shape[:2]
    mode = {2: "I;16", 3: "RGB;16"}[values.ndim] if values.ndim == 2 or values.shape[2] == 3 else "RGBA;16"
    pillow_heif.encode(mode, (width, height), (values << 6).tobytes(), buffer, quality=-1, chroma=444)
    return buffer.getvalue()


def made_by_tifffile(values: np.ndarray, **options: Any) -> bytes:
    """(height, width) or (height, width, 3 or 4) numbers; planarconfig: "contig", or "separate" of them moved."""
    buffer = BytesIO()
    if values.ndim == 3:
        options.setdefault("photometric", "rgb")
    if options.get("planarconfig") == "separate":
        values = np.moveaxis(values, 2, 0)
    tifffile.imwrite(buffer, values, **options)
    return buffer.getvalue()


def _saved(picture: Image.Image | np.ndarray, kind: str, **options: Any) -> bytes:
    image, buffer = picture if isinstance(picture, Image.Image) else Image.fromarray(picture), BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def dicom(values: np.ndarray, photometric: str = "MONOCHROME2", **fields: Any) -> bytes:
    """(height, width), (height, width, 3) of RGB, or (frames, height, width) where NumberOfFrames is given.

    syntax: a compression that the file claims to have; its pixels are then no picture. implicit: whether
    the types of elements are left out.
    """
    meta, syntax, implicit = FileMetaDataset(), fields.pop("syntax", None), fields.pop("implicit", False)
    meta.TransferSyntaxUID = syntax or (ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian)
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = SecondaryCaptureImageStorage, "1.2.3"
    data = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
    bits = 8 * values.dtype.itemsize
    colours = photometric == "RGB"
    given = {
        "SOPClassUID": SecondaryCaptureImageStorage,
        "PatientName": PATIENT,
        "PatientID": "4711",
        "Rows": values.shape[-2] if not colours else values.shape[0],
        "Columns": values.shape[-1] if not colours else values.shape[1],
        "SamplesPerPixel": 3 if colours else 1,
        "PhotometricInterpretation": photometric,
        "BitsAllocated": bits,
        "BitsStored": bits,
        "HighBit": fields.get("BitsStored", bits) - 1,
        "PixelRepresentation": int(values.dtype.kind == "i"),
        **({"PlanarConfiguration": 0} if colours else {}),
        **fields,
        "PixelData": encapsulate([b"none"]) if syntax else values.tobytes(),
    }
    for name, value in given.items():
        setattr(data, name, value)
    data["PixelData"].is_undefined_length = syntax is not None
    buffer = BytesIO()
    pydicom.dcmwrite(buffer, data, enforce_file_format=True)
    return buffer.getvalue()
