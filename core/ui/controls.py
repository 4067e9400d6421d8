"""The sidebar of the Compare page: widgets in, one Selection out."""

import streamlit as st

from core.images.framing import FITS
from core.networks.gates import RULES
from core.networks.labels import CLASSES, find_classes
from core.networks.registry import OFFERED, architecture
from core.saliency.reductions import REDUCTIONS, SIGNED
from core.selection import ARRANGEMENTS, CLIPS, COLOURS, SCALES, SHOWS, Selection
from core.ui.page import touch
from core.ui.pictures import choose_picture
from core.ui.words import (
    ARRANGEMENT_NAMES,
    COLOUR_NAMES,
    FIT_NAMES,
    REDUCTION_NAMES,
    RULE_NAMES,
    SCALE_NAMES,
    SHOW_NAMES,
    plain,
)

OWN = -1  # in the class box: each network's own top class
_WIDGETS = ("fit", "show", "reduction", "colours", "scale", "clip", "networks_as")


def choose(selection: Selection) -> Selection:
    """Draw the controls and return what they say; they are set to `selection` when the reader has just arrived."""
    if st.session_state["arrived"]:
        _seed(selection)
    picture = choose_picture(selection.picture)
    networks = _networks(selection)
    rules = st.pills(
        "Gradients", RULES, selection_mode="multi", format_func=RULE_NAMES.__getitem__, key="rules", on_change=touch
    )
    target = _target()
    show = st.segmented_control(
        "View", SHOWS, format_func=SHOW_NAMES.__getitem__, key="show", on_change=touch, required=True
    )
    opacity = _opacity() if show == "overlay" else st.session_state["selection"].opacity
    with st.expander("Scale, colours, framing", icon=":material/tune:"):
        reduction = st.selectbox(
            "From three colours to one value", REDUCTIONS, format_func=REDUCTION_NAMES.__getitem__, key="reduction",
            on_change=touch, disabled=show == "channels",
            help="g is the gradient of the class's logit for red, green and blue.",
        )  # fmt: skip
        scale = st.segmented_control(
            "One colour scale for", SCALES, format_func=SCALE_NAMES.__getitem__, key="scale", required=True,
            on_change=touch,
            help="Each gradient: one scale for all networks, in logits per σ of their own inputs (see Methods). "
            "Each panel: shapes compare, sizes do not.",
        )  # fmt: skip
        clip = st.select_slider(
            "Scale ends at percentile", sorted(CLIPS), key="clip", on_change=touch, format_func=lambda p: f"{p:g}"
        )
        colours = st.selectbox(
            "Colours", COLOURS, format_func=COLOUR_NAMES.__getitem__, key="colours", on_change=touch,
            disabled=show == "channels" or reduction in SIGNED,
            help="Signed values always use blue, white and red around 0.",
        )  # fmt: skip
        fit = st.selectbox("What a network sees", FITS, format_func=FIT_NAMES.__getitem__, key="fit", on_change=touch)
        networks_as = st.selectbox(
            "Grid", ARRANGEMENTS, format_func=ARRANGEMENT_NAMES.__getitem__, key="networks_as", on_change=touch
        )
    return Selection(
        picture=picture,
        networks=networks,
        rules=tuple(rule for rule in RULES if rule in rules),
        target=target,
        fit=fit,
        show=show or "map",
        reduction=reduction,
        colours=colours,
        scale=scale or "row",
        clip=clip,
        opacity=round(opacity, 2),
        networks_as=networks_as,
    )


def _seed(selection: Selection) -> None:
    state = st.session_state
    state.update({name: getattr(selection, name) for name in _WIDGETS})
    state.update(networks=list(selection.networks), rules=list(selection.rules))
    state.update(class_box=OWN if selection.target is None else selection.target, typed="")


def _opacity() -> float:
    """The slider, which forgets its value whenever it was not on the page."""
    state = st.session_state
    if state["arrived"] or state["selection"].show != "overlay":
        state["opacity"] = state["selection"].opacity
    return st.slider("Overlay strength", 0.1, 1.0, step=0.05, key="opacity", on_change=touch)


def _networks(selection: Selection) -> tuple[str, ...]:
    """The networks, in the order of the list: what is offered, and what a link asked for beyond that."""
    extra = [name for name in st.session_state.setdefault("extra_networks", []) if name not in OFFERED]
    extra += [name for name in selection.networks if name not in (*OFFERED, *extra)]
    st.session_state["extra_networks"] = extra
    options = [*OFFERED, *extra]
    chosen = st.pills(
        "Networks",
        options,
        selection_mode="multi",
        format_func=lambda name: architecture(name).title,
        key="networks",
        on_change=touch,
    )
    return tuple(name for name in options if name in chosen)


def _target() -> int | None:
    """The class to explain; what is typed and is no class's name gives candidates, never a guess."""
    state = st.session_state
    options = [OWN, *range(len(CLASSES))]
    if state["class_box"] not in options:  # typed words, not yet understood
        state["class_box"] = _understood(state["class_box"])
    index = st.selectbox(
        "Class to explain", options, key="class_box", on_change=touch, accept_new_options=True,
        format_func=lambda i: "Each network's own top class" if i == OWN else _class_label(i),
        help="Type to search the 1000 ImageNet classes; one class for all networks.",
    )  # fmt: skip
    if (typed := state.get("typed")) and index == state["typed_at"]:
        _offer_candidates(typed)
    return index if isinstance(index, int) and index != OWN else None


def _offer_candidates(typed: str) -> None:
    found = [match.index for match in find_classes(typed)]
    if not found:
        st.caption(f"No class comes near “{plain(typed)}”.")
        return
    st.pills(
        f"No class is called “{plain(typed)}”. Did you mean:", found, format_func=CLASSES.__getitem__, key="meant",
        on_change=_take_meant,
    )  # fmt: skip


def _understood(typed: object) -> int:
    """The class of words typed into the box, if exactly one has that name; else the class that was there before."""
    matches = find_classes(str(typed))
    if matches and matches[0].exact:
        st.session_state["typed"] = ""
        return matches[0].index
    before = st.session_state["selection"].target
    before = OWN if before is None else before
    st.session_state.update(typed=str(typed)[:60], typed_at=before)
    return before


def _take_meant() -> None:
    touch()
    state = st.session_state
    if state["meant"] is not None:
        state.update(class_box=state["meant"], typed="")


def _class_label(index: int) -> str:
    return f"{CLASSES[index]}  ({index})"
