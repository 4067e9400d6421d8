"""The sidebar of the Classes page: one network and its classes, or one class against another for several networks."""

from dataclasses import replace

import streamlit as st

from core.errors import NetworkError
from core.networks.coverage import coverage_of
from core.networks.registry import is_own, names
from core.networks.weights import on_disk
from core.selection import MOST_CLASSES, MOST_NETWORKS, Selection
from core.ui.networks import choose_networks, choose_rules, known, own_networks, title_of
from core.ui.page import touch
from core.ui.pictures import choose_picture
from core.ui.view import seed_view
from core.ui.why.view import choose_view, signed
from core.ui.words import amount

MODES = {"top": "Its top classes", "chosen": "Chosen classes", "contrast": "One against another"}
_OWN = -1  # in the first class box of a contrast: each network's own top class

Categories = tuple[str, ...] | None


def choose_why(selection: Selection) -> Selection:
    """Draw the controls and return what they say; they are set to `selection` when the reader has just arrived."""
    state = st.session_state
    if state["arrived"]:
        _seed(selection)
    picture = choose_picture(selection.picture)
    mode = st.radio(
        "Explain", MODES, format_func=MODES.__getitem__, key="why_mode", on_change=_change_mode, horizontal=False
    )
    if mode == "contrast":
        selection = replace(selection, networks=choose_networks(selection))
        explained = selection.networks
    else:
        selection = replace(selection, subject=_choose_subject(selection))
        explained = (subject_of(selection),)
    categories = shared_categories(explained)
    if categories is None and mode != "top":  # somebody else's network: the link stays as it is
        classes, against = selection.classes, selection.against
    else:
        _forget_other_classes(selection, categories)
        classes, against = _choose_classes(mode, categories or ())
        state["why_meant"] = (classes, against), categories
    rules = choose_rules(explained)
    selection = replace(selection, picture=picture, classes=classes, against=against, rules=rules)
    return choose_view(selection, contrast=mode == "contrast")


def subject_of(selection: Selection) -> str:
    """The network whose classes are explained."""
    return selection.subject or (selection.networks or Selection().networks)[0]


def shared_categories(networks: tuple[str, ...]) -> Categories:
    """The class names of the first network that this session knows; the others are compared if theirs are the same."""
    for name in networks:
        try:
            return known(name).categories
        except NetworkError:
            continue
    return None


def _seed(selection: Selection) -> None:
    state = st.session_state
    mode = "contrast" if selection.against is not None else "chosen" if selection.classes else "top"
    state.update(why_mode=mode, wanted_rules=list(selection.rules), rules=list(selection.rules))
    _seed_mode(selection, list(selection.classes), selection.against)
    seed_view(selection)


def _seed_mode(selection: Selection, classes: list[int], against: int | None) -> None:
    """Set the widgets that not every mode has, since Streamlit forgets those that are not on the page."""
    st.session_state.update(
        why_subject=subject_of(selection),
        networks=list(selection.networks),
        why_classes=classes,
        why_a=classes[0] if classes else _OWN,
        why_b=against,
        reduction=selection.reduction,
        why_reduction=signed(selection).reduction,
    )


def _change_mode() -> None:
    """Begin a mode with what the one before showed."""
    touch()
    state, mode = st.session_state, st.session_state["why_mode"]
    selection: Selection = state["selection"]
    subject = subject_of(selection)
    of, top = state.get("why_top", ("", ()))
    before = (*selection.classes, *(() if selection.against is None else (selection.against,)))
    classes = before if len(before) > 1 or of != subject else tuple(dict.fromkeys((*before, *top)))
    if mode == "contrast" and subject not in selection.networks and len(selection.networks) < MOST_NETWORKS:
        selection = replace(selection, networks=(subject, *selection.networks))
        state["selection"] = selection
    if mode == "contrast":
        _seed_mode(selection, list(classes[:1]), classes[1] if len(classes) > 1 else None)
    else:
        _seed_mode(selection, list(classes[:MOST_CLASSES]), None)


def _choose_subject(selection: Selection) -> str:
    first = subject_of(replace(selection, subject=""))
    others = sorted(names(), key=lambda name: not on_disk(known(name)))
    options = list(dict.fromkeys([*selection.networks, subject_of(selection), *own_networks(), *others]))
    described = {name: _described(name) for name in options}
    chosen = st.selectbox(
        "Network", options, key="why_subject", format_func=described.__getitem__, on_change=touch,
        help="Type to search. The Models page compares them all.",
    )  # fmt: skip
    return "" if chosen == first else chosen


def _described(name: str) -> str:
    """A network in the list of all: its title, and what one should know before one takes it."""
    if is_own(name):
        return title_of(name)
    found = known(name)
    # The same before and after a download, since it is by these words that the browser names its choice.
    return f"{found.title} · {amount(found.weights.size)}" + ("" if coverage_of(found).gated else " · vanilla only")


def _forget_other_classes(selection: Selection, categories: Categories) -> None:
    """An index never comes to mean another class because the network changed, here or on another page."""
    values, meant = st.session_state.get("why_meant", (((), None), None))
    if values == (selection.classes, selection.against) != ((), None) and meant not in (None, categories):
        st.session_state.update(why_classes=[], why_a=_OWN, why_b=None)


def _choose_classes(mode: str, categories: tuple[str, ...]) -> tuple[tuple[int, ...], int | None]:
    """Draw the choice, if the mode has one; what is returned is as in Selection.classes and Selection.against."""
    if mode == "top":
        return (), None
    state, options = st.session_state, range(len(categories))

    def name_of(index: int) -> str:
        return "Each network's own top class" if index == _OWN else f"{categories[index]}  ({index})"

    if mode == "chosen":
        state["why_classes"] = [index for index in state["why_classes"] if index in options][:MOST_CLASSES]
        chosen = st.multiselect(
            "Classes", options, key="why_classes", format_func=name_of, max_selections=MOST_CLASSES, on_change=touch,
            placeholder="Type to search", help=f"Up to {MOST_CLASSES} of {len(categories)}, shown in this order.",
        )  # fmt: skip
        return tuple(chosen), None
    state["why_a"] = state["why_a"] if state["why_a"] in options else _OWN
    state["why_b"] = state["why_b"] if state["why_b"] in options else None
    one = st.selectbox("Why this class", [_OWN, *options], key="why_a", format_func=name_of, on_change=touch)
    other = st.selectbox(
        "and not this one", options, key="why_b", index=None, format_func=name_of, on_change=touch,
        placeholder="Type to search",
    )  # fmt: skip
    return () if one == _OWN else (one,), other
