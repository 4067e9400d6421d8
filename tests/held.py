"""What stands for a value that is held, and for those who wait for it."""

from dataclasses import dataclass

SECONDS = 60  # that a test waits at most: a thread starts late on a busy computer


@dataclass(frozen=True)
class Kept:
    """All that is asked of a value is its size."""

    nbytes: int = 1
    name: str = ""


class Stopped(BaseException):
    """As Streamlit's own stop and rerun are."""


def ignore(places):
    """Wait without a word."""
