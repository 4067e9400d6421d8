"""The tray of pinned comparisons."""
