"""Compare: one picture, several networks, several gradients. The home page."""

from core.ui.compare.controls import choose
from core.ui.frame.page import open_page

selection = open_page("Compare", choose)

from core.ui.compare.page import show_comparison  # what was drawn is seen meanwhile

show_comparison(selection)
