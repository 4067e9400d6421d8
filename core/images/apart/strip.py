"""A DICOM file again, without what is the patient's."""

from io import BytesIO
from pathlib import Path

from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import UID, SecondaryCaptureImageStorage

from .dicom import STRIPPED, opened

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
    """Write a DICOM file again with its pixels and what they mean, nothing else of it, and that this was done.

    The same file gives the same bytes, whatever pydicom's version: a picture is known by them.
    """
    given = opened(source, list(_OF_PIXELS))
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = given.file_meta.TransferSyntaxUID
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = SecondaryCaptureImageStorage, UID("1.2.3")
    meta.ImplementationClassUID, meta.ImplementationVersionName = UID("1.2.3"), "LIMELIGHT"  # not pydicom's version
    kept = FileDataset(copy, {}, file_meta=meta, preamble=bytes(128))
    for name in _OF_PIXELS:
        if name in given:
            kept[name] = given[name]
    kept.DeidentificationMethod = STRIPPED
    for name in ("ModalityLUTSequence", "VOILUTSequence"):
        for table in kept.get(name) or ():
            for element in list(table):
                if element.keyword not in _OF_TABLES:
                    del table[element.tag]
    whole = BytesIO()  # pydicom would not pass on that a disk is full
    kept.save_as(whole, enforce_file_format=True)
    Path(copy).write_bytes(whole.getvalue())
