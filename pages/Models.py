"""Models: every network, its weights, and the reader's own checkpoints."""

from core.ui.frame.page import open_page

selection = open_page("Models")

from core.ui.models.page import show_models  # what was drawn is seen meanwhile

show_models(selection)
