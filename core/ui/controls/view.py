"""How maps are shown: the widgets that the Compare and the Classes page share, so that choices carry over.

Every `choose_...` draws its widgets and returns the selection as they say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.images.framing import FITS
from core.saliency.reductions import REDUCTIONS
from core.selection import ARRANGEMENTS, CLIPS, COLOURS, GROUNDS, REFERENCES, SCALES, SHOWS, Selection
from core.ui.frame.page import touch
from core.ui.words import (
    COLOUR_NAMES,
    FIT_NAMES,
    GROUND_NAMES,
    REDUCTION_NAMES,
    REFERENCE_NAMES,
    SCALE_NAMES,
    SHOW_NAMES,
)

_WIDGETS = ("show", "reduction", "scale", "clip", "colours", "laid_on", "fit", "networks_as")


def seed_view(selection: Selection) -> None:
    """Set the widgets to what an address asks for."""
    st.session_state.update({name: getattr(selection, name) for name in _WIDGETS})
    st.session_state["references"] = list(selection.references)


def choose_show(selection: Selection) -> Selection:
    """A map, an overlay and how strong it is, or RGB gradients."""
    show = st.segmented_control(
        "View", SHOWS, format_func=SHOW_NAMES.__getitem__, key="show", on_change=touch, required=True
    )
    opacity = _opacity(selection) if show == "overlay" else selection.opacity
    return replace(selection, show=show or "map", opacity=opacity)


def _opacity(selection: Selection) -> float:
    """The slider, which forgets its value whenever it was not on the page."""
    state = st.session_state
    if state["arrived"] or selection.show != "overlay":
        state["opacity"] = selection.opacity
    return round(st.slider("Overlay strength", 0.1, 1.0, step=0.05, key="opacity", on_change=touch), 2)


def details() -> DeltaGenerator:
    """The place of all the widgets below."""
    return st.expander("Scale, colours, framing", icon=":material/tune:")


def choose_reduction(
    selection: Selection,
    offered: Sequence[str] = REDUCTIONS,
    *,
    key: str = "reduction",
    gradient: str = "g is the gradient of the class's logit for red, green and blue.",
) -> Selection:
    """One of the reductions offered; RGB gradients need none. gradient: what g is, in words."""
    reduction = st.selectbox(
        "From three colours to one value", offered, format_func=REDUCTION_NAMES.__getitem__, key=key, on_change=touch,
        disabled=selection.show == "channels", help=gradient,
    )  # fmt: skip
    return replace(selection, reduction=reduction)


def choose_colours(selection: Selection, *, signed: bool) -> Selection:
    """The scale and its colours, which are always the same for what is signed."""
    scale = st.segmented_control(
        "One colour scale for", SCALES, format_func=SCALE_NAMES.__getitem__, key="scale", on_change=touch,
        required=True,
        help="Each gradient: one scale for all its maps, in logits per σ of each network's own input (see Methods). "
        "Each panel: shapes compare, sizes do not.",
    )  # fmt: skip
    clip = st.select_slider(
        "Scale ends at percentile", sorted(CLIPS), key="clip", on_change=touch, format_func=lambda p: f"{p:g}"
    )
    colours = st.selectbox(
        "Colours", COLOURS, format_func=COLOUR_NAMES.__getitem__, key="colours", on_change=touch, disabled=signed,
        help="Signed values always use blue, white and red around 0.",
    )  # fmt: skip
    return replace(selection, scale=scale or "row", clip=clip, colours=colours)


def choose_ground(selection: Selection) -> Selection:
    """What is below the maps."""
    laid_on = st.segmented_control(
        "Maps lie on", GROUNDS, format_func=GROUND_NAMES.__getitem__, key="laid_on", on_change=touch, required=True,
        help="Each network's own square input, or the whole picture, where every place is the same for all.",
    )  # fmt: skip
    return replace(selection, laid_on=laid_on or "input")


def choose_references(selection: Selection) -> Selection:
    """Rows of maps that know no network."""
    chosen = st.pills(
        "Maps to compare with", REFERENCES, selection_mode="multi", format_func=REFERENCE_NAMES.__getitem__,
        key="references", on_change=touch, help="They know no network: a map that looks like them says little.",
    )  # fmt: skip
    return replace(selection, references=tuple(reference for reference in REFERENCES if reference in chosen))


def choose_framing(selection: Selection, arrangements: Mapping[str, str]) -> Selection:
    """How the picture is cut, and how the grid stands, which every page calls by its own names."""
    fit = st.selectbox("What a network sees", FITS, format_func=FIT_NAMES.__getitem__, key="fit", on_change=touch)
    networks_as = st.selectbox(
        "Grid", ARRANGEMENTS, format_func=arrangements.__getitem__, key="networks_as", on_change=touch
    )
    return replace(selection, fit=fit, networks_as=networks_as)
