"""The manifest as a value: these classes are the format, and their fields the keys of its JSON.

What a later version only adds is ignored here. Whatever changes the meaning of a key raises VERSION.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from core.networks.coverage import Coverage
from core.values import Prediction, Recipe

FORMAT, VERSION = "limelight-comparison", 1
SAMPLES = 257  # values of each map that are written out


@dataclass(frozen=True, slots=True)
class PictureRecord:
    """What is known of the picture, which is not in the manifest.

    digest: sha256 as in core.values.Picture. size: (width, height) in pixels. source: as Selection.picture; an uploaded
    file's has the beginning of the sha256 of that very file. digest_of: what `digest` is of, in words: a DICOM file's
    owner cannot compute that of the copy without patient data.
    """

    digest: str
    size: tuple[int, int]
    source: str
    digest_of: str = "the file"


@dataclass(frozen=True, slots=True)
class WeightsRecord:
    """A weights file. sha256 (of all of it) and bytes are None where the file was no longer there."""

    file: str
    sha256: str | None
    bytes: int | None
    url: str


@dataclass(frozen=True, slots=True)
class FramingRecord:
    """Where a network's input lies on the picture, as in core.images.framing.Framing."""

    side: int
    scale: tuple[float, float]
    offset: tuple[float, float]


@dataclass(frozen=True, slots=True)
class MapRecord:
    """What can be said of an attribution without its values.

    sha256: of its little-endian bytes in C order. magnitude: the sum of all |values|. samples: SAMPLES values, evenly
    spread from the first to the last in C order, as base64 of little-endian float32. The hash tells whether all bits
    are equal; the others, by how much values differ that another processor rounded otherwise.
    """

    shape: tuple[int, int, int]
    dtype: str
    sha256: str
    min: float
    max: float
    magnitude: float
    samples: str


@dataclass(frozen=True, slots=True)
class NetworkRecord:
    """One network's part, as in core.explanation.Explanation. seen: sha256 of the (side, side, 3) uint8 pixels."""

    name: str
    title: str
    weights: WeightsRecord
    recipe: Recipe
    framing: FramingRecord
    seen: str
    target: Prediction
    top: tuple[Prediction, ...]
    coverage: Coverage
    device: str
    refused: Mapping[str, str]
    attributions: Mapping[str, MapRecord]


@dataclass(frozen=True, slots=True)
class FindingRecord:
    """What a test found about one map, as in core.examine.Examined.

    network: its name. target: the class that the map explains. says: in words. figures: in numbers; null where a figure
    would say nothing.
    """

    network: str
    target: int
    source: str
    test: str
    seed: int
    says: str
    figures: Mapping[str, tuple[float | None, ...]]


@dataclass(frozen=True, slots=True)
class Manifest:
    """All that is needed to make a comparison again, and to tell whether it came out the same.

    created: when it was written, ISO 8601 with time zone. rules: all those of the comparison. target, fit, reduction:
    as asked for, see Selection. versions: of Limelight, Python and libraries. view: Selection.to_query(). tests: what
    was found out about the maps.
    """

    created: str
    picture: PictureRecord
    networks: tuple[NetworkRecord, ...]
    rules: tuple[str, ...]
    target: int | None
    fit: str
    reduction: str
    versions: Mapping[str, str]
    view: Mapping[str, str]
    tests: tuple[FindingRecord, ...] = ()

    @property
    def query(self) -> Mapping[str, str]:
        """The address of the comparison. An empty view was that of the first page, which now has other networks."""
        return self.view or {"networks": ",".join(network.name for network in self.networks)}
