"""References: maps that know no network, to hold the others against."""

import hashlib
import zlib
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from core.comparison import Explanation
from core.runtime.shared_cache import SharedCache
from core.saliency.agreement import edges, random_map
from core.selection import Selection
from core.ui.figure.maps import Column, Map
from core.ui.figure.scales import scale_of

HEADINGS = {"edges": "Edges (Sobel)", "random": "Random noise"}
LABELS = {"edges": "Sobel", "random": "|noise|"}  # of a value
_HELD = 4 * 2**20  # bytes, about 20 maps

_edges: SharedCache[str, NDArray[np.float32]] = SharedCache(_HELD)


def references_of(slots: Sequence[Column], selection: Selection) -> dict[tuple[str, str], Map]:
    """The maps by (network, reference), each with a scale of its own, which ends at the selected percentile."""
    shown = {
        (slot.network, reference): _values(reference, slot.explanation)
        for slot in slots
        if slot.explanation
        for reference in selection.references
    }
    return {
        panel: Map(values, scale_of([values], clip=selection.clip, signed=False), has_sign=False)
        for panel, values in shown.items()
    }


def _values(reference: str, explained: Explanation) -> NDArray[np.float32]:
    if reference == "random":
        return _noise(explained.framing.side, zlib.crc32(explained.network.encode()))
    digest = hashlib.sha256(explained.seen.tobytes()).hexdigest()
    return _edges.make(digest, lambda: edges(explained.seen))


@lru_cache(maxsize=16)
def _noise(side: int, seed: int) -> NDArray[np.float32]:
    return random_map((side, side), seed)
