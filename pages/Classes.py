"""Classes: one network's maps of several classes, and of one class against another."""

from core.ui.classes.controls import choose_classes
from core.ui.frame.page import open_page

selection = open_page("Classes", choose_classes)

from core.ui.classes.page import show_classes  # what was drawn is seen meanwhile

show_classes(selection)
