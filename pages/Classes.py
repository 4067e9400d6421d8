"""Classes: one network's maps of several classes, and of one class against another."""

from core.ui.page import open_page
from core.ui.why.controls import choose_why
from core.ui.why.page import show_why

show_why(open_page("Classes", choose_why))
