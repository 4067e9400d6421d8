"""Choosing networks and gradients: all of torchvision, the reader's own checkpoints, and what rules reach in each."""

import streamlit as st

from core.errors import NetworkError
from core.networks.catalogue import OFFERED, NetworkSpec, is_checkpoint, lookup, names
from core.networks.coverage import coverage_of
from core.networks.graph.gates import RULES
from core.networks.graph.network import Coverage
from core.networks.labels import CLASSES
from core.networks.weights.files import on_disk
from core.selection import MOST_NETWORKS, Selection
from core.ui.frame.page import touch
from core.ui.words import RULE_NAMES


def own_networks() -> dict[str, NetworkSpec]:
    """The checkpoints that this session loaded, by name; no other session sees them."""
    return st.session_state.setdefault("own_networks", {})


def spec_of(name: str) -> NetworkSpec:
    """What a selection's name stands for in this session. Raises NetworkError for somebody else's own network."""
    if name in own_networks():
        return own_networks()[name]
    if is_checkpoint(name):
        raise NetworkError(
            "This link names a network that was loaded from a file, and files stay with the person who loaded them. "
            "Ask for the file and load it with the same settings on the Models page."
        )
    return lookup(name)


def title_of(name: str) -> str:
    """What a network is called on the page."""
    try:
        return spec_of(name).title
    except NetworkError:
        return "Somebody's own network"


def choose_networks(selection: Selection) -> tuple[str, ...]:
    """Draw the choice of networks and return it, in the order of the list: what is offered, then what was added."""
    state = st.session_state
    extra = list(dict.fromkeys([*state.setdefault("extra_networks", []), *own_networks(), *selection.networks]))
    state["extra_networks"] = extra = [name for name in extra if name not in OFFERED]
    options = [*OFFERED, *extra]
    titles = {name: title_of(name) for name in options}
    chosen = st.pills(
        "Networks", options, selection_mode="multi", format_func=titles.__getitem__, key="networks", on_change=touch
    )
    st.selectbox(
        "Add a network", [name for name in names() if name not in options], index=None, key="added",
        format_func=_described, on_change=_add, label_visibility="collapsed",
        placeholder=f"Add one of {len(names())} networks", help="Type to search. The Models page compares them all.",
    )  # fmt: skip
    if problem := state.pop("networks_problem", None):
        st.caption(problem)
    return tuple(name for name in options if name in chosen)


def _add() -> None:
    touch()
    state = st.session_state
    name, state["added"] = state["added"], None
    if len(state["networks"]) >= MOST_NETWORKS:
        state["networks_problem"] = f"{MOST_NETWORKS} networks fit in one comparison: take one out first."
    elif name:
        state["extra_networks"] = [*state["extra_networks"], name]
        state["networks"] = [*state["networks"], name]


def _described(name: str) -> str:
    """A network in the list of all: its title, and what one should know before one takes it."""
    found = lookup(name)
    gated = coverage_of(found).gated
    size = "on disk" if on_disk(found) else f"{found.weights.size / 1e6:.0f} MB"
    return f"{found.title} · {size}" + ("" if gated else " · vanilla only")


def choose_rules(networks: tuple[str, ...]) -> tuple[str, ...]:
    """Draw the choice of gradients; where no network has rectifiers there is none, and the reason is said."""
    state, covered = st.session_state, [coverage_of(spec_of(name)) for name in networks if _is_known(name)]
    if covered and not any(coverage.gated for coverage in covered):
        st.pills(
            "Gradients", RULES, default=["vanilla"], selection_mode="multi", format_func=RULE_NAMES.__getitem__,
            key="only_vanilla", disabled=True,
        )  # fmt: skip
        rules = ["vanilla"]
    else:
        state.setdefault("rules", state["wanted_rules"])  # forgotten by Streamlit while it was not on the page
        rules = state["wanted_rules"] = st.pills(
            "Gradients", RULES, selection_mode="multi", format_func=RULE_NAMES.__getitem__, key="rules",
            on_change=touch,
        )  # fmt: skip
    for name, coverage in zip(filter(_is_known, networks), covered, strict=True):
        if not coverage.full:
            st.caption(_limits(title_of(name), coverage))
    return tuple(rule for rule in RULES if rule in rules)


def _is_known(name: str) -> bool:
    return name in own_networks() or not is_checkpoint(name)


def _limits(title: str, coverage: Coverage) -> str:
    """What guided backprop and deconvnet cannot do in a network that is not all rectifiers."""
    if not coverage.gated:
        return f"{title}: vanilla only, it has no rectifiers ({coverage.names})."
    if coverage.idles:
        return f"{title}: guided equals vanilla, its {coverage.gated} rectifiers never see the picture."
    return f"{title}: guided reaches {coverage} ({coverage.names})."


def categories_of(networks: tuple[str, ...]) -> tuple[str, ...] | None:
    """The class names that the networks have in common; None if theirs differ."""
    found = {spec_of(name).categories for name in networks if _is_known(name)} or {CLASSES}
    return found.pop() if len(found) == 1 else None
