"""Choosing methods beyond the plain gradients: one is added by name, and tuned by controls made from its row."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import streamlit as st

from core.errors import MethodError
from core.estimators.kinds import Choice, Parameter
from core.estimators.table import ESTIMATORS
from core.method import Method
from core.question import MOST_METHODS
from core.rules import RULES
from core.ui.frame.state import touch
from core.ui.frame.widgets import button, selectbox, slider

TOO_MANY_METHODS = f"{MOST_METHODS} methods fit in one comparison: take one out first."
_OFFERED = [name for name in ESTIMATORS if name != "plain"]


def seed_methods(texts: Iterable[str]) -> None:
    """Set them to what an address asks for."""
    st.session_state["methods"] = list(texts)


def choose_methods() -> tuple[str, ...]:
    """Draw the choice, and return the methods' canonical texts in the order they were added."""
    state = st.session_state
    for place, text in enumerate(state.setdefault("methods", [])):
        _tune(place, Method.parse(text))
    selectbox(
        "Add a method", _OFFERED, index=None, key="method_added", format_func=lambda name: ESTIMATORS[name].title,
        on_change=_add, label_visibility="collapsed", placeholder=f"Add one of {len(_OFFERED)} methods",
        help="SmoothGrad, integrated gradients, Grad-CAM and others, each with controls of its own.",
    )  # fmt: skip
    if problem := state.pop("methods_problem", None):
        st.caption(problem)
    return tuple(state["methods"])


def _tune(place: int, method: Method) -> None:
    about = method.about
    with st.popover(method.title, key=f"method_{place}", width="stretch"):
        st.caption(f"{about.question} Cost: {about.cost}.")
        if len(rules := about.rules or tuple(RULES)) > 1:
            key = f"method_{place}_rule"
            st.session_state[key] = method.rule
            selectbox(
                "Backward rule", rules, key=key, format_func=lambda rule: RULES[rule].title, on_change=_change,
                args=(place, "rule"),
            )  # fmt: skip
        for parameter in about.parameters:
            _control(place, method, parameter)
        if about.looks_at_layer:
            key = f"method_{place}_layer"
            st.session_state[key] = method.layer or ""
            st.text_input(
                "Layer, by its places", key=key, placeholder="the last that knows places", on_change=_change,
                args=(place, "layer"), help="Such as 28x28; a panel says which there are.",
            )  # fmt: skip
        button("Take it out", icon=":material/close:", key=f"method_{place}_out", on_click=_remove, args=(place,))


def _control(place: int, method: Method, parameter: Parameter) -> None:
    key = f"method_{place}_{parameter.name}"
    st.session_state[key] = getattr(method.estimator, parameter.name)
    asked: dict[str, Any] = {"key": key, "on_change": _change, "args": (place, parameter.name)}
    if isinstance(parameter, Choice):
        selectbox(parameter.label, parameter.options, **asked)
    else:
        slider(parameter.label, parameter.least, parameter.most, step=parameter.step, **asked)


def _add() -> None:
    state = st.session_state
    name, state["method_added"] = state["method_added"], None
    if not name:
        return
    text = str(Method(estimator=ESTIMATORS[name].make()))
    if text in state["methods"]:
        state["methods_problem"] = f"{ESTIMATORS[name].title} is here already: change its settings first."
    elif len(state["methods"]) + len(state["wanted_rules"]) >= MOST_METHODS:
        state["methods_problem"] = TOO_MANY_METHODS
    else:
        state["methods"] = [*state["methods"], text]


def _change(place: int, name: str) -> None:
    """Make a method what its controls say; of what cannot be, or is here already, the sentence says why."""
    touch()
    state, value = st.session_state, st.session_state[f"method_{place}_{name}"]
    method = Method.parse(state["methods"][place])
    try:
        if name == "rule":
            method = replace(method, rule=value)
        elif name == "layer":
            method = replace(method, layer=value.replace(" ", "").replace("×", "x") or None)
        else:
            method = replace(method, estimator=replace(method.estimator, **{name: value}))  # type: ignore[type-var]
    except MethodError as error:
        state["methods_problem"] = str(error)
        return
    if str(method) in state["methods"]:
        state["methods_problem"] = f"{method.title} is here already."
        return
    state["methods"] = [str(method) if i == place else each for i, each in enumerate(state["methods"])]


def _remove(place: int) -> None:
    st.session_state["methods"] = [each for i, each in enumerate(st.session_state["methods"]) if i != place]
