"""Estimators: how a map is made of a network's gradients or outputs. One file each, and one row of `table.py`."""
