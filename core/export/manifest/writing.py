"""From a comparison to its manifest: hashes, versions, and what was asked for."""

import json
import math
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
import PIL
import torch

from core.errors import ManifestError
from core.examine import Examined
from core.explanation import Comparison, Explanation
from core.export.manifest.fingerprints import map_record, sha256_of, weights_record
from core.export.manifest.records import (
    FORMAT,
    VERSION,
    FindingRecord,
    FramingRecord,
    Manifest,
    NetworkRecord,
    PictureRecord,
)
from core.images.framing import Framing, frame
from core.networks.catalogue import NetworkSpec, resolve
from core.question import Question
from core.rules import RULES
from core.selection import Selection
from core.targets import Classes, TopK
from core.values import Picture
from core.version import LIMELIGHT


def manifest_of(
    comparison: Comparison,
    source: str,
    view: Mapping[str, str],
    *,
    lookup: Callable[[str], NetworkSpec] = resolve,
    created: datetime | None = None,
    tests: Sequence[Examined] = (),
) -> dict[str, Any]:
    """The manifest of a comparison in plain JSON values, with the keys of core.export.manifest.records.

    source: what the picture was chosen as, see Selection.picture. view: Selection.to_query() of the selection that
    led to the comparison; target, fit and reduction are read from it. lookup: from a network's name to its
    spec, for names that the catalogue does not know. created: now, if None. tests: of its maps. Raises
    ManifestError for maps that hold infinities or NaN, ValueError if the comparison is empty or not of that selection.
    """
    selection = Selection.from_query(view)
    question = selection.compare_question
    _require_same(comparison, question, lookup)
    manifest = Manifest(
        created=(created or datetime.now(UTC)).isoformat(timespec="seconds"),
        picture=_picture_record(comparison.picture, source),
        networks=tuple(record_of(each, lookup(each.network)) for each in comparison.explanations),
        rules=_rules(comparison, question.rules),
        target=question.targets.indices[0] if isinstance(question.targets, Classes) else None,
        fit=question.fit,
        reduction=selection.view.reduction,
        versions=versions(),
        view=dict(view),
        tests=tuple(finding_record(each, lookup(each.explanation.network)) for each in tests),
    )
    head = {"format": {"name": FORMAT, "version": VERSION}}
    plain: dict[str, Any] = json.loads(json.dumps(head | asdict(manifest)))
    return plain


def to_json(manifest: Mapping[str, Any]) -> str:
    """A manifest as text: ASCII, indented, the same for equal manifests."""
    return json.dumps(manifest, indent=2, allow_nan=False) + "\n"


def record_of(explanation: Explanation, spec: NetworkSpec) -> NetworkRecord:
    """One network's part of a manifest. Raises ManifestError for maps that hold infinities or NaN."""
    framing = explanation.framing
    for rule, attribution in explanation.attributions.items():
        if not np.isfinite(attribution).all():
            raise ManifestError(f"The {rule} map of {explanation.title} holds infinities or NaN: leave it out.")
    return NetworkRecord(
        name=explanation.network,
        title=explanation.title,
        weights=weights_record(spec),
        recipe=spec.recipe,
        framing=FramingRecord(framing.side, framing.scale, framing.offset),
        seen=sha256_of(explanation.seen),
        target=explanation.target,
        top=explanation.top,
        coverage=explanation.coverage,
        device=explanation.device,
        refused=dict(explanation.refused),
        attributions={rule: map_record(attribution) for rule, attribution in explanation.attributions.items()},
    )


def finding_record(examined: Examined, spec: NetworkSpec) -> FindingRecord:
    """What a manifest holds of a test."""
    target, found = examined.explanation.target, examined.finding
    return FindingRecord(
        network=examined.explanation.network,
        target=target.index,
        source=examined.source,
        test=examined.test,
        seed=examined.seed,
        says=found.says(target.name, spec.categories),
        figures={
            name: tuple(None if math.isnan(value) else value for value in values)
            for name, values in found.figures.items()
        },
    )


def versions() -> dict[str, str]:
    """The versions of all that has a part in the numbers, and of Streamlit where it is installed."""
    found = {
        "limelight": LIMELIGHT,
        "python": platform.python_version(),
        "torch": str(torch.__version__),
        "torchvision": version("torchvision"),
        "numpy": np.__version__,
        "pillow": PIL.__version__,
    }
    try:
        return found | {"streamlit": version("streamlit")}
    except PackageNotFoundError:
        return found


def _picture_record(picture: Picture, source: str) -> PictureRecord:
    return PictureRecord(picture.digest, picture.size, source, picture.digest_of)


def _require_same(comparison: Comparison, asked: Question, lookup: Callable[[str], NetworkSpec]) -> None:
    """The view has the target and the fit that the comparison was made with; else its manifest would lie."""
    if not comparison.explanations:
        raise ValueError("there is nothing in this comparison")
    first = comparison.explanations[0]
    if asked.targets not in (TopK(), Classes((first.target.index,))):
        raise ValueError(f"the view asks for {asked.targets}, the comparison explains {first.target.index}")
    if _framing(comparison, lookup(first.network), asked.fit) != first.framing:
        raise ValueError(f"the comparison was not made with fit {asked.fit!r}, which the view asks for")


def _framing(comparison: Comparison, spec: NetworkSpec, fit: str) -> Framing:
    return frame(comparison.picture, spec.recipe, fit)[1]


def _rules(comparison: Comparison, asked: tuple[str, ...]) -> tuple[str, ...]:
    held = {rule for each in comparison.explanations for rule in (*each.attributions, *each.refused)}
    return (*(rule for rule in RULES if rule in held), *(rule for rule in asked if rule in held and rule not in RULES))
