"""What pages change of the whole process, for all sessions alike."""

import atexit
import gc
from functools import cache

import pandas  # type: ignore[import-untyped]  # noqa: F401  # Plotly looks at it, also while another thread imports it
from streamlit import config


@cache
def freeze_imports() -> None:
    """Take what was imported out of garbage collection, once.

    Streamlit collects after every run, and half a million objects of torch and Plotly would take a third of a second
    each time, in which nothing else moves.
    """
    gc.freeze()
    atexit.register(gc.unfreeze)  # or libraries complain at the end that somebody still has their objects


def allow_uploads(size: int) -> None:
    """Let files of so many bytes be uploaded; every place for files has a limit of its own."""
    config.set_option("server.maxUploadSize", size // 2**20)
