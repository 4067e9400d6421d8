"""The region tool: how much of each map lies in a box, and what each network says when the box is covered.

Also known as relevance mass accuracy, and occlusion of a chosen region.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from core import answering
from core.errors import LimelightError
from core.explanation import Explanation
from core.images.occlusion import FILLS, occlude
from core.images.region import Region
from core.images.stamp import STAMP_REGION
from core.method import Method
from core.saliency.region_share import area_inside, share_inside
from core.selection import Selection
from core.ui.controls.networks import spec_of
from core.ui.figure.columns import Column, answers
from core.ui.figure.maps import maps_of
from core.ui.frame import state
from core.ui.frame.widgets import button, slider
from core.ui.words import percent, plain, score
from core.values import Picture
from core.view import View

_FILL_NAMES = {"blur": "blurred", "mean": "mean colour", "noise": "noise"}
_UNSEEN = "unseen"
_USUAL = Region(0.3, 0.3, 0.7, 0.7)
_LIMITS = (
    "1.0× is chance: as much of the map as of the area. A share tells where the gradient is large, not what caused "
    "the decision; covering tells what changes, and no network was trained on covered photos, so look at all three."
)


def show_region(columns: Sequence[Column], selection: Selection, picture: Picture) -> None:
    """Draw the tool."""
    region = selection.view.region
    _choose(region, has_stamp=selection.picture == "stamped")
    if region is None:
        st.caption("Drag a box on any panel, or set it with the sliders: is the network looking at it?")
        return
    with st.container(horizontal=True, gap="medium"):  # side by side only where no column of either is cut off
        _show_table("Inside the box", _shares(columns, selection.question.rules, selection.view, region))
        covered = {fill: occlude(picture, region, fill) for fill in FILLS}
        effects = _effects(answers(columns), selection.question.fit, covered, region)
        _show_table("Cover it: what is said of the class that is explained", effects)
    blind = [each.title for each in answers(columns) if not area_inside(each.framing, region)]
    if blind:
        st.caption(
            f"{plain(' and '.join(dict.fromkeys(blind)))} did not see the box, so nothing can be said of it: let the "
            "whole picture be seen, under Scale, colours, framing."
        )
    _show_covered(covered)
    st.caption(_LIMITS)


def _show_table(title: str, rows: list[dict[str, str]]) -> None:
    with st.container(width="content"):
        st.caption(f"**{title}**")
        st.dataframe(rows, hide_index=True, width="content")


def _choose(chosen: Region | None, *, has_stamp: bool) -> None:
    """The box by keyboard, as sliders; dragging on a panel sets them too."""
    region = chosen or _USUAL
    state.keep_widget("region_x", (round(region.left * 100), round(region.right * 100)))
    state.keep_widget("region_y", (round(region.top * 100), round(region.bottom * 100)))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        slider("From left to right, %", 0, 100, key="region_x", on_change=_slide, width=280)
        slider("From top to bottom, %", 0, 100, key="region_y", on_change=_slide, width=280)
        if has_stamp:
            button("The stamp", icon=":material/approval:", on_click=_set, args=(STAMP_REGION,), key="region_stamp")
        if chosen:
            button("No box", icon=":material/close:", on_click=_set, args=(None,), key="region_none")


def _slide() -> None:
    (left, right), (top, bottom) = st.session_state["region_x"], st.session_state["region_y"]
    _set(Region.between((left / 100, top / 100), (right / 100, bottom / 100)))


def _set(region: Region | None) -> None:
    state.change(view=replace(state.selection().view, region=region))


def _shares(columns: Sequence[Column], rules: Sequence[str], view: View, region: Region) -> list[dict[str, str]]:
    rows = []
    for (place, rule), shown in maps_of(columns, rules, view).items():
        if (explained := columns[place].explanation) is None:
            continue
        share = share_inside(shown.values, explained.framing, region)
        rows.append(
            {
                "Network": explained.title,
                "Gradient": Method.parse(rule).short,
                "Of map": _UNSEEN if not share.area else "zero" if share.saliency is None else percent(share.saliency),
                "Of area": percent(share.area) if share.area else _UNSEEN,
                "Against chance": "" if share.ratio is None else f"{share.ratio:.1f}×",
            }
        )
    return rows


def _effects(
    explained: Sequence[Explanation], fit: str, covered: Mapping[str, Picture], region: Region
) -> list[dict[str, str]]:
    """What each network says of the class that it explains, before and after; a row a network."""
    rows = []
    for explanation in explained:
        target, row = explanation.target, {"Network": explanation.title, "Class": explanation.target.name}
        row["As it is"] = score(target)
        is_seen = area_inside(explanation.framing, region) > 0
        for fill, changed in covered.items():
            if not is_seen:
                row[_FILL_NAMES[fill].capitalize()] = _UNSEEN
                continue
            try:
                after = answering.prediction(spec_of(explanation.network), changed, target.index, fit)
                row[_FILL_NAMES[fill].capitalize()] = score(after)
            except LimelightError as error:
                row[_FILL_NAMES[fill].capitalize()] = str(error)
        rows.append(row)
    return rows


def _show_covered(covered: Mapping[str, Picture]) -> None:
    """The covered pictures, so that everybody sees what the networks were shown."""
    with st.container(horizontal=True):
        for fill, changed in covered.items():
            alt = f"The picture, covered: {_FILL_NAMES[fill]}"
            st.image(changed.pixels, caption=_FILL_NAMES[fill], width=150, alt=alt)
