"""The first frame of a DICOM file, by pydicom: of it nothing but pixels and what they mean leaves."""

import re
from typing import Any

from pydicom import FileDataset, dcmread, pixels
from pydicom.dataset import FileMetaDataset
from pydicom.uid import UID, ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from .limits import Refused, check_shape

STRIPPED = "Limelight: pixels and what they mean alone"
_SYNTAXES: dict[Any, UID] = {  # (implicit VR, little endian): of files that do not say
    (True, True): ImplicitVRLittleEndian,
    (False, True): ExplicitVRLittleEndian,
    (False, False): ExplicitVRBigEndian,
}


def opened(source: str, elements: list[str] | None = None) -> FileDataset:
    """All of its elements, or these; without a preamble (PS3.10, 7.1) a file need not say how they are written."""
    with open(source, "rb") as file:
        bare = file.read(132)[128:] != b"DICM"
    data = dcmread(source, force=bare, specific_tags=elements)
    if bare:
        data.file_meta = getattr(data, "file_meta", FileMetaDataset())
        if "TransferSyntaxUID" not in data.file_meta:
            data.file_meta.TransferSyntaxUID = _SYNTAXES[data.original_encoding]
    return data


def read(source: str) -> tuple[Any, dict[str, Any]]:
    """Values after the modality's rescaling, with the window that the file proposes; or colours, of up to 16 bits."""
    data = opened(source)
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
    told: dict[str, Any] = {"frames": frames, "burned": data.get("BurnedInAnnotation") == "YES"}
    told["stripped"] = data.get("DeidentificationMethod") == STRIPPED
    if kind == "PALETTE COLOR":
        array = pixels.apply_color_lut(array, data)
    if array.ndim == 3:  # pydicom has made RGB of YBR
        bits = 8 * array.dtype.itemsize if kind == "PALETTE COLOR" else int(data.get("BitsStored") or 8)
        return array.astype("uint8") if bits <= 8 else array, told | {"ceiling": 2**bits - 1}
    values = pixels.apply_modality_lut(array, data)
    if values is array and array.dtype.kind == "u":  # nothing was rescaled
        told["ceiling"] = 2 ** int(data.get("BitsStored") or 8) - 1
    if "WindowWidth" in data and "WindowCenter" in data:
        told["window"] = _window(data)
    elif data.get("VOILUTSequence"):
        values = pixels.apply_voi(values, data)
    return values, told | {"inverted": kind == "MONOCHROME1"}


def _window(data: Any) -> tuple[float, float]:  # noqa: ANN401
    """The values that are black and white, of the first window (DICOM PS3.3, C.11.2.1)."""
    centre, width = (_first(data[name].value) for name in ("WindowCenter", "WindowWidth"))
    if data.get("VOILUTFunction", "LINEAR") == "LINEAR":
        centre, width = centre - 0.5, width - 1
    return centre - width / 2, centre + width / 2


def _first(value: Any) -> float:  # noqa: ANN401
    return float(value if isinstance(value, int | float | str) or not hasattr(value, "__getitem__") else value[0])
