"""Classes: one network's maps of several classes, and of one class against another."""

from core.ui.classes.controls import choose_classes
from core.ui.classes.page import show_classes
from core.ui.frame.page import open_page

show_classes(open_page("Classes", choose_classes))
