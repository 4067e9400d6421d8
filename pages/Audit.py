"""Audit: many pictures, and what each class leans on."""

from core.ui.frame.page import open_page

selection = open_page("Audit")

from core.ui.audit.page import show_audit  # what was drawn is seen meanwhile

show_audit(selection)
