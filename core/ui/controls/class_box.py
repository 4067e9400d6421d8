"""Choosing the class to explain, among those that the chosen networks have in common."""

import streamlit as st

from core.networks.labels import find_classes
from core.ui.frame.page import touch
from core.ui.words import plain

OWN = -1  # in the class box: each network's own top class


def seed_class(target: int | None) -> None:
    """Set the box to what an address asks for."""
    st.session_state.update(class_box=OWN if target is None else target, typed="", categories=None)


def choose_class(categories: tuple[str, ...] | None) -> int | None:
    """Draw the choice and return the class; None is each network's own top class.

    categories: one name a class; None where the networks' differ. What is typed and is no class's name gives
    candidates, never a guess; an index never comes to mean another class because the networks changed.
    """
    state = st.session_state
    if categories is None:
        st.selectbox("Class to explain", ["Each network's own top class"], key="no_class", disabled=True)
        st.caption("These networks were trained on different classes, so each explains its own.")
        return None
    state.setdefault("class_box", OWN)  # forgotten by Streamlit while it was not on the page
    if state["categories"] not in (None, categories):
        state["class_box"] = OWN
    state["categories"] = categories
    options = [OWN, *range(len(categories))]
    if state["class_box"] not in options:  # typed words, not yet understood, or an index from an address
        state["class_box"] = _understood(state["class_box"], categories)
    index = st.selectbox(
        "Class to explain", options, key="class_box", on_change=touch, accept_new_options=True,
        format_func=lambda i: "Each network's own top class" if i == OWN else f"{categories[i]}  ({i})",
        help=f"Type to search the {len(categories)} classes; one class for all networks.",
    )  # fmt: skip
    if (typed := state.get("typed")) and index == state["typed_at"]:
        _offer_candidates(typed, categories)
    return index if isinstance(index, int) and index != OWN else None


def _offer_candidates(typed: str, categories: tuple[str, ...]) -> None:
    found = [match.index for match in find_classes(typed, categories=categories)]
    if not found:
        st.caption(f"No class comes near “{plain(typed)}”.")
        return
    st.pills(
        f"No class is called “{plain(typed)}”. Did you mean:", found, format_func=categories.__getitem__, key="meant",
        on_change=_take_meant,
    )  # fmt: skip


def _understood(typed: object, categories: tuple[str, ...]) -> int:
    """The class of words typed into the box, if exactly one has that name; else the class that was there before."""
    if isinstance(typed, int):
        return OWN
    matches = find_classes(str(typed), categories=categories)
    if matches and matches[0].exact:
        st.session_state["typed"] = ""
        return matches[0].index
    before = st.session_state["selection"].target
    before = OWN if before is None or before >= len(categories) else before
    st.session_state.update(typed=str(typed)[:60], typed_at=before)
    return before


def _take_meant() -> None:
    touch()
    state = st.session_state
    if state["meant"] is not None:
        state.update(class_box=state["meant"], typed="")
