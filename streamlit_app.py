"""Compare: one picture, several networks, several gradients. The home page."""

from core.ui.comparison import show_comparison
from core.ui.controls import choose
from core.ui.page import open_page

show_comparison(open_page("Compare", choose))
