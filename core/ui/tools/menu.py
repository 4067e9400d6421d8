"""The tools below the grid: one at a time, so that nothing is computed that nobody looks at."""

from collections.abc import Callable, Sequence

import streamlit as st

from core.selection import TOOLS, Selection
from core.ui.export.files import show_export
from core.ui.figure.columns import Column
from core.ui.frame.widgets import segmented_control
from core.ui.grid.tables import numbers
from core.ui.tools.agreement import show_agreement
from core.ui.tools.evidence.tool import show_evidence
from core.ui.tools.region import show_region
from core.values import Picture

Draw = Callable[[Sequence[Column], Selection, Picture], None]


def _show_numbers(columns: Sequence[Column], selection: Selection, picture: Picture) -> None:
    st.dataframe(numbers(columns, selection.question.rules, selection.view), hide_index=True)


_TOOLS: dict[str, tuple[str, Draw]] = {
    "region": (":material/crop_free: Region", show_region),
    "agreement": (":material/join_inner: Agreement", show_agreement),
    "evidence": (":material/science: Test", show_evidence),
    "numbers": (":material/table: Numbers", _show_numbers),
    "export": (":material/download: Take away", show_export),
}


def show_tools(columns: Sequence[Column], selection: Selection, picture: Picture) -> None:
    """Draw the choice of tools and the one that is chosen."""
    st.session_state.setdefault("ask", selection.tool or None)
    segmented_control(
        "Ask the maps", TOOLS, format_func=lambda tool: _TOOLS[tool][0], key="ask", label_visibility="collapsed"
    )
    if selection.tool:
        _, draw = _TOOLS[selection.tool]
        draw(columns, selection, picture)
