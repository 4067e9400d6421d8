"""Choosing networks and gradients: all of torchvision, the reader's own checkpoints, and what rules reach in each."""

from dataclasses import replace
from functools import cache

import streamlit as st

from core.errors import NetworkError
from core.networks.catalogue import OFFERED, NetworkSpec, is_checkpoint, lookup, names
from core.networks.coverage import Coverage, coverage_of
from core.networks.labels import CLASSES
from core.question import MOST_METHODS, MOST_NETWORKS, Question
from core.rules import RULES, applicable
from core.targets import TopK
from core.ui.controls.methods import TOO_MANY_METHODS, choose_methods, seed_methods
from core.ui.frame.widgets import pills, selectbox
from core.ui.words import all_told_apart, amount

_TOO_MANY = f"{MOST_NETWORKS} networks fit in one comparison: take one out first."
_PLAIN = " and ".join(RULES[rule].short for rule in applicable(tuple(RULES), has_rectifiers=False))


def own_networks() -> dict[str, NetworkSpec]:
    """The checkpoints that this session loaded, by name; no other session sees them."""
    return st.session_state.setdefault("own_networks", {})


def spec_of(name: str) -> NetworkSpec:
    """What a name stands for in this session. Raises NetworkError for somebody else's own network."""
    if name in own_networks():
        return own_networks()[name]
    if is_checkpoint(name):
        raise NetworkError(
            "This network was loaded from a file, and files end with the visit that loaded them, also when its page is "
            "loaded anew. Load it with the same settings on the Models page, or ask for the file."
        )
    return lookup(name)


def is_here(name: str) -> bool:
    """Whether this session knows it: nobody else's own network."""
    return name in own_networks() or not is_checkpoint(name)


def network_title(name: str) -> str:
    """What a network is called on the page."""
    try:
        return spec_of(name).title
    except NetworkError:
        return "Own network, not here"


def described(name: str) -> str:
    """A network in a list of all: its title, and what one should know before one takes it."""
    return network_title(name) if is_checkpoint(name) else _described(name)


@cache
def _described(name: str) -> str:
    spec = lookup(name)
    # The same before and after a download, since it is by these words that the browser names its choice.
    size = amount(spec.weights.size)
    return f"{spec.title} · {size}" + ("" if coverage_of(spec).gated else f" · {_PLAIN} only")


def choose_networks(selected: tuple[str, ...]) -> tuple[str, ...]:
    """Draw the choice of networks and return it, in the order of the list: what is offered, then what was added."""
    state = st.session_state
    extra = list(dict.fromkeys([*state.setdefault("extra_networks", []), *own_networks(), *selected]))
    state["extra_networks"] = extra = [name for name in extra if name not in OFFERED]
    options = [*OFFERED, *extra]
    # Of networks that are not here there may be several, all of one title.
    titles = dict(zip(options, all_told_apart(map(network_title, options)), strict=True))
    chosen = pills(
        "Networks", options, selection_mode="multi", format_func=titles.__getitem__, key="networks",
        on_change=_take_back_networks, args=(state["networks"],),
    )  # fmt: skip
    selectbox(
        "Add a network", [name for name in names() if name not in options], index=None, key="added",
        format_func=described, on_change=_add, label_visibility="collapsed",
        placeholder=f"Add one of {len(names())} networks", help="Type to search. The Models page compares them all.",
    )  # fmt: skip
    if problem := state.pop("networks_problem", None):
        st.caption(problem)
    return tuple(name for name in options if name in chosen)


def seed_rules(rules: tuple[str, ...]) -> None:
    """Set the choice of gradients and of other methods to what an address asks for."""
    plain = [rule for rule in rules if rule in RULES]
    st.session_state.update(rules=plain, wanted_rules=plain)
    seed_methods(rule for rule in rules if rule not in RULES)


def choose_rules(networks: tuple[str, ...]) -> tuple[str, ...]:
    """Draw the choice of gradients and other methods; without rectifiers hardly any is left, and it is said why."""
    state, covered = st.session_state, [coverage_of(spec_of(name)) for name in networks if is_here(name)]
    meaningful = applicable(tuple(RULES), has_rectifiers=not covered or any(each.gated for each in covered))
    if len(meaningful) < len(RULES):
        # A link may ask for other methods alone.
        rules = list(meaningful) if state["wanted_rules"] or not state["methods"] else []
        pills(
            "Gradients", RULES, default=rules, selection_mode="multi", format_func=_rule_title,
            key="only_rules", disabled=True,
        )  # fmt: skip
    else:
        state.setdefault("rules", state["wanted_rules"])  # forgotten by Streamlit while it was not on the page
        rules = state["wanted_rules"] = pills(
            "Gradients", RULES, selection_mode="multi", format_func=_rule_title, key="rules",
            on_change=_take_back_rules, args=(state["rules"],),
        )  # fmt: skip
    for name, coverage in zip(filter(is_here, networks), covered, strict=True):
        if not coverage.full:
            st.caption(_limits(network_title(name), coverage))
    return (*(rule for rule in RULES if rule in rules), *choose_methods())


def categories_of(networks: tuple[str, ...]) -> tuple[str, ...] | None:
    """The class names that the networks have in common; None if theirs differ."""
    found = {spec_of(name).categories for name in networks if is_here(name)} or {CLASSES}
    return found.pop() if len(found) == 1 else None


def first_categories(networks: tuple[str, ...]) -> tuple[str, ...] | None:
    """The class names of the first network that this session knows; None if it knows none."""
    return next((spec_of(name).categories for name in networks if is_here(name)), None)


def asked_of(question: Question, networks: tuple[str, ...]) -> Question:
    """The same question asked of other networks: of their own top classes, if an index would mean another class."""
    are_here = all(map(is_here, question.networks))  # or nobody knows what its index meant
    same = networks == question.networks or (are_here and categories_of(networks) == categories_of(question.networks))
    return replace(question, networks=networks, targets=question.targets if same else TopK())


def _add() -> None:
    state = st.session_state
    name, state["added"] = state["added"], None
    if len(state["networks"]) >= MOST_NETWORKS:
        state["networks_problem"] = _TOO_MANY
    elif name:
        state["extra_networks"] = [*state["extra_networks"], name]
        state["networks"] = [*state["networks"], name]


def _take_back_networks(before: list[str]) -> None:
    """A network that was clicked on is one too many."""
    state = st.session_state
    if len(state["networks"]) > MOST_NETWORKS:
        state.update(networks=_first(before, state["networks"], MOST_NETWORKS), networks_problem=_TOO_MANY)


def _take_back_rules(before: list[str]) -> None:
    """A gradient that was clicked on is one method too many."""
    state = st.session_state
    room = MOST_METHODS - len(state["methods"])
    if len(state["rules"]) > room:
        state.update(rules=_first(before, state["rules"], room), methods_problem=TOO_MANY_METHODS)


def _first(before: list[str], now: list[str], most: int) -> list[str]:
    """Those that there is room for: first the ones that were there before, since two may have been clicked on."""
    return [*(each for each in before if each in now), *(each for each in now if each not in before)][:most]


def _rule_title(rule: str) -> str:
    return RULES[rule].title


def _limits(title: str, coverage: Coverage) -> str:
    """What rules for rectifiers cannot do in a network that is not all rectifiers."""
    if not coverage.gated:
        return f"{title}: {_PLAIN} only, it has no rectifiers ({coverage.names})."
    if coverage.idles:
        return f"{title}: guided equals vanilla, its {coverage.gated} rectifiers never see the picture."
    return f"{title}: guided reaches {coverage} ({coverage.names})."
