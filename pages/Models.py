"""Models: every network, its weights, and the reader's own checkpoints."""

from core.ui.models import show_models
from core.ui.page import open_page

show_models(open_page("Models"))
