"""What a file says of its network beside the weights: normalisation, sizes of pictures, names of classes.

It is read as a person's input would be, proposed on the page, and never believed where it does not fit.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.errors import CheckpointError
from core.networks.checkpoints.class_names import parse_labels
from core.networks.checkpoints.normalisation import Normalisation, normalisation
from core.networks.checkpoints.shown import shown

CROPS = ("crop_size", "img_size", "image_size", "input_size", "imgsz")
RESIZES = ("resize_size", "resize")
NORMALISATIONS = (("mean", "std"), ("image_mean", "image_std"), ("pixel_mean", "pixel_std"), ("norm_mean", "norm_std"))
LABELS = (
    "class_names", "classes", "class_to_idx", "idx_to_class", "id2label", "label2id", "label_names", "labels",
    "categories", "names",
)  # fmt: skip
_SIZES = range(16, 2049)  # pixels
_CHANNELS = (1, 3)


@dataclass(frozen=True, slots=True)
class Said:
    """What was found; None where nothing was.

    crop, resize, interpolation, squash: as in core.values.Recipe. labels: names of classes, by what the file calls
    them. notices: a sentence about each of the others, and about what could not be used.
    """

    normalisation: Normalisation | None = None
    crop: int | None = None
    resize: int | None = None
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)
    notices: tuple[str, ...] = ()
    interpolation: str | None = None
    squash: bool = False

    def labels_for(self, classes: int) -> tuple[str, tuple[str, ...] | None]:
        """What the file calls its names of so many classes, and these; "" and None if it has none.

        A single output may have two: of what 0 and of what 1 stood for.
        """
        counts = (1, 2) if classes == 1 else (classes,)
        return next(((key, names) for key, names in self.labels.items() if len(names) in counts), ("", None))


def said_by(
    notes: Mapping[str, Any], tensors: Mapping[tuple[str, str], tuple[Sequence[float], Sequence[float]]]
) -> Said:
    """Read what was found in a file.

    notes: plain values by name, of the names that this module knows. tensors: means and standard deviations by their
    names in the file.
    """
    notices: list[str] = []
    written = {(mean, std): (notes[mean], notes[std]) for mean, std in NORMALISATIONS if {mean, std} <= notes.keys()}
    crop, resize = _size(notes, CROPS, notices), _size(notes, RESIZES, notices)
    found = _normalisation({**tensors, **written}, notices)
    return Said(found, crop, resize, dict(_labels(notes)), tuple(notices))


def _normalisation(candidates: Mapping[tuple[str, str], Any], notices: list[str]) -> Normalisation | None:
    """The one that all agree on; where they differ, or none makes sense, the notices say so."""
    found: dict[tuple[str, str], Normalisation] = {}
    for names, values in candidates.items():
        try:
            found[names] = normalisation(*values)
        except (TypeError, ValueError) as error:
            fact = str(error) if isinstance(error, ValueError) else "they are no numbers"
            notices.append(f"The file's {_both(names)} were not used: {fact}.")
    if not found:
        return None
    (names, first), *others = found.items()
    if any(other != first for _, other in others):
        notices.append(f"The file has several normalisations, such as {_both(names)}: none was used.")
        return None
    notices.append(f"Normalisation is taken from the file's {_both(names)}.")
    return first


def _both(names: tuple[str, str]) -> str:
    return f"'{shown(names[0])}' and '{shown(names[1])}'"


def _size(notes: Mapping[str, Any], keys: Sequence[str], notices: list[str]) -> int | None:
    """A number of pixels, of a square where several are given, such as (3, 224, 224)."""
    for key in keys:
        value = notes.get(key)
        lengths = [each for each in value if each not in _CHANNELS] if isinstance(value, list) else [value]
        if len(set(map(str, lengths))) == 1 and type(lengths[0]) is int and lengths[0] in _SIZES:
            notices.append(f"The file says {key} = {lengths[0]}.")
            return lengths[0]
    return None


def _labels(notes: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for key in LABELS:
        if isinstance(notes.get(key), list | dict):
            try:
                yield key, parse_labels(json.dumps(notes[key]))
            except CheckpointError:  # counts, say, or boxes: no names of classes
                continue
