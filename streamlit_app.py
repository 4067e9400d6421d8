"""Compare: one picture, several networks, several gradients. The home page."""

from core.ui.compare.controls import choose
from core.ui.compare.page import show_comparison
from core.ui.frame.page import open_page

show_comparison(open_page("Compare", choose))
