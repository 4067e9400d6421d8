"""Files to take away: the maps with their manifest as NPZ, the predictions as CSV."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from core.explanation import Comparison, Explanation
from core.export.manifest import to_json
from core.outputs import OUTPUTS

CSV_COLUMNS = ("network", "title", "rank", "class_index", "class_name", "probability", "logit", "explained", "outputs")

# Where a spreadsheet may see the beginning of a formula: at a cell's, and after what some countries end cells with.
_FORMULA = re.compile(r"(^|[;,])(\s*[=+\-@＝＋－＠])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def npz_of(comparison: Comparison, manifest: Mapping[str, Any]) -> bytes:
    """A compressed NPZ that numpy reads with allow_pickle=False.

    "resnet50/guided": a panel's attribution, little-endian float32, of the shape and in the unit of its method: of a
    gradient (3, side, side), in logits per unit of normalised input. "resnet50/seen": what the network saw,
    (side, side, 3) uint8 RGB. "manifest.json": the bytes of the manifest's JSON, uint8, which
    `read_manifest(arrays["manifest.json"].tobytes())` reads.
    """
    arrays: dict[str, Any] = {"manifest.json": np.frombuffer(to_json(manifest).encode("ascii"), np.uint8)}
    for explanation in comparison.explanations:
        arrays[f"{explanation.network}/seen"] = explanation.seen
        for rule, attribution in explanation.attributions.items():
            arrays[f"{explanation.network}/{rule}"] = attribution.astype("<f4", copy=False)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def csv_of(comparison: Comparison) -> bytes:
    """One row for each network and class: its five most probable ones, and the explained one if it is not there.

    RFC 4180, UTF-8. A byte order mark is in front, for without it Excel takes UTF-8 for something else. In names, an
    apostrophe stands before what a spreadsheet would run as a formula, and blanks stand for control characters. rank
    counts from 1 and is empty where it is not known; probability is in [0, 1]; explained is 0 or 1; outputs is how
    probability was made of the logits, and where that is "assumed" probability is empty.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(CSV_COLUMNS)
    for explanation in comparison.explanations:
        writer.writerows(_rows(explanation))
    return text.getvalue().encode("utf-8-sig", "replace")


def _rows(explanation: Explanation) -> Iterator[tuple[str | int | float, ...]]:
    target, network = explanation.target, (_harmless(explanation.network), _harmless(explanation.title))
    ranked: list[tuple[int | str, Any]] = list(enumerate(explanation.top, start=1))
    if all(prediction.index != target.index for prediction in explanation.top):
        ranked.append(("", target))
    for rank, each in ranked:
        explained = int(each.index == target.index)
        probability = each.probability if OUTPUTS[each.outputs].is_said else ""
        yield *network, rank, each.index, _harmless(each.name), probability, each.logit, explained, each.outputs


def _harmless(name: str) -> str:
    return _FORMULA.sub(r"\1'\2", _CONTROL.sub(" ", name))
