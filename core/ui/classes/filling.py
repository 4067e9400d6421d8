"""Filling the grid of the Classes page: classes together, networks of a contrast in their turn; failures in words."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from streamlit.delta_generator import DeltaGenerator

from core import cached_classes
from core.comparison import TOP, Explanation
from core.errors import NetworkError
from core.networks.catalogue import NetworkSpec
from core.networks.weights.files import on_disk
from core.selection import Selection
from core.ui.classes.controls import shared_categories, subject_of
from core.ui.classes.words import class_slot
from core.ui.controls.networks import spec_of, title_of
from core.ui.figure.layout import Grid
from core.ui.figure.maps import Column
from core.ui.words import amount, place_in_line, shortened
from core.values import Picture

_log = logging.getLogger(__name__)

Answer = TypeVar("Answer")
Filled = tuple[list[Column], dict[str, Explanation]]  # and what is explained, by the slot's key
Draw = Callable[[Sequence[Column], dict[str, Explanation]], None]


class _NotHere(NetworkError):
    """The weights would have to be downloaded first."""


def places(selection: Selection) -> tuple[str, ...]:
    """The keys of the slots, known before anything is computed: a network, or one's classes by their order."""
    if selection.against is not None:
        return selection.networks
    name = subject_of(selection)
    try:
        most = min(TOP, len(spec_of(name).categories))
    except NetworkError:
        most = 1
    return tuple(f"{name}#{place}" for place in range(len(selection.classes) or most))


def fill(selection: Selection, picture: Picture, grid: Grid, draw: Draw, progress: DeltaGenerator) -> Filled:
    """Explain what is selected; all is drawn before what takes time, and at the end."""
    if selection.against is None:
        filled = _classes(selection, picture, grid, draw, progress)
    else:
        filled = _contrasts(selection, picture, draw, progress)
    draw(*filled)
    progress.empty()
    return filled


def _classes(selection: Selection, picture: Picture, grid: Grid, draw: Draw, progress: DeltaGenerator) -> Filled:
    name, keys = subject_of(selection), places(selection)
    asked = selection.rules, selection.classes, selection.fit
    categories = shared_categories((name,))
    named = [shortened(categories[index], 18) for index in selection.classes] if categories else []
    waiting = [Column(key, title) for key, title in zip(keys, named or ["…"] * len(keys), strict=True)]

    def compute() -> tuple[Explanation, ...]:
        network = spec_of(name)
        if not cached_classes.classes_are_ready(network, picture, *asked):
            _check_on_disk(network)
            draw([replace(slot, message="Computing…") for slot in waiting], {})
            progress.progress(0, f"Computing {len(keys)} classes of {network.title}")
        return cached_classes.class_explanations(network, picture, *asked, _waiting(progress, 0, network.title))

    found = _attempt(name, compute)
    if isinstance(found, NetworkError):
        return [_failed(slot, found) for slot in waiting], {}
    explained = dict(zip(keys, found, strict=True))
    return [class_slot(key, each, grid) for key, each in explained.items()], explained


def _contrasts(selection: Selection, picture: Picture, draw: Draw, progress: DeltaGenerator) -> Filled:
    slots = [Column(name, title_of(name), message="Waiting…") for name in selection.networks]
    explained: dict[str, Explanation] = {}
    for place, slot in enumerate(slots):

        def begin(place: int = place, slot: Column = slot) -> None:
            slots[place] = replace(slot, message="Computing…")
            draw(slots, explained)
            progress.progress(place / len(slots), f"Computing {slot.title} ({place + 1} of {len(slots)})")

        waiting = _waiting(progress, place / len(slots), slot.title)
        found = _attempt(slot.network, partial(_contrast, slot.network, selection, picture, begin, waiting))
        if isinstance(found, NetworkError):
            slots[place] = _failed(slot, found)
        else:
            slots[place], explained[slot.network] = Column(slot.network, found.title, found), found
    return slots, explained


def _contrast(
    name: str, selection: Selection, picture: Picture, begin: Callable[[], None], waiting: Callable[[int], None]
) -> Explanation:
    network = spec_of(name)
    if network.categories != shared_categories(selection.networks):
        raise NetworkError("Trained on other classes than the first network: these two mean nothing here.")
    target = selection.classes[0] if selection.classes else None
    asked = selection.rules, target, selection.against or 0, selection.fit
    if not cached_classes.contrast_is_ready(network, picture, *asked):
        _check_on_disk(network)
        begin()
    return cached_classes.contrast(network, picture, *asked, waiting)


def _attempt(name: str, compute: Callable[[], Answer]) -> Answer | NetworkError:
    """The answer, or why there is none."""
    try:
        return compute()
    except NetworkError as error:
        return error
    except Exception:  # a bug of ours or of torch's: the page stays, and the log has the rest
        _log.exception("%s could not be explained", name)
        return NetworkError(f"{title_of(name)} failed in a way we did not foresee. Choose another network.")


def _check_on_disk(network: NetworkSpec) -> None:
    if not on_disk(network):
        raise _NotHere(f"Not on this computer yet ({amount(network.weights.size)})")


def _failed(slot: Column, error: NetworkError) -> Column:
    return replace(slot, message=str(error), missing=isinstance(error, _NotHere))


def _waiting(progress: DeltaGenerator, done: float, title: str) -> Callable[[int], None]:
    def waiting(ahead: int) -> None:
        progress.progress(done, f"{title} is {place_in_line(ahead)}")

    return waiting
