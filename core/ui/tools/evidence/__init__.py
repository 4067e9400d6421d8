"""The tool that tests maps: which one, what is asked of it, and what is shown of the answers."""
