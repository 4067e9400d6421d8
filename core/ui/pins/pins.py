"""Pins: comparisons that a session keeps, in the order of its owner."""

from dataclasses import dataclass, replace

import streamlit as st

from core.selection import Selection
from core.ui.controls.picture import UPLOAD, is_kept
from core.ui.words import told_apart

MOST_PINS = 12


@dataclass(frozen=True, slots=True)
class Pin:
    """A comparison that was kept. number: of this session, never used twice. thumbnail: PNG, b"" before its maps."""

    number: int
    name: str
    selection: Selection
    thumbnail: bytes

    @property
    def is_gone(self) -> bool:
        """Whether its picture was uploaded and had to be let go."""
        picture = self.selection.picture
        return picture.startswith(UPLOAD) and not is_kept(picture)


def pins() -> tuple[Pin, ...]:
    """The session's pins, in order."""
    return st.session_state.get("pins", ())


def pinned(selection: Selection) -> Pin | None:
    """The pin of this very comparison."""
    return next((pin for pin in pins() if pin.selection == selection.comparison), None)


def add(name: str, selection: Selection, thumbnail: bytes) -> None:
    """Keep a comparison, unless it is empty or kept already, or MOST_PINS are."""
    question = selection.question
    if question.networks and question.rules and pinned(selection) is None and len(pins()) < MOST_PINS:
        number = st.session_state.get("next_pin", 1)
        st.session_state["next_pin"] = number + 1
        name = told_apart(name, [pin.name for pin in pins()])
        _keep((*pins(), Pin(number, name, selection.comparison, thumbnail)))


def illustrate(number: int, thumbnail: bytes) -> None:
    """Give a pin its thumbnail."""
    _keep(tuple(replace(pin, thumbnail=thumbnail) if pin.number == number else pin for pin in pins()))


def remove(number: int) -> None:
    """Let a comparison go."""
    _keep(tuple(pin for pin in pins() if pin.number != number))


def rename(number: int, name: str) -> None:
    """Give a pin another name; blanks alone change nothing."""
    if name.strip():
        name = told_apart(name.strip()[:80], [pin.name for pin in pins() if pin.number != number])
        _keep(tuple(replace(pin, name=name) if pin.number == number else pin for pin in pins()))


def move(number: int, by: int) -> None:
    """Move a pin to the left (-1) or to the right (1), as far as there is room."""
    order = list(pins())
    here = next((index for index, pin in enumerate(order) if pin.number == number), None)
    if here is not None and 0 <= here + by < len(order):
        order.insert(here + by, order.pop(here))
        _keep(tuple(order))


def _keep(kept: tuple[Pin, ...]) -> None:
    st.session_state["pins"] = kept
    st.session_state["pinned_pictures"] = {pin.selection.picture for pin in kept}  # see core.ui.controls.picture
