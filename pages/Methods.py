"""Methods: what each map is, and what it cannot say."""

from core.ui.methods import show_methods
from core.ui.page import open_page

open_page("Methods")
show_methods()
