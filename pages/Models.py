"""Models: every network, its weights, and the reader's own checkpoints."""

from core.ui.frame.page import open_page
from core.ui.models.page import show_models

show_models(open_page("Models"))
