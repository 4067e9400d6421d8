"""Pictures of kinds that cameras do not make: TIFF, HEIC and DICOM, by their own libraries."""

from io import BytesIO
from typing import Any

import numpy as np
import pillow_heif
import pydicom
from PIL import Image
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage

PATIENT = "Zyxwv^Patient"


def tiff(picture: Image.Image | np.ndarray, **options: Any) -> bytes:
    return _saved(picture, "TIFF", **options)


def heic(picture: Image.Image | np.ndarray, **options: Any) -> bytes:
    pillow_heif.register_heif_opener()
    return _saved(picture, "HEIF", quality=-1, **options)


def _saved(picture: Image.Image | np.ndarray, kind: str, **options: Any) -> bytes:
    image, buffer = picture if isinstance(picture, Image.Image) else Image.fromarray(picture), BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def dicom(values: np.ndarray, photometric: str = "MONOCHROME2", **fields: Any) -> bytes:
    """(height, width), (height, width, 3) of RGB, or (frames, height, width) where NumberOfFrames is given.

    syntax: a compression that the file claims to have; its pixels are then no picture.
    """
    meta, syntax = FileMetaDataset(), fields.pop("syntax", None)
    meta.TransferSyntaxUID = syntax or ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = SecondaryCaptureImageStorage, "1.2.3"
    data = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
    bits = 8 * values.dtype.itemsize
    colours = photometric == "RGB"
    given = {
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
