"""Which Limelight this is; the same as in pyproject.toml, as a test says."""

LIMELIGHT = "0.1.0"
