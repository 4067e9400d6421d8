"""The region tool: how much of each map lies in a box, and what each network says when the box is covered."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from core import cached
from core.comparison import Explanation
from core.errors import LimelightError
from core.images.occlusion import COVERS, cover
from core.images.region import Region
from core.images.stamp import STAMP_REGION
from core.saliency.region_share import share_inside
from core.selection import Selection
from core.ui.controls.networks import spec_of
from core.ui.figure.maps import Column, maps_of
from core.ui.frame.page import touch
from core.ui.words import percent
from core.values import Picture

_COVER_NAMES = {"blur": "blurred", "mean": "mean colour", "noise": "noise"}
_USUAL = Region(0.3, 0.3, 0.7, 0.7)
_LIMITS = (
    "1.0× is chance: as much of the map as of the area. A share tells where the gradient is large, not what caused "
    "the decision; covering tells what changes, and no network was trained on covered photos, so look at all three."
)


def show_region(slots: Sequence[Column], selection: Selection, picture: Picture) -> None:
    """Draw the tool."""
    _choose(selection)
    if selection.region is None:
        st.caption("Drag a box on any panel, or set it with the sliders: is the network looking at it?")
        return
    explained = [slot.explanation for slot in slots if slot.explanation]
    left, right = st.columns(2, gap="medium")
    with left:
        st.caption("**Inside the box**")
        st.dataframe(_shares(slots, selection, selection.region), hide_index=True)
    with right:
        st.caption("**Cover it: probability of the class that is explained**")
        st.dataframe(_effects(explained, selection, selection.region, picture), hide_index=True)
    _show_covered(picture, selection.region)
    st.caption(_LIMITS)


def _choose(selection: Selection) -> None:
    """The box by keyboard, as sliders; dragging on a panel sets them too."""
    state, region = st.session_state, selection.region or _USUAL
    state["region_x"] = (round(region.left * 100), round(region.right * 100))
    state["region_y"] = (round(region.top * 100), round(region.bottom * 100))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.slider("From left to right, %", 0, 100, key="region_x", on_change=_slide, width=280)
        st.slider("From top to bottom, %", 0, 100, key="region_y", on_change=_slide, width=280)
        if selection.picture == "stamped":
            st.button("The stamp", icon=":material/approval:", on_click=_set, args=(STAMP_REGION,), key="region_stamp")
        if selection.region:
            st.button("No box", icon=":material/close:", on_click=_set, args=(None,), key="region_none")


def _slide() -> None:
    (left, right), (top, bottom) = st.session_state["region_x"], st.session_state["region_y"]
    _set(Region.between((left / 100, top / 100), (right / 100, bottom / 100)))


def _set(region: Region | None) -> None:
    touch()
    st.session_state["selection"] = replace(st.session_state["selection"], region=region)


def _shares(slots: Sequence[Column], selection: Selection, region: Region) -> list[dict[str, str]]:
    explained = {slot.network: slot.explanation for slot in slots if slot.explanation}
    rows = []
    for (network, rule), shown in maps_of(slots, selection).items():
        share = share_inside(shown.values, explained[network].framing, region)
        rows.append(
            {
                "Network": explained[network].title,
                "Gradient": rule,
                "Of map": "zero" if share.saliency is None else percent(share.saliency),
                "Of area": percent(share.area) if share.area else "unseen",
                "By chance": "" if share.ratio is None else f"{share.ratio:.1f}×",
            }
        )
    return rows


def _effects(
    explained: Sequence[Explanation], selection: Selection, region: Region, picture: Picture
) -> list[dict[str, str]]:
    """Of each network, the probability of the class it explains, before and after."""
    covered = {how: cover(picture, region, how) for how in COVERS}
    rows = []
    for explanation in explained:
        target, row = explanation.target, {"Network": explanation.title, "Class": explanation.target.name}
        row["As it is"] = percent(target.probability)
        for how, changed in covered.items():
            try:
                after = cached.prediction(spec_of(explanation.network), changed, target.index, selection.fit)
                row[_COVER_NAMES[how].capitalize()] = percent(after.probability)
            except LimelightError as error:
                row[_COVER_NAMES[how].capitalize()] = str(error)
        rows.append(row)
    return rows


def _show_covered(picture: Picture, region: Region) -> None:
    """The covered pictures, so that everybody sees what the networks were shown."""
    with st.container(horizontal=True):
        for how in COVERS:
            st.image(cover(picture, region, how).pixels, caption=_COVER_NAMES[how], width=150)
