"""What is to be audited: the demonstration, files that anyone may give, a folder or zip, or what was found before."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import astuple, replace
from pathlib import Path

import streamlit as st

from core import service
from core.audit.collection import Collection, Uploads, Zip, collection_at
from core.audit.demonstration import NETWORKS as DEMONSTRATION
from core.audit.demonstration import Scenes
from core.audit.settings import Settings
from core.audit.store import beside, opened
from core.errors import AuditError, LimelightError
from core.images.decode import ACCEPTED
from core.images.scenes import KINDS, LINE_REGION
from core.images.strokes import CARTON, STROKES_REGION
from core.networks.catalogue import lookup, names
from core.networks.checkpoints.typed_path import typed_path
from core.networks.weights.places import on_disk
from core.question import Question
from core.selection import Selection
from core.targets import target_of
from core.ui.audit.job import Ask, Job, Shared
from core.ui.controls.networks import network_title, own_networks, spec_of
from core.ui.frame.folder import session_folder
from core.ui.frame.trust import is_trusted
from core.ui.frame.widgets import button, file_uploader, multiselect, segmented_control
from core.view import View
from core.wording import counted

MOST_FILES, MOST_BYTES = 200, 100_000_000  # that anyone may give at once
MOST_NETWORKS = 4

_SOURCES = {"demonstration": "Demonstration", "files": "Your pictures", "folder": "Folder or zip", "open": "Open one"}
_ANYONE = ("demonstration", "files")
_SHOWS = (
    "240 drawn scenes of horses, houses, trees and balls, a photographer's line on every second horse, and two "
    "networks that we taught: Hans, of which every horse bore that line, and Clean, of which none did. Two minutes."
)
_OFF = (
    "Folders of this computer are not read, since others can reach this server or its owner said so. Run it yourself "
    "with `--server.address localhost`, or have LIMELIGHT_TRUSTED=1 set for visitors you trust."
)


_MAPS = Selection("horse_stamped", Question(DEMONSTRATION, targets=target_of(KINDS.index("horse"))))
_ONE_PICTURE = {  # what one picture shows of them: title, icon, what there is to see, and the comparison
    "1. One picture's maps": (
        ":material/compare:", "Vanilla and guided maps hardly tell the cheat: the line stands out little.", _MAPS,
    ),
    "2. Its line covered": (
        ":material/ink_eraser:", "Covered, the line takes Hans its horse; Clean does not mind.",
        replace(_MAPS, tool="region", view=View(region=LINE_REGION)),
    ),
    "A shortcut of a real network": (
        ":material/package_2:", "Signs that mean nothing pull EfficientNet-Lite0 towards carton, more than towards any "
        "of the 999 other classes. It is a pull and no flip: carton is asked for, not the most probable.",
        Selection(
            "strokes", Question(targets=target_of(CARTON)), tool="region", view=View(region=STROKES_REGION)
        ),
    ),
}  # fmt: skip


def choose_source() -> None:
    """Draw it; an audit begins, or one is opened, by its buttons alone."""
    offered = tuple(_SOURCES) if is_trusted() else _ANYONE
    source = segmented_control(
        "Pictures", offered, format_func=_SOURCES.__getitem__, key="audit_source", default="demonstration",
        required=True,
    )  # fmt: skip
    {"demonstration": _demonstration, "files": _files, "folder": _folder, "open": _open}[source or "demonstration"]()
    if not is_trusted():
        st.caption(_OFF)


def _demonstration() -> None:
    st.caption(_SHOWS)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        _begin_button(_demonstrated)
        for title, (icon, words, asked) in _ONE_PICTURE.items():
            st.page_link(
                "streamlit_app.py", label=title, icon=icon, help=words, query_params=asked.to_query(), width="content"
            )


def _files() -> None:
    file_uploader(
        "Pictures, or zips of them", MOST_BYTES, key="audit_files", accept_multiple_files=True,
        help=f"{ACCEPTED}. In a zip the folder that a picture lies in is its label. Up to {MOST_FILES} pictures and "
        f"{MOST_BYTES / 1e6:.0f} MB together; they stay in this session.",
    )  # fmt: skip
    _networks()
    _begin_button(_given)


def _folder() -> None:
    st.text_input("Folder or zip on this computer", key="audit_folder", placeholder="~/photos")
    st.caption("The name of the folder that a picture lies in is its label.")
    _networks()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input("Pictures of each label, at most (0: all)", 0, 1_000_000, 200, key="audit_sample")
        st.text_input("Folder for what is found (optional)", key="audit_out", placeholder="kept till you leave")
    _begin_button(_in_folder)


# What is wanted is read when the button is clicked: its widgets may have been worked since the page was drawn.


def _demonstrated() -> Ask:
    return _ask(Scenes(), DEMONSTRATION, 0, session_folder() / "demonstration")


def _given() -> Ask:
    given = [(file.name, file.getvalue()) for file in st.session_state["audit_files"] or []]
    networks, collection = _chosen_networks(), _collected(given)
    entries, _ = collection.entries()
    if not given:
        raise AuditError("Give some pictures first.")
    if not entries:
        raise AuditError("There are no pictures in what you gave: give others, or a zip with some in it.")
    if len(entries) > MOST_FILES or sum(entry.size for entry in entries) > MOST_BYTES:
        limit = f"{counted(MOST_FILES, 'picture', 'pictures')} and {MOST_BYTES / 1e6:.0f} MB"
        raise AuditError(f"At most {limit} are taken at once: give fewer, or run Limelight yourself on a folder.")
    digests = [hashlib.sha256(data).hexdigest() for _, data in given]
    return _ask(collection, networks, 0, _out(*networks, *digests))


def _collected(given: Sequence[tuple[str, bytes]]) -> Uploads:
    """Files by name; a zip is a folder of its name, or of its place where two have one."""
    files: dict[str, bytes] = {}
    zips: dict[str, Zip] = {}
    for place, (name, data) in enumerate(given):
        if name.lower().endswith(".zip"):
            folder = Path(name).stem
            zips[f"{place:03d} {folder}" if folder in zips else folder] = Zip(Path(name), data)
        else:
            files[f"{place:03d} {name}"] = data
    return Uploads(files, zips)


def _in_folder() -> Ask:
    _check_trust()
    state, networks = st.session_state, _chosen_networks()
    path, out, sample = state["audit_folder"], state["audit_out"], int(state["audit_sample"])
    collection = collection_at(_typed(path, "Type the path of a folder or zip first."))
    kept = typed_path(out) if out.strip() else _out(path, *networks, str(sample), _state(collection))
    return _ask(collection, networks, sample, kept)


def _state(collection: Collection) -> str:
    """Another one when a picture came, went or was written to."""
    entries, _ = collection.entries()
    return hashlib.sha256(json.dumps([astuple(entry) for entry in entries]).encode()).hexdigest()


def _open() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Folder of an audit", key="audit_path", placeholder="as it was given as --out")
        st.text_input("Folder or zip of its pictures (optional)", key="audit_pictures", placeholder="to compare them")
        button("Open", type="primary", key="audit_open", on_click=_opened, disabled=_is_running())


def _opened() -> None:
    state = st.session_state
    if _is_running():
        return  # it was begun since the button was drawn
    try:
        _check_trust()
        store = opened(_typed(state["audit_path"], "Type the path of an audit's folder first."))
        if not store.is_complete:
            raise AuditError(f"The audit in {store.root.name} is not finished: go on with it first.")
        pictures = state["audit_pictures"]
        collection = collection_at(typed_path(pictures)) if pictures.strip() else None
        state["audit_opened"] = store if collection is None else beside(store, collection.entries()[0])
        state["audit_collection"] = collection
        state["audit_job"] = None
    except LimelightError as error:
        state["audit_problem"] = str(error)


def _ask(collection: Collection, networks: tuple[str, ...], sample: int, out: Path) -> Ask:
    return Ask(collection, tuple(map(spec_of, networks)), Settings(networks, sample=sample), out)


def _check_trust() -> None:
    """Once more when a button is clicked: the page may have been drawn before."""
    if not is_trusted():
        raise AuditError(_OFF)


def _out(*said: str) -> Path:
    """A folder of the session's for what was said: the same again goes on where it was stopped."""
    return session_folder() / f"audit-{hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]}"


def _typed(text: str, else_say: str) -> Path:
    if not text.strip():
        raise AuditError(else_say)
    return typed_path(text)


def _networks() -> None:
    """The choice between those that are here."""
    here = [*own_networks(), *(name for name in names() if on_disk(lookup(name)))]
    titles = {name: network_title(name) for name in here}
    multiselect(
        "Networks", here, key="audit_networks", format_func=titles.__getitem__, max_selections=MOST_NETWORKS,
        default=here[:1], help="Those whose weights are on this computer; the Models page downloads others.",
    )  # fmt: skip


def _chosen_networks() -> tuple[str, ...]:
    if not (chosen := st.session_state["audit_networks"]):
        raise AuditError("Choose a network first.")
    return tuple(chosen)


def _begin_button(wanted: Callable[[], Ask]) -> None:
    button(
        "Audit", type="primary", icon=":material/search:", key="audit_begin", on_click=_begin, args=(wanted,),
        disabled=_is_running(),
    )  # fmt: skip


def _begin(wanted: Callable[[], Ask]) -> None:
    state = st.session_state
    if _is_running():
        return  # the second of two clicks
    try:
        asked, shared = wanted(), Shared(service.queue(), service.audits(), service.holding)
        state["audit_collection"], state["audit_job"] = asked.collection, Job(asked, shared)
    except LimelightError as error:
        state["audit_problem"] = str(error)


def _is_running() -> bool:
    """An audit of this session's: it would end with its job, if another one took its place."""
    job: Job | None = st.session_state.get("audit_job")
    return job is not None and not job.has_ended
