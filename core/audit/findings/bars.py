"""The bars that a region has to pass to be called a finding, as `tests/benchmarks/audit_bars.py` set them."""

ALIKE = 0.06  # of pairs of crops, more than among the other classes
USED = 1.0  # that the interval of the factor lies above, by which odds change where the place is exchanged
MIRRORED = 2.0  # the same, where only places that mirror it are there to compare with
COVERED = 0.005  # of probability, that the interval of what covering costs lies above, to be called needed
TELLING = 0.70  # AUC of the pixels of one place, and no less than by lot
LEAST = 20  # pictures of a class: of fewer nothing is said
