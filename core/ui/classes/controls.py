"""The sidebar of the Classes page: one network and its classes, or one class against another for several networks."""

from dataclasses import replace

import streamlit as st

from core.networks.catalogue import names
from core.networks.weights.places import on_disk
from core.question import MOST_CLASSES, MOST_NETWORKS
from core.saliency.reductions import SIGNED
from core.selection import Selection
from core.ui.controls.class_box import OWN
from core.ui.controls.framing import choose_fit
from core.ui.controls.networks import (
    asked_of,
    choose_networks,
    choose_rules,
    described,
    first_categories,
    own_networks,
    seed_rules,
    spec_of,
)
from core.ui.controls.picture import choose_picture
from core.ui.controls.view import (
    choose_arrangement,
    choose_coarse,
    choose_colours,
    choose_reduction,
    choose_show,
    choose_space,
    details,
    seed_view,
)
from core.ui.frame import state
from core.ui.frame.widgets import multiselect, radio, selectbox
from core.view import View

MODES = {"top": "Its top classes", "chosen": "Chosen classes", "contrast": "One against another"}
_ARRANGEMENTS = {"auto": "Automatic", "columns": "Gradients as rows", "rows": "Gradients as columns"}

Categories = tuple[str, ...] | None


def choose_classes(selection: Selection) -> Selection:
    """Draw the controls and return what they say; they are set to `selection` when the reader has just arrived."""
    if state.arrived():
        _seed(selection)
    picture, window = choose_picture(selection.picture, selection.window)
    mode = radio("Explain", MODES, format_func=MODES.__getitem__, key="why_mode", on_change=_change_mode)
    selection = replace(selection, picture=picture, window=window, mode=mode)
    if mode == "contrast":
        explained = choose_networks(selection.question.networks)
        selection = replace(selection, question=asked_of(selection.question, explained))
    else:
        selection = replace(selection, subject=_choose_network(selection))
        explained = (selection.class_network,)
    categories = first_categories(explained)
    if categories is None and mode != "top":  # somebody else's network: the link stays as it is
        classes, against = selection.classes, selection.question.against
        _seed_classes(list(classes), against)  # whose widgets are not drawn
    else:
        _forget_other_classes(selection, categories)
        classes, against = _choose(mode, categories or ())
        st.session_state["why_meant"] = (classes, against), categories
    rules = choose_rules(explained)
    view = choose_show(selection.view)
    fit = selection.question.fit
    with details(view, fit=fit, why_reduction=signed(view).reduction) as is_open:
        if is_open:
            view = _choose_signed_reduction(view) if mode == "contrast" else choose_reduction(view)
            view = replace(choose_colours(signed(view) if mode == "contrast" else view), reduction=view.reduction)
            view = choose_coarse(choose_space(view))
            fit = choose_fit()
            view = choose_arrangement(view, _ARRANGEMENTS)
    question = replace(selection.question, rules=rules, against=against, fit=fit)
    return replace(selection, question=question, view=view, classes=classes)


def signed(view: View) -> View:
    """The same with a reduction that has a sign, which a contrast needs: the selected one, else the sum."""
    return view if view.reduction in SIGNED else replace(view, reduction="sum")


def _seed(selection: Selection) -> None:
    st.session_state.update(why_mode=selection.mode, fit=selection.question.fit)
    seed_rules(selection.question.rules)
    _seed_mode(selection, list(selection.classes), selection.question.against)
    seed_view(selection.view)


def _seed_mode(selection: Selection, classes: list[int], against: int | None) -> None:
    """Set the widgets that not every mode has, since Streamlit forgets those that are not on the page."""
    st.session_state.update(
        why_subject=selection.class_network,
        networks=list(selection.question.networks),
        reduction=selection.view.reduction,
        why_reduction=signed(selection.view).reduction,
    )
    _seed_classes(classes, against)


def _seed_classes(classes: list[int], against: int | None) -> None:
    st.session_state.update(why_classes=classes, why_a=classes[0] if classes else OWN, why_b=against)


def _change_mode() -> None:
    """Begin a mode with what the one before showed."""
    selection, mode = state.selection(), st.session_state["why_mode"]
    question, network = selection.question, selection.class_network
    of, top = st.session_state.get("why_top", ("", ()))
    before = (*selection.classes, *(() if question.against is None else (question.against,)))
    classes = before if len(before) > 1 or of != network else tuple(dict.fromkeys((*before, *top)))
    if mode == "contrast" and network not in question.networks and len(question.networks) < MOST_NETWORKS:
        state.change(question=replace(question, networks=(network, *question.networks)))
    if mode == "contrast":
        _seed_mode(state.selection(), list(classes[:1]), classes[1] if len(classes) > 1 else None)
    else:
        _seed_mode(selection, list(classes[:MOST_CLASSES]), None)


def _choose_network(selection: Selection) -> str:
    """Draw the choice; what is returned is as in Selection.subject."""
    first = replace(selection, subject="").class_network
    others = sorted(names(), key=lambda name: not on_disk(spec_of(name)))
    options = list(dict.fromkeys([*selection.question.networks, selection.class_network, *own_networks(), *others]))
    titles = {name: described(name) for name in options}
    chosen = selectbox(
        "Network", options, key="why_subject", format_func=titles.__getitem__,
        help="Type to search. The Models page compares them all.",
    )  # fmt: skip
    return "" if chosen == first else chosen


def _choose_signed_reduction(view: View) -> View:
    """What is selected stays selected until another one is taken, for the pages that can show it."""
    shown = signed(view)
    chosen = choose_reduction(
        shown, ("sum", "max"), key="why_reduction",
        gradient="g is the gradient of the difference of the two logits. Its sign says which class it speaks for.",
    )  # fmt: skip
    return view if chosen == shown else chosen


def _forget_other_classes(selection: Selection, categories: Categories) -> None:
    """An index never comes to mean another class because the network changed, here or on another page."""
    values, meant = st.session_state.get("why_meant", (((), None), None))
    if values == (selection.classes, selection.question.against) != ((), None) and meant not in (None, categories):
        st.session_state.update(why_classes=[], why_a=OWN, why_b=None)


def _choose(mode: str, categories: tuple[str, ...]) -> tuple[tuple[int, ...], int | None]:
    """Draw the choice of classes, if the mode has one: those explained, and the one they are contrasted with."""
    if mode == "top":
        return (), None
    session, options = st.session_state, range(len(categories))

    def name_of(index: int) -> str:
        return "Each network's own top class" if index == OWN else f"{categories[index]}  ({index})"

    if mode == "chosen":
        session["why_classes"] = [index for index in session["why_classes"] if index in options][:MOST_CLASSES]
        chosen = multiselect(
            "Classes", options, key="why_classes", format_func=name_of, max_selections=MOST_CLASSES,
            placeholder="Type to search", help=f"Up to {MOST_CLASSES} of {len(categories)}, shown in this order.",
        )  # fmt: skip
        return tuple(chosen), None
    session["why_a"] = session["why_a"] if session["why_a"] in options else OWN
    session["why_b"] = session["why_b"] if session["why_b"] in options else None
    one = selectbox("Why this class", [OWN, *options], key="why_a", format_func=name_of)
    other = selectbox(
        "and not this one", options, key="why_b", index=None, format_func=name_of, placeholder="Type to search"
    )
    return () if one == OWN else (one,), other
