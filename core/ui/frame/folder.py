"""A folder for a session's files, which goes when the session does."""

import shutil
import tempfile
import weakref
from pathlib import Path

import streamlit as st


class _Folder:
    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="limelight-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


def session_folder() -> Path:
    """This session's, made when it is first asked for."""
    if "own_folder" not in st.session_state:
        st.session_state["own_folder"] = _Folder()
    return st.session_state["own_folder"].path
