"""Weights files: where they are, how they arrive, how they are mapped."""
