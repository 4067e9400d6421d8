"""The tray: pinned comparisons below the headline, to open, order, rename and compare."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from core.selection import Selection
from core.ui.controls.networks import first_categories
from core.ui.export.names import short_name
from core.ui.figure.columns import Column
from core.ui.frame import state
from core.ui.frame.widgets import button, selectbox
from core.ui.pins import pins
from core.ui.pins.pins import MOST_PINS, Pin
from core.ui.pins.thumbnails import thumbnail
from core.ui.words import plain, shortened

_TRAY = 74  # px of the window's height that the tray takes
_CARD, _STRIP = 300, 112  # px, widths of a pin and of its thumbnail


def pin_button(selection: Selection) -> None:
    """The button that pins what is on the page, also before the maps are there."""
    full, kept = len(pins.pins()) >= MOST_PINS, pins.pinned(selection) is not None
    can_be = bool(selection.question.networks and selection.question.rules) and not kept and not full
    about = f"{MOST_PINS} pins fit: take one out first." if full else "Keep this comparison in the tray."
    button(
        "Pinned" if kept else "Pin", key="pin", icon=":material/keep:", type="tertiary", disabled=not can_be,
        on_click=_ask, help=None if kept else about,
    )  # fmt: skip


def pin_if_asked(selection: Selection) -> None:
    """Do what a click on Pin asked for. Called before the tray's height is needed, since it may grow.

    Not in the click's callback: another picture may have been chosen in the same run, and it is the one meant.
    """
    if st.session_state.pop("pin_asked", False):
        _pin(selection)


def remember(columns: Sequence[Column], selection: Selection) -> None:
    """Keep at hand what a click on Pin makes a thumbnail of, or make that of a click that came before the maps."""
    st.session_state["finished"] = (selection.comparison, tuple(columns))
    here = pins.pinned(selection)
    if here and not here.thumbnail:
        pins.illustrate(here.number, _thumbnail(selection, columns))
        st.rerun()


def show_tray(selection: Selection) -> None:
    """Draw the pins, if there are any."""
    kept = pins.pins()
    if not kept:
        return
    here = pins.pinned(selection)
    with st.container(horizontal=True, gap="small", wrap=False, vertical_alignment="center", key="tray"):
        for index, pin in enumerate(kept):
            with st.container(
                horizontal=True, wrap=False, width=_CARD, gap="small", vertical_alignment="center",
                key=f"pin_card_{pin.number}",
            ):  # fmt: skip
                if pin.thumbnail:
                    st.image(pin.thumbnail, width=_STRIP, alt=f"First maps of {pin.name}")
                _open_button(pin, is_here=pin == here)
                _more(pin, index, len(kept))
        if len(kept) > 1:
            _pair(kept)


def tray_height() -> int:
    """In pixels; 0 without a pin."""
    return _TRAY if pins.pins() else 0


def chosen_pair() -> tuple[Pin, Pin] | None:
    """The two pins that are compared now, if they are still there."""
    numbers: tuple[int, int] | None = st.session_state.get("pair")
    found = [pin for number in numbers or () for pin in pins.pins() if pin.number == number]
    return (found[0], found[1]) if len(found) == 2 else None


def leave_pair() -> None:
    """For callbacks: show the selected comparison again."""
    st.session_state.pop("pair", None)


def _open_button(pin: Pin, *, is_here: bool) -> None:
    name = plain(shortened(pin.name, 60))
    gone = " (picture gone)" if pin.is_gone else ""
    button(
        (f"**{name}**" if is_here else name) + gone, key=f"pin_open_{pin.number}", type="tertiary", on_click=_open,
        args=(pin,), width="stretch", wrap=True,
        help="Its picture was let go to make room: upload it again." if pin.is_gone else None,
    )  # fmt: skip


def _more(pin: Pin, index: int, count: int) -> None:
    with st.popover("", icon=":material/more_horiz:", type="tertiary", key=f"pin_more_{pin.number}", help="Change pin"):
        key = f"pin_name_{pin.number}"
        st.session_state[key] = pin.name
        st.text_input("Name", key=key, max_chars=80, on_change=_rename, args=(pin.number,))
        with st.container(horizontal=True, gap="small"):
            for label, icon, by, possible in (
                ("Left", "arrow_back", -1, index > 0),
                ("Right", "arrow_forward", 1, index < count - 1),
            ):
                button(
                    label, key=f"pin_{label.lower()}_{pin.number}", icon=f":material/{icon}:", disabled=not possible,
                    on_click=pins.move, args=(pin.number, by),
                )  # fmt: skip
            button(
                "Remove", key=f"pin_remove_{pin.number}", icon=":material/close:", on_click=pins.remove,
                args=(pin.number,),
            )  # fmt: skip


def _pair(kept: tuple[Pin, ...]) -> None:
    numbers, names = [pin.number for pin in kept], {pin.number: pin.name for pin in kept}
    opened = st.session_state.get("pairs_shown", 0)  # a popover closes when it becomes another one
    with st.popover("Compare two", icon=":material/splitscreen_right:", type="tertiary", key=f"pair_place_{opened}"):
        for key, label, usual in (("pair_one", "First", numbers[0]), ("pair_two", "Second", numbers[1])):
            if st.session_state.get(key) not in numbers:
                st.session_state[key] = usual
            selectbox(label, numbers, format_func=names.__getitem__, key=key)
        one, two = st.session_state["pair_one"], st.session_state["pair_two"]
        button(
            "Show side by side", key="pair_show", on_click=_compare, args=(one, two), disabled=one == two,
            help="Choose two different pins." if one == two else None, width="stretch",
        )  # fmt: skip


def _ask() -> None:
    st.session_state["pin_asked"] = True


def _pin(selection: Selection) -> None:
    finished, columns = st.session_state.get("finished", (None, ()))
    made = _thumbnail(selection, columns) if finished == selection.comparison else b""
    pins.add(short_name(selection), selection, made)


def _thumbnail(selection: Selection, columns: Sequence[Column]) -> bytes:
    return thumbnail(columns, selection.question.rules, selection.view)


def _open(pin: Pin) -> None:
    leave_pair()
    kept, now = pin.selection, state.selection()
    question = replace(kept.question, against=now.question.against)
    opened = replace(now, picture=kept.picture, question=question, view=kept.view, window=kept.window)
    if first_categories(question.networks) != first_categories(now.question.networks):  # an index means another class
        opened = replace(opened, question=kept.question, classes=(), mode="top")
    state.go_to(opened.to_query())


def _rename(number: int) -> None:
    pins.rename(number, st.session_state[f"pin_name_{number}"])


def _compare(one: int, two: int) -> None:
    st.session_state.update(pair=(one, two), pairs_shown=st.session_state.get("pairs_shown", 0) + 1)
