"""A folder for a session's files, which goes when the session does."""

import shutil
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from core.errors import DiskError
from core.runtime.scratch import process_folder


class _Folder:
    def __init__(self) -> None:
        with writing():
            self.path = Path(tempfile.mkdtemp(dir=process_folder()))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


@contextmanager
def writing() -> Iterator[None]:
    """Files are written in the block. Raises DiskError once the disk is full."""
    try:
        yield
    except OSError as error:
        if error.errno in DiskError.FULL:
            raise DiskError from error
        raise


def session_folder() -> Path:
    """This session's, made when it is first asked for. Raises DiskError."""
    if "own_folder" not in st.session_state:
        st.session_state["own_folder"] = _Folder()
    return st.session_state["own_folder"].path
