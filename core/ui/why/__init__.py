"""The Classes page: why this class and not that."""
