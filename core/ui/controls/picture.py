"""Giving a picture: a sample, a file, an address, the camera; and getting back what the selection names."""

import hashlib
import time
from functools import cache
from urllib.parse import urlsplit

import streamlit as st

from core import pictures
from core.errors import FetchError, ImageError, LimelightError
from core.images import GALLERY, SAMPLES
from core.images.address import data_of, meant_address, web_address
from core.images.apart.ask import anonymous, kind_of
from core.images.decode import ACCEPTED, MAX_BYTES
from core.ui.controls.window import choose_window
from core.ui.figure.photos import photo_of_middle
from core.ui.frame.state import arrived, touch
from core.ui.frame.widgets import camera_input, file_uploader, pills, segmented_control, selectbox
from core.ui.words import amount, plain, told_apart
from core.values import Picture, Window

UPLOAD = "upload-"
_SOURCES = {"sample": "Sample", "upload": "Upload", "address": "URL", "camera": "Camera"}
_THUMBNAIL = 124  # px of a sample's side, of which a sharp screen shows all; each run sends them to the browser
_KEPT = 40_000_000  # bytes of uploaded files that a session keeps; pinned ones are let go last
_FETCHES, _MINUTES = 30, 10  # how many addresses one visitor may have fetched in how long


class _TooManyFetches(FetchError):
    pass


def choose_picture(chosen: str, window: Window | None) -> tuple[str, Window | None]:
    """Draw the picture part of the sidebar; what is given and returned are as in Selection.picture and window."""
    state = st.session_state
    if arrived():
        state.update(picture=chosen, source=_source_of(chosen))
    source = segmented_control("Picture", _SOURCES, format_func=_SOURCES.__getitem__, key="source", required=True)
    {"sample": _samples, "upload": _upload, "address": _address, "camera": _camera}[source or "sample"]()
    if problem := state.pop("picture_problem", None):
        st.error(problem, icon=":material/error:")
    if gone := state.pop("let_go", []):
        st.caption(f"Let go to make room: {', '.join(map(plain, gone))}.")
    name = state["picture"]
    return name, _window(name, window if name == chosen else _windows().get(name))


def selected_picture(name: str, window: Window | None = None) -> Picture:
    """The picture that a selection names; raises ImageError with what to do."""
    if name in SAMPLES:
        return pictures.sample(name)
    if name.startswith(UPLOAD):
        if (data := _uploads().get(name)) is None:
            raise ImageError(
                "This picture was uploaded, and uploads end with the visit that made them, also when its page is "
                "loaded anew. Upload the file here, or ask for it: the rest of the comparison is already set."
            )
        return pictures.decoded(hashlib.sha256(data).hexdigest(), window, False, data)
    data = _fetched(name)
    return pictures.decoded(hashlib.sha256(data).hexdigest(), window, True, data)


def picture_or_reason(name: str, window: Window | None) -> Picture | str:
    """As `selected_picture`, or the sentence on why it is not there."""
    try:
        return selected_picture(name, window)
    except LimelightError as error:
        return str(error)


def _window(name: str, window: Window | None) -> Window | None:
    """Draw the choice of a picture's window and return it; it is kept for when the picture is given or chosen again."""
    try:
        depth = selected_picture(name, window).depth
    except ImageError:  # which the page says
        return window
    chosen = choose_window(depth, window)
    _windows().pop(name, None)
    return _windows().setdefault(name, chosen) if chosen else None


def _windows() -> dict[str, Window]:
    """What was chosen for each picture of the session, by its name."""
    return st.session_state.setdefault("windows", {})


def picture_title(name: str) -> str:
    """What a picture is called on the page."""
    if name in SAMPLES:
        return f"{SAMPLES[name].title} (sample)"
    if name.startswith(UPLOAD):
        return st.session_state.get("upload_names", {}).get(name, "Uploaded picture")
    try:
        parts = urlsplit(web_address(name))
    except FetchError:
        return "Picture"
    return f"{parts.path.rpartition('/')[2] or 'Picture'} from {parts.hostname}"


def picture_detail(name: str, picture: Picture) -> str:
    """Its size, and of a sample whose it is."""
    credit = f" · {SAMPLES[name].credit}" if name in SAMPLES else ""
    return "{} × {} px".format(*picture.size) + credit


def uploaded() -> tuple[str, ...]:
    """The names of the session's uploaded pictures, in the order they were given."""
    return tuple(_uploads())


def is_kept(name: str) -> bool:
    """Whether the session still has an uploaded picture."""
    return name in _uploads()


def _source_of(picture: str) -> str:
    return "sample" if picture in SAMPLES else "upload" if picture.startswith(UPLOAD) else "address"


def _samples() -> None:
    state = st.session_state
    state["sample"] = state["picture"] if state["picture"] in GALLERY else None
    pills(
        "Sample", GALLERY, format_func=_thumbnail, key="sample", label_visibility="collapsed", required=True,
        on_change=lambda: _choose(state["sample"]), width="stretch",
    )  # fmt: skip
    with st.container(key="sample_shows"):
        if sample := SAMPLES.get(state["picture"]):
            st.caption(f"**{sample.title}.** {sample.shows}")


@cache
def _thumbnail(name: str) -> str:
    """A sample as an option: its picture, named for those who do not see it; what it shows is its tooltip."""
    sample = GALLERY[name]
    source = photo_of_middle(pictures.sample(name), _THUMBNAIL).source
    return f'![{sample.title}]({source} "{sample.title}. {sample.shows}")'


def _upload() -> None:
    key = f"file{st.session_state.get('uploads_begun') or ''}"  # another one lets go of a patient's file
    file_uploader(
        "Picture files", MAX_BYTES, key=key, label_visibility="collapsed", on_change=_keep, args=(key,),
        accept_multiple_files=True,
        help=f"{ACCEPTED}, up to {MAX_BYTES / 1e6:.0f} MB each. Several can be stepped through with the arrow keys. "
        "The files stay in this session's memory and go with it; what was made of them stays in the server's until "
        "other pictures take the place.",
    )  # fmt: skip
    names, state = st.session_state.get("upload_names", {}), st.session_state
    if names:
        state["again"] = state["picture"] if state["picture"] in names else None
        selectbox(
            "Your pictures", list(names), format_func=names.__getitem__, key="again", placeholder="Choose",
            on_change=lambda: _choose(state["again"]),
        )  # fmt: skip


def _camera() -> None:
    camera_input("Photo", key="photo", label_visibility="collapsed", on_change=_keep, args=("photo",))


def _address() -> None:
    state = st.session_state
    if arrived() and _source_of(state["picture"]) == "address":
        state["address"] = state["picture"]
    with st.form("address_form", border=False):
        st.text_input("Address of the picture", key="address", placeholder="https://example.com/picture.jpg")
        st.form_submit_button("Fetch picture", on_click=_read_address, width="stretch")


def _choose(picture: str | None) -> None:
    touch()
    if picture:
        st.session_state["picture"] = picture


def _read_address() -> None:
    state = st.session_state
    state.pop("fetched", None)  # asking again is trying again
    try:
        data = data_of(state["address"])
        if data is None:
            _choose(meant_address(state["address"]))
            return
    except FetchError as error:
        state["picture_problem"] = str(error)
        return
    state["address"] = ""
    _show_first(*take([("Pasted picture", data)]))


def _keep(key: str) -> None:
    """Take files over from their widget, which forgets them when it leaves the page; show the first new one."""
    state = st.session_state
    given = state[key] if isinstance(state[key], list) else [state[key]] if state[key] else []
    before: set[str] = state.get("files_seen", set())
    state["files_seen"] = before | {file.file_id for file in given}
    _show_first(*take([(file.name, file.getvalue()) for file in given if file.file_id not in before]))


def _show_first(added: list[str], problems: list[str]) -> None:
    """Show what was added, unless what is shown is among it, and say what was not."""
    state = st.session_state
    if problems:
        state["picture_problem"] = "\n\n".join(problems)
    if added and state["picture"] not in added:  # a link may have been waiting for one of them
        _choose(added[0])
    elif added:
        touch()


def take(files: list[tuple[str, bytes]]) -> tuple[list[str], list[str]]:
    """Keep the files (name, bytes) that are pictures: their names in a selection, and a sentence on each other one."""
    uploads, names = _uploads(), st.session_state.setdefault("upload_names", {})
    added: list[str] = []
    problems: list[str] = []
    for title, given in files:
        digest = hashlib.sha256(given).hexdigest()
        name = UPLOAD + digest[:16]
        if is_patients := kind_of(given) == "dicom":  # whose name may be the file's
            title = f"DICOM {digest[:6]}"
            st.session_state["uploads_begun"] = st.session_state.get("uploads_begun", 0) + 1
        try:
            data = anonymous(given) if is_patients else given
            digest = hashlib.sha256(data).hexdigest()
            pictures.decoded(digest, None, False, data)
            if name not in uploads:
                _make_room(len(data), set(added))
        except ImageError as error:
            problems.append(f"{plain(title)}: {error}" if len(files) > 1 else str(error))
            continue
        others = [names[other] for other in names if other != name]
        uploads[name], names[name] = data, told_apart(title, others)
        added.append(name)
    return added, problems


def _make_room(size: int, staying: set[str]) -> None:
    """Let go of the oldest uploads until `size` bytes more may be kept, and say so; pinned ones go last.

    Raises ImageError if that is not enough without those in `staying`.
    """
    uploads, names = _uploads(), st.session_state["upload_names"]
    pinned: set[str] = st.session_state.get("pinned_pictures", set())
    can_go = sorted((name for name in uploads if name not in staying), key=lambda name: name in pinned)
    others = {name: len(data) for name, data in uploads.items()}
    gone = []
    while can_go and sum(others.values()) + size > _KEPT:
        gone.append(can_go.pop(0))
        del others[gone[-1]]
    if sum(others.values()) + size > _KEPT:
        raise ImageError(f"Pictures of one visit may have {amount(_KEPT)} together: give fewer at a time.")
    st.session_state.setdefault("let_go", []).extend(names[name] for name in gone)
    for name in gone:
        del uploads[name], names[name]


def _uploads() -> dict[str, bytes]:
    return st.session_state.setdefault("uploads", {})


def _fetched(address: str) -> bytes:
    """The file at an address: this session's own copy, else fetched under this visitor's limit.

    A failure holds for a minute, or a rerun for any other reason would go and fail again.
    """
    state, now = st.session_state, time.monotonic()
    asked, answer, since = state.get("fetched", ("", None, 0.0))
    if asked == address and isinstance(answer, bytes):
        return answer
    if asked == address and now - since < 60:
        raise FetchError(answer)
    with st.spinner("Fetching the picture…"):
        try:
            data = pictures.fetched(meant_address(address), _count)
        except _TooManyFetches:
            raise
        except ImageError as error:  # also a patient's file that is damaged
            state["fetched"] = (address, str(error), now)
            raise
    state["fetched"] = (address, data, now)
    return data


def _count() -> None:
    """One more address is to be fetched for this visitor. Raises FetchError where that is too many."""
    state, now = st.session_state, time.monotonic()
    fetches = [moment for moment in state.get("fetches", []) if now - moment < _MINUTES * 60]
    if len(fetches) >= _FETCHES:
        raise _TooManyFetches(
            f"That was {_FETCHES} addresses in {_MINUTES} minutes: wait a little, or upload the picture instead."
        )
    state["fetches"] = [*fetches, now]
