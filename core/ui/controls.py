"""The sidebar of the Compare page: widgets in, one Selection out."""

from dataclasses import replace

import streamlit as st

from core.images.framing import FITS
from core.saliency.reductions import REDUCTIONS, SIGNED
from core.selection import ARRANGEMENTS, CLIPS, COLOURS, GROUNDS, REFERENCES, SCALES, SHOWS, Selection
from core.ui.classes import choose_class, seed_class
from core.ui.networks import categories_of, choose_networks, choose_rules
from core.ui.page import touch
from core.ui.pictures import choose_picture
from core.ui.words import (
    ARRANGEMENT_NAMES,
    COLOUR_NAMES,
    FIT_NAMES,
    GROUND_NAMES,
    REDUCTION_NAMES,
    REFERENCE_NAMES,
    SCALE_NAMES,
    SHOW_NAMES,
)

_WIDGETS = ("fit", "show", "reduction", "colours", "scale", "clip", "networks_as", "laid_on")


def choose(selection: Selection) -> Selection:
    """Draw the controls and return what they say; they are set to `selection` when the reader has just arrived."""
    if st.session_state["arrived"]:
        _seed(selection)
    picture = choose_picture(selection.picture)
    networks = choose_networks(selection)
    rules = choose_rules(networks)
    target = choose_class(categories_of(networks))
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
        laid_on = st.segmented_control(
            "Maps lie on", GROUNDS, format_func=GROUND_NAMES.__getitem__, key="laid_on", required=True, on_change=touch,
            help="Each network's own square input, or the whole picture, where every place is the same for all.",
        )  # fmt: skip
        references = st.pills(
            "Maps to compare with", REFERENCES, selection_mode="multi", format_func=REFERENCE_NAMES.__getitem__,
            key="references", on_change=touch, help="They know no network: a map that looks like them says little.",
        )  # fmt: skip
        fit = st.selectbox("What a network sees", FITS, format_func=FIT_NAMES.__getitem__, key="fit", on_change=touch)
        networks_as = st.selectbox(
            "Grid", ARRANGEMENTS, format_func=ARRANGEMENT_NAMES.__getitem__, key="networks_as", on_change=touch
        )
    return replace(
        selection,
        picture=picture,
        networks=networks,
        rules=rules,
        target=target,
        fit=fit,
        show=show or "map",
        reduction=reduction,
        colours=colours,
        scale=scale or "row",
        clip=clip,
        opacity=round(opacity, 2),
        networks_as=networks_as,
        laid_on=laid_on or "input",
        references=tuple(reference for reference in REFERENCES if reference in references),
        ask=st.session_state.get("ask", selection.ask) or "",
    )


def _seed(selection: Selection) -> None:
    state = st.session_state
    state.update({name: getattr(selection, name) for name in _WIDGETS})
    state.update(references=list(selection.references), ask=selection.ask or None)
    state.update(networks=list(selection.networks), rules=list(selection.rules), wanted_rules=list(selection.rules))
    seed_class(selection.target)


def _opacity() -> float:
    """The slider, which forgets its value whenever it was not on the page."""
    state = st.session_state
    if state["arrived"] or state["selection"].show != "overlay":
        state["opacity"] = state["selection"].opacity
    return st.slider("Overlay strength", 0.1, 1.0, step=0.05, key="opacity", on_change=touch)
