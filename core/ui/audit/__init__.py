"""The Audit page: many pictures, and what holds beyond one."""
