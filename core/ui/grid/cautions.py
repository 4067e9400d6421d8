"""What stands below every grid: what its maps cannot say."""

import streamlit as st

from core.selection import Selection
from core.ui.words import CAUTIONS


def show_cautions(selection: Selection, first: str = "") -> None:
    """A sentence for each gradient, after a first one that a page may have, and the way to the Methods page."""
    st.caption("**What these maps cannot say**")
    for sentence in filter(None, (first, *(CAUTIONS[rule] for rule in selection.rules))):
        st.caption(sentence)
    st.page_link(
        "pages/Methods.py", label="How to read them", icon=":material/menu_book:", query_params=selection.to_query()
    )
