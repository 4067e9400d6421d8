"""Filling a grid: every network explains the picture in its turn, and what fails is a sentence in its own place."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from streamlit.delta_generator import DeltaGenerator

from core import cached
from core.errors import NetworkError
from core.networks.catalogue import NetworkSpec
from core.networks.weights.files import on_disk
from core.selection import Selection
from core.ui.controls.networks import spec_of, title_of
from core.ui.figure.maps import Column
from core.ui.words import place_in_line
from core.values import Picture

_log = logging.getLogger(__name__)


def explain_all(
    selection: Selection, picture: Picture, draw: Callable[[Sequence[Column]], None], progress: DeltaGenerator
) -> list[Column]:
    """Explain by one network after another; all is drawn before each one that takes time, and at the end."""
    slots = [Column(name, title_of(name), message="Waiting…") for name in selection.networks]
    for index, slot in enumerate(slots):

        def waiting(ahead: int, title: str = slot.title, done: int = index) -> None:
            progress.progress(done / len(slots), f"{title} is {place_in_line(ahead)}")

        try:
            network = spec_of(slot.network)
        except NetworkError as error:
            slots[index] = replace(slot, message=str(error))
            continue
        ready = cached.is_ready(network, picture, selection.rules, selection.target, selection.fit)
        if not ready and not on_disk(network):
            size = f"{network.weights.size / 1e6:.0f} MB"
            slots[index] = replace(slot, message=f"Not on this computer yet ({size})", missing=True)
            continue
        if not ready:
            slots[index] = replace(slot, message="Computing…")
            draw(slots)
            progress.progress(index / len(slots), f"Computing {slot.title} ({index + 1} of {len(slots)})")
        slots[index] = _explained(slot, network, selection, picture, waiting)
    draw(slots)
    progress.empty()
    return slots


def _explained(
    slot: Column, network: NetworkSpec, selection: Selection, picture: Picture, waiting: Callable[[int], None]
) -> Column:
    try:
        explanation = cached.explanation(network, picture, selection.rules, selection.target, selection.fit, waiting)
    except NetworkError as error:
        return replace(slot, message=str(error))
    except Exception:  # a bug of ours or of torch's: its neighbours stay, and the log has the rest
        _log.exception("%s could not be explained", slot.network)
        return replace(slot, message=f"{slot.title} failed in a way we did not foresee. Choose another network.")
    return replace(slot, explanation=explanation, message="")
