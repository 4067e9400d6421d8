"""The tools below the grid: one at a time, so that nothing is computed that nobody looks at."""

from collections.abc import Sequence

import streamlit as st

from core.selection import TOOLS, Selection
from core.ui.export.files import show_takeaway
from core.ui.figure.maps import Column
from core.ui.frame.page import touch
from core.ui.grid.tables import numbers
from core.ui.tools.agreement import show_agreement
from core.ui.tools.region import show_region
from core.values import Picture

_NAMES = {
    "region": ":material/crop_free: Region",
    "agreement": ":material/join_inner: Agreement",
    "numbers": ":material/table: Numbers",
    "export": ":material/download: Take away",
}


def show_tools(slots: Sequence[Column], selection: Selection, picture: Picture) -> None:
    """Draw the choice of tools and the one that is chosen."""
    st.session_state.setdefault("ask", selection.ask or None)
    st.segmented_control(
        "Ask the maps", TOOLS, format_func=_NAMES.__getitem__, key="ask", on_change=touch,
        label_visibility="collapsed",
    )  # fmt: skip
    if selection.ask == "region":
        show_region(slots, selection, picture)
    if selection.ask == "agreement":
        show_agreement(slots, selection, picture)
    if selection.ask == "numbers":
        st.dataframe(numbers(slots, selection), hide_index=True)
    if selection.ask == "export":
        show_takeaway(slots, selection, picture)
