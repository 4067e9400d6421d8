"""How maps are shown: the widgets that the Compare and the Classes page share, so that choices carry over.

Every `choose_...` draws its widgets and returns the view as they say.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import streamlit as st

from core.saliency.reductions import REDUCTIONS
from core.saliency.references import REFERENCES
from core.ui.frame.state import arrived, see, touch
from core.ui.frame.widgets import pills, segmented_control, select_slider, selectbox, slider
from core.ui.words import (
    COARSE_NAMES,
    COLOUR_NAMES,
    REDUCTION_NAMES,
    SCALE_NAMES,
    SHOW_NAMES,
    SPACE_NAMES,
)
from core.view import ARRANGEMENTS, CLIPS, COARSE, COLOURS, SCALES, SHOWS, SPACES, View

_DETAILS = ("reduction", "scale", "clip", "colours", "space", "coarse", "arrangement")  # the fields and their keys
_DRAWN, _STRENGTH_DRAWN = "details_drawn", "opacity_drawn"


def seed_view(view: View) -> None:
    """Set the widgets to what an address asks for."""
    st.session_state["show"] = view.show
    _seed_details(view)


def _seed_details(view: View) -> None:
    st.session_state.update({name: getattr(view, name) for name in _DETAILS})
    st.session_state["references"] = list(view.references)


def choose_show(view: View) -> View:
    """A map, an overlay and how strong it is, or RGB gradients."""
    show = segmented_control("View", SHOWS, format_func=SHOW_NAMES.__getitem__, required=True, **_seen("show"))
    opacity = _opacity(view) if show == "overlay" else view.opacity
    st.session_state[_STRENGTH_DRAWN] = show == "overlay"
    return replace(view, show=show or "map", opacity=opacity)


def _opacity(view: View) -> float:
    """The slider, which forgets its value whenever it was not on the page."""
    if arrived() or not st.session_state.get(_STRENGTH_DRAWN):
        st.session_state["opacity"] = view.opacity
    return round(slider("Overlay strength", 0.1, 1.0, step=0.05, **_seen("opacity")), 2)


def _seen(field: str, key: str = "") -> dict[str, Any]:
    """For a widget of a field that has no say in the grid's shape: its key, and that the maps are drawn first."""
    return {"key": key or field, "on_change": _see, "args": (field, key or field)}


def _see(field: str, key: str) -> None:
    """What the widget of this key says becomes the field's value; it says None while nothing is chosen."""
    if (value := st.session_state[key]) is not None:
        see(**{field: round(value, 2) if field == "opacity" else value})


@contextmanager
def details(view: View, **others: Any) -> Iterator[bool]:  # noqa: ANN401
    """The place of all the widgets below, for the block, and whether it is open: else nothing is drawn there.

    They are many, and the browser would take a fifth of the first page's time for what few look at. They begin with
    what is selected, since Streamlit forgets widgets that are not drawn: view, and others by their keys.
    """
    place = st.expander("Scale, colours, framing", icon=":material/tune:", key="details", on_change=touch)
    state = st.session_state
    is_open = bool(place.open)
    if is_open and not state.get(_DRAWN):
        _seed_details(view)
        state.update(others)
    with place:
        yield is_open
    state[_DRAWN] = is_open  # only now: a run that ends before has not drawn them


def choose_reduction(
    view: View,
    offered: Sequence[str] = REDUCTIONS,
    *,
    key: str = "reduction",
    gradient: str = "g is the gradient of the class's logit for red, green and blue.",
) -> View:
    """One of the reductions offered; RGB gradients need none. gradient: what g is, in words."""
    reduction = selectbox(
        "From three colours to one value", offered, format_func=REDUCTION_NAMES.__getitem__,
        disabled=view.show == "channels", help=gradient, **_seen("reduction", key),
    )  # fmt: skip
    return replace(view, reduction=reduction)


def choose_colours(view: View) -> View:
    """The scale and its colours, which are always the same for what is signed."""
    scale = segmented_control(
        "One colour scale for", SCALES, format_func=SCALE_NAMES.__getitem__, required=True, **_seen("scale"),
        help="Each gradient: one scale for all its maps, in logits per σ of each network's own input (see Methods). "
        "Each panel: shapes compare, sizes do not.",
    )  # fmt: skip
    clip = select_slider("Scale ends at percentile", sorted(CLIPS), format_func=lambda p: f"{p:g}", **_seen("clip"))
    colours = selectbox(
        "Colours", COLOURS, format_func=COLOUR_NAMES.__getitem__, disabled=view.is_signed,
        help="Signed values always use blue, white and red around 0.", **_seen("colours"),
    )  # fmt: skip
    return replace(view, scale=scale or "row", clip=clip, colours=colours)


def choose_space(view: View) -> View:
    """What is below the maps."""
    space = segmented_control(
        "Maps lie on", SPACES, format_func=SPACE_NAMES.__getitem__, key="space", required=True,
        help="Each network's own square input, or the whole picture, where every place is the same for all.",
    )  # fmt: skip
    return replace(view, space=space or "input")


def choose_coarse(view: View) -> View:
    """How maps of a few places, such as Grad-CAM's, are enlarged."""
    coarse = segmented_control(
        "Coarse maps", COARSE, format_func=COARSE_NAMES.__getitem__, required=True,
        help="Grad-CAM and its kin have one value a place of a layer: smooth between their middles, or each as it is.",
        **_seen("coarse"),
    )  # fmt: skip
    return replace(view, coarse=coarse or "smooth")


def choose_references(view: View) -> View:
    """Rows of maps that know no network."""
    chosen = pills(
        "Maps to compare with", REFERENCES, selection_mode="multi", format_func=lambda name: REFERENCES[name].short,
        key="references", help="They know no network: a map that looks like them says little.",
    )  # fmt: skip
    return replace(view, references=tuple(reference for reference in REFERENCES if reference in chosen))


def choose_arrangement(view: View, names: Mapping[str, str]) -> View:
    """How the grid stands, which every page calls by its own names."""
    return replace(view, arrangement=selectbox("Grid", ARRANGEMENTS, format_func=names.__getitem__, key="arrangement"))
