"""Compare: one picture, several networks, several gradients. The home page; and the app that is the server's."""

import streamlit as st
from streamlit import runtime

if runtime.exists():  # a visitor is here
    from core.ui.compare.controls import choose
    from core.ui.frame.page import open_page

    selection = open_page("Compare", choose)

    from core.ui.compare.page import show_comparison  # what was drawn is seen meanwhile

    show_comparison(selection)
else:  # the server is about to start
    from core.ui.server import prepared

    app = st.App(__file__, lifespan=prepared)
