"""The way back: from a manifest to the page that shows its comparison, and whether that came out the same."""

import io
import zipfile
import zlib
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import streamlit as st

from core.errors import LimelightError, ManifestError
from core.explanation import Comparison
from core.export.manifest import Manifest, check, read_manifest
from core.export.manifest.reading import MAX_BYTES
from core.selection import Selection
from core.ui.controls.networks import spec_of
from core.ui.controls.picture import UPLOAD
from core.ui.frame.state import go_to
from core.ui.frame.widgets import button, file_uploader
from core.ui.tools.evidence.answers import answers_about
from core.ui.words import plain

MOST_BYTES = 100_000_000  # of a file; an NPZ holds all maps
_MEMBER = "manifest.json.npy"  # of an NPZ, see core.export.files
_DAMAGE = (KeyError, ValueError, OSError, EOFError, RuntimeError, NotImplementedError)


def manifest_in(data: bytes) -> Manifest:
    """The manifest in a file that a stranger may have made: JSON, or the NPZ that holds it. Raises ManifestError."""
    return read_manifest(_from_npz(data) if data.startswith(b"PK") else data)


def _from_npz(data: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(_MEMBER) as member:
            content = io.BytesIO(member.read(MAX_BYTES + 1))  # whatever it says of its size
        np.lib.format.read_magic(content)
        np.lib.format.read_array_header_1_0(content)
    except (*_DAMAGE, zipfile.BadZipFile, zlib.error) as error:
        raise ManifestError("There is no manifest of Limelight in this file.") from error
    return content.read()


def show_manifest(comparison: Comparison, selection: Selection) -> None:
    """Draw the place to give a manifest, and how the comparison on the page agrees with the one that was given."""
    loaded: Manifest | None = st.session_state.get("manifest")
    if loaded:
        then = Selection.from_query(loaded.query)
        _agreement(loaded, comparison, is_as_then=_in_one_order(then) == _in_one_order(selection))
    with st.expander("Load a manifest", icon=":material/settings_backup_restore:", key="manifest_place"):
        file_uploader(
            "Manifest, JSON or NPZ", MOST_BYTES, key="manifest_file", on_change=_load,
            help="The page becomes the one that the manifest was made of, and every map is compared with it. "
            "The picture is not in it: where it was uploaded, its file is needed too.",
        )  # fmt: skip
    if problem := st.session_state.pop("manifest_problem", None):
        st.error(plain(problem), icon=":material/error:")


def _in_one_order(selection: Selection) -> Selection:
    """What is compared; the page has networks in an order of its own."""
    question = selection.compare_question
    return replace(selection.comparison, question=replace(question, networks=tuple(sorted(question.networks))))


def show_needed(picture: str) -> None:
    """Where the picture is missing: which file a manifest needs."""
    loaded: Manifest | None = st.session_state.get("manifest")
    if loaded and loaded.picture.source == picture and picture.startswith(UPLOAD):
        (width, height), digest = loaded.picture.size, plain(picture.removeprefix(UPLOAD)[:16])
        st.info(
            f"The manifest needs the very file, a picture of {width} × {height} px as shown, sha256 {digest}…. "
            "Upload it in the sidebar, and the comparison is made and checked.",
            icon=":material/upload_file:",
        )


def _load() -> None:
    file = st.session_state["manifest_file"]
    if file is None:
        return
    try:
        manifest = manifest_in(file.getvalue())
    except ManifestError as error:
        st.session_state["manifest_problem"] = str(error)
        return
    st.session_state["manifest"] = manifest
    go_to(replace(Selection.from_query(manifest.query), tool="export", presenting=False).to_query())


def _forget() -> None:
    st.session_state.pop("manifest", None)


def _day(created: str) -> str:
    """Such as "22 November 2026, 13:34 UTC"."""
    made = datetime.fromisoformat(created).astimezone(UTC)
    return f"{made.day} {made:%B %Y, %H:%M} UTC"


def _agreement(manifest: Manifest, comparison: Comparison, *, is_as_then: bool) -> None:
    """The outcome, in the words of core.export.manifest.check.

    is_as_then: whether the page shows no more than then, and shows it so.
    """
    with st.container(border=True, key="agreement"):
        with st.spinner("Comparing with the manifest…"):
            try:
                tests = answers_about(comparison.explanations, comparison.picture, manifest.fit)
                found = check(manifest, comparison, spec_of, tests)
            except LimelightError as error:
                st.error(plain(str(error)), icon=":material/error:")
            else:
                same = not found.differences
                with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                    st.markdown(f":material/{'verified' if same else 'difference'}: **{plain(found.agreement)}**")
                if same:
                    made = f"the manifest, made on {_day(manifest.created)}"
                    more = "The page has changed since it was loaded: it shows more, or shows it otherwise."
                    st.caption(f"This is the comparison of {made}." if is_as_then else f"Of {made}. {more}")
                for difference in found.differences:
                    st.markdown(f"- {plain(difference)}")
        button("Close the manifest", key="manifest_close", on_click=_forget, type="tertiary", icon=":material/close:")
