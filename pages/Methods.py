"""Methods: what each map is, and what it cannot say."""

from core.ui.frame.page import open_page

open_page("Methods")

from core.ui.methods import show_methods  # what was drawn is seen meanwhile

show_methods()
