"""Choosing the class to explain, among those that the chosen networks have in common."""

import streamlit as st

from core.networks.labels import find_classes
from core.targets import Classes, Targets, TopK
from core.ui.frame import state
from core.ui.frame.widgets import pills, selectbox
from core.ui.words import plain

OWN = -1  # in the class box: each network's own top class


def seed_class(targets: Targets) -> None:
    """Set the box to what an address asks for."""
    st.session_state.update(class_box=_shown(targets), typed="", categories=None)


def choose_class(categories: tuple[str, ...] | None) -> Targets:
    """Draw the choice and return the one class, or each network's own top class.

    categories: one name a class; None where the networks' differ. What is typed and is no class's name gives
    candidates, never a guess; an index never comes to mean another class because the networks changed.
    """
    session = st.session_state
    if categories is None:
        selectbox("Class to explain", ["Each network's own top class"], key="no_class", disabled=True)
        st.caption("These networks were trained on different classes, so each explains its own.")
        return TopK()
    session.setdefault("class_box", OWN)  # forgotten by Streamlit while it was not on the page
    if session["categories"] not in (None, categories):
        session["class_box"] = OWN
    session["categories"] = categories
    options = [OWN, *range(len(categories))]
    if session["class_box"] not in options:  # typed words, not yet understood, or an index from an address
        session["class_box"] = _understood(session["class_box"], categories)
    index = selectbox(
        "Class to explain", options, key="class_box", accept_new_options=True,
        format_func=lambda i: "Each network's own top class" if i == OWN else f"{categories[i]}  ({i})",
        help=f"Type to search the {len(categories)} classes; one class for all networks.",
    )  # fmt: skip
    if (typed := session.get("typed")) and index == session["typed_at"]:
        _offer_candidates(typed, categories)
    return Classes((index,)) if isinstance(index, int) and index != OWN else TopK()


def keep_class(targets: Targets) -> Targets:
    """Draw in its place that nobody knows the classes, since no network is here; what an address asks for stays."""
    selectbox("Class to explain", ["As the link says"], key="no_class", disabled=True)
    st.caption("Which classes there are is known once a network is here.")
    return targets


def _offer_candidates(typed: str, categories: tuple[str, ...]) -> None:
    found = [match.index for match in find_classes(typed, categories=categories)]
    if not found:
        st.caption(f"No class comes near “{plain(typed)}”.")
        return
    pills(
        f"No class is called “{plain(typed)}”. Did you mean:", found,
        format_func=lambda index: plain(categories[index]), key="meant",
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
    before = _shown(state.selection().question.targets)
    before = before if before < len(categories) else OWN
    st.session_state.update(typed=str(typed)[:60], typed_at=before)
    return before


def _shown(targets: Targets) -> int:
    """What stands in the box; of several classes, the first."""
    return targets.indices[0] if isinstance(targets, Classes) else OWN


def _take_meant() -> None:
    if (meant := st.session_state["meant"]) is not None:
        st.session_state.update(class_box=meant, typed="")
