"""Audit: many pictures, and what each class leans on."""

from core.ui.audit.page import show_audit
from core.ui.frame.page import open_page

show_audit(open_page("Audit"))
