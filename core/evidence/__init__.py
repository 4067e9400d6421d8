"""Evidence: what can be found out about a map itself, so that a reader knows how far to believe it."""
