"""Groups of a class's pictures by where their evidence lies: who is near whom, and the pictures themselves."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.audit.findings.find import shown
from core.audit.findings.finding import Found
from core.audit.questions import thumbnails
from core.audit.store import Store
from core.ui.figure.audit import groups_figure
from core.ui.figure.audit_html import image, webp_source
from core.ui.frame.widgets import selectbox

_SHOWN = 24  # thumbnails at once
_ABOUT = (
    "Each point is a picture; near ones have their evidence in the same places (spectral clusters, drawn by t-SNE). "
    "Groups are to look at and no verdict: draw a box or a lasso around points to see their pictures."
)


def show_groups(store: Store, found: Sequence[Found]) -> None:
    """Draw the points of one class, and thumbnails of those chosen, else of each group."""
    grouped = [each for each in found if len(each.groups) > 1]
    if not grouped:
        return
    st.subheader("Where the evidence lies", anchor=False)
    st.caption(_ABOUT)
    ordered = sorted(grouped, key=lambda each: not each.findings)
    label = selectbox("Class", [each.label for each in ordered], key=f"audit_class_{ordered[0].network}")
    each = next((each for each in ordered if each.label == label), ordered[0])
    seen = shown(store, each.network, each.label)
    with st.container(horizontal=True, gap="medium"):
        event: Any = st.plotly_chart(
            groups_figure(seen["x"], seen["y"], seen["group"]),
            key=f"groups_{each.network}_{each.label}", on_select="rerun", selection_mode=("box", "lasso", "points"),
            config={"displaylogo": False}, width="content",
        )  # fmt: skip
        with st.container(width="stretch"):
            _thumbnails(store, seen, [point["customdata"] for point in event["selection"]["points"]])


def _thumbnails(store: Store, seen: dict[str, Any], chosen: list[Any]) -> None:
    places = [int(each[0] if isinstance(each, list) else each) for each in chosen]
    if places:
        _images(store, f"{len(places)} chosen", [seen["pictures"][place] for place in places], _SHOWN)
        return
    for group in sorted(set(seen["group"])):
        numbers = [number for number, own in zip(seen["pictures"], seen["group"], strict=True) if own == group]
        _images(store, f"Group {group + 1}, {len(numbers)} pictures", numbers, _SHOWN // 2)


def _images(store: Store, caption: str, numbers: Sequence[int], most: int) -> None:
    """The first pictures, and how many there are if that is not all."""
    found = thumbnails(store, numbers[:most])
    caption += f", the first {most} shown" if len(numbers) > most else ""
    images = "".join(image(webp_source(webp), f"Picture {number}") for number, webp in found.items())
    st.caption(caption)
    st.html(f'<div class="lime-crops">{images}</div>')
