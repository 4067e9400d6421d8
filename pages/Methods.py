"""Methods: what each map is, and what it cannot say."""

from core.ui.frame.page import open_page
from core.ui.methods import show_methods

open_page("Methods")
show_methods()
