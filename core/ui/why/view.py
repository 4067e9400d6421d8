"""How the maps of the Classes page are shown: the same widgets as on the Compare page, so that choices carry over."""

from dataclasses import replace

import streamlit as st

from core.images.framing import FITS
from core.saliency.reductions import REDUCTIONS, SIGNED
from core.selection import ARRANGEMENTS, CLIPS, COLOURS, GROUNDS, SCALES, SHOWS, Selection
from core.ui.page import touch
from core.ui.words import COLOUR_NAMES, FIT_NAMES, GROUND_NAMES, REDUCTION_NAMES, SCALE_NAMES, SHOW_NAMES

_WIDGETS = ("fit", "show", "reduction", "colours", "scale", "clip", "networks_as", "laid_on")
_ARRANGEMENTS = {"auto": "Automatic", "columns": "Gradients as rows", "rows": "Gradients as columns"}
_SIGNED = tuple(reduction for reduction in ("sum", "max") if reduction in SIGNED)


def seed_view(selection: Selection) -> None:
    """Set the widgets to what an address asks for."""
    st.session_state.update({name: getattr(selection, name) for name in _WIDGETS})


def signed(selection: Selection) -> Selection:
    """The same with a reduction that has a sign, which a contrast needs: the selected one, else the sum."""
    return selection if selection.reduction in SIGNED else replace(selection, reduction="sum")


def choose_view(selection: Selection, *, contrast: bool) -> Selection:
    """Draw the controls and return the selection as they say. A contrast is signed, whatever the reduction before."""
    show = st.segmented_control(
        "View", SHOWS, format_func=SHOW_NAMES.__getitem__, key="show", on_change=touch, required=True
    )
    opacity = _opacity(selection) if show == "overlay" else selection.opacity
    with st.expander("Scale, colours, framing", icon=":material/tune:"):
        reduction = _signed_reduction(selection, show) if contrast else _reduction(selection, show)
        scale = st.segmented_control(
            "One colour scale for", SCALES, format_func=SCALE_NAMES.__getitem__, key="scale", required=True,
            on_change=touch, help="Each gradient: one scale for a whole row. Each panel: shapes compare, sizes do not.",
        )  # fmt: skip
        clip = st.select_slider(
            "Scale ends at percentile", sorted(CLIPS), key="clip", on_change=touch, format_func=lambda p: f"{p:g}"
        )
        colours = st.selectbox(
            "Colours", COLOURS, format_func=COLOUR_NAMES.__getitem__, key="colours", on_change=touch,
            disabled=contrast or show == "channels" or reduction in SIGNED,
            help="Signed values always use blue, white and red around 0.",
        )  # fmt: skip
        laid_on = st.segmented_control(
            "Maps lie on", GROUNDS, format_func=GROUND_NAMES.__getitem__, key="laid_on", required=True, on_change=touch
        )
        fit = st.selectbox("What a network sees", FITS, format_func=FIT_NAMES.__getitem__, key="fit", on_change=touch)
        networks_as = st.selectbox(
            "Grid", ARRANGEMENTS, format_func=_ARRANGEMENTS.__getitem__, key="networks_as", on_change=touch
        )
    return replace(
        selection,
        show=show or "map",
        opacity=round(opacity, 2),
        reduction=reduction,
        scale=scale or "row",
        clip=clip,
        colours=colours,
        laid_on=laid_on or "input",
        fit=fit,
        networks_as=networks_as,
    )


def _reduction(selection: Selection, show: str | None) -> str:
    st.session_state.setdefault("reduction", selection.reduction)  # forgotten while a contrast was on the page
    return st.selectbox(
        "From three colours to one value", REDUCTIONS, format_func=REDUCTION_NAMES.__getitem__, key="reduction",
        on_change=touch, disabled=show == "channels",
        help="g is the gradient of the class's logit for red, green and blue.",
    )  # fmt: skip


def _signed_reduction(selection: Selection, show: str | None) -> str:
    """What is selected stays selected until another one is taken, for the pages that can show it."""
    state = st.session_state
    state["why_reduction"] = signed(selection).reduction
    st.selectbox(
        "From three colours to one value", _SIGNED, format_func=REDUCTION_NAMES.__getitem__, key="why_reduction",
        on_change=_take_reduction, disabled=show == "channels",
        help="g is the gradient of the difference of the two logits. Its sign says which class it speaks for.",
    )  # fmt: skip
    return selection.reduction


def _take_reduction() -> None:
    touch()
    state = st.session_state
    state["reduction"] = state["why_reduction"]
    state["selection"] = replace(state["selection"], reduction=state["why_reduction"])


def _opacity(selection: Selection) -> float:
    """The slider, which forgets its value whenever it was not on the page."""
    state = st.session_state
    if state["arrived"] or selection.show != "overlay":
        state["opacity"] = selection.opacity
    return st.slider("Overlay strength", 0.1, 1.0, step=0.05, key="opacity", on_change=touch)
