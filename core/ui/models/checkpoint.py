"""A checkpoint of the reader's own: a file or a path, what it turned out to be, and putting it beside the others."""

import shutil
import tempfile
import weakref
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import streamlit as st

from core.errors import CheckpointError, LimelightError
from core.networks.catalogue import NetworkSpec, lookup
from core.networks.checkpoints.checkpoint import MAX_BYTES, Checkpoint, read_checkpoint
from core.networks.checkpoints.class_names import parse_labels
from core.networks.checkpoints.guess import fitting, misfit
from core.networks.checkpoints.layouts import families
from core.networks.checkpoints.match import Match
from core.networks.checkpoints.spec import describe
from core.networks.titles import title_of
from core.outputs import OUTPUTS
from core.question import MOST_NETWORKS
from core.ui.controls.networks import own_networks
from core.ui.frame.process import allow_uploads
from core.ui.frame.trust import is_local, is_trusted
from core.ui.frame.widgets import file_uploader, radio, selectbox
from core.ui.models.parts import choose_place, confirm_between
from core.ui.words import amount, plain
from core.values import Recipe

_SUFFIXES = ".pth, .pt, .bin, .ckpt, .safetensors, or one such file in a .zip or .tar"


def show_own() -> None:
    """Draw the part of the Models page where a checkpoint is loaded."""
    st.header("Your own checkpoint", anchor=False)
    if not is_trusted():
        st.caption(
            "Loading your own checkpoint is off, since this server can be reached from other computers. Run Limelight "
            "yourself with `--server.address localhost`, or have LIMELIGHT_TRUSTED=1 set for visitors you trust."
        )
        return
    st.caption(
        "Weights of any torchvision classifier that you trained, with any number of classes. They stay in this "
        "session: nobody else sees them, and they are gone when it ends."
    )
    _give()
    if problem := st.session_state.pop("own_problem", None):
        st.error(problem, icon=":material/error:")
    if checkpoint := st.session_state.get("checkpoint"):
        _show_form(checkpoint)
    _list()


def _give() -> None:
    """A file, or where the visitor sits at the server its path."""
    allow_uploads(MAX_BYTES)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        file_uploader(
            f"Checkpoint ({_SUFFIXES})", key="own_file", on_change=_take_upload, max_upload_size=MAX_BYTES // 2**20,
            help="A state dict, also inside what training frameworks wrap around it. No code in the file is run.",
        )  # fmt: skip
    if is_local():
        with st.form("own_path_form", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input("Or its path on this computer", key="own_path", placeholder="~/runs/best.pth")
            st.form_submit_button("Read file", on_click=_take_path)


def _take_upload() -> None:
    if (file := st.session_state["own_file"]) is not None:
        with tempfile.NamedTemporaryFile(dir=_folder()) as copy:
            copy.write(file.getbuffer())
            copy.flush()
            _take(Path(copy.name), file.name)


def _take_path() -> None:
    if is_local() and (path := st.session_state["own_path"].strip()):
        _take(Path(path).expanduser(), Path(path).name)


def _take(path: Path, title: str) -> None:
    st.session_state.pop("checkpoint", None)
    with st.spinner("Reading the file in a process of its own…"):
        try:
            st.session_state["checkpoint"] = read_checkpoint(path, _folder(), title)
        except CheckpointError as error:
            st.session_state["own_problem"] = str(error)


class _Folder:
    """A folder for a session's files, which goes when the session does."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="limelight-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


def _folder() -> Path:
    if "own_folder" not in st.session_state:
        st.session_state["own_folder"] = _Folder()
    return st.session_state["own_folder"].path


def _show_form(checkpoint: Checkpoint) -> None:
    """What the file is: guessed, to be corrected and completed."""
    matches: dict[str, list[Match]] = {}
    for found in _matches(checkpoint):
        matches.setdefault(found.model, []).append(found)
    with st.container(border=True):
        size = amount(checkpoint.file.stat().st_size)
        st.markdown(f"**{plain(checkpoint.title)}** · {len(checkpoint.shapes)} tensors, {size}")
        if not matches:
            st.warning(misfit(checkpoint), icon=":material/help:")
        others = sorted(set(chain(*families())) - matches.keys())
        model = selectbox(
            "Architecture", [*matches, *others], key=f"own_model_{checkpoint.digest[:8]}", format_func=title_of,
            help="The first ones fit the file's tensors.",
        )  # fmt: skip
        match = choose_place(checkpoint, matches.get(model, []))
        _notices(checkpoint, match)
        between = confirm_between(checkpoint, match)
        labels = file_uploader(
            "Names of the classes (optional)", key="own_labels", max_upload_size=4,
            help="Text with one name a line, or JSON: a list, or names by number.",
        )  # fmt: skip
        outputs = _outputs(checkpoint, match)
        recipe = _recipe(lookup(model).recipe)
        if st.button("Use this network", type="primary", key="own_use", icon=":material/add:"):
            said = {"recipe": recipe, "outputs": outputs, "place": match.place if match else None, "between": between}
            _use(checkpoint, model, labels.getvalue() if labels else None, said)


@st.cache_data(max_entries=8, show_spinner=False, hash_funcs={Checkpoint: lambda checkpoint: checkpoint.digest})
def _matches(checkpoint: Checkpoint) -> tuple[Match, ...]:
    return fitting(checkpoint)


def _notices(checkpoint: Checkpoint, match: Match | None) -> None:
    fit = (f"{match.classes} classes.", *match.notices) if match else ()
    for notice in (*checkpoint.notices, *fit):
        st.caption(plain(notice))


def _outputs(checkpoint: Checkpoint, match: Match | None) -> str | None:
    """What the owner says that they mean; None where that is not to be said: of a single one it is known."""
    if match and match.classes == 1:
        return None
    return radio(
        "What the outputs mean", list(OUTPUTS), index=list(OUTPUTS).index("assumed"),
        format_func=lambda name: OUTPUTS[name].title, key=f"own_outputs_{checkpoint.digest[:8]}",
        help="Softmax shares 100 % among all classes, a sigmoid gives each its own: several findings in one picture.",
    )  # fmt: skip


def _recipe(usual: Recipe) -> Recipe | None:
    """How pictures were prepared in training; None as the architecture's weights have it."""
    if not st.toggle("Own input size or normalisation", key="own_recipe"):
        return None
    with st.container(horizontal=True):
        resize = st.number_input("Shorter side resized to, px", 16, 2048, usual.resize, key="own_resize")
        crop = st.number_input("Centre crop, px", 16, 1024, usual.crop, key="own_crop")
    means = _three("Mean", usual.mean)
    stds = _three("Standard deviation", usual.std)
    return Recipe(int(resize), int(crop), usual.interpolation, means, stds)


def _three(label: str, usual: Sequence[float]) -> tuple[float, float, float]:
    with st.container(horizontal=True):
        red, green, blue = (
            st.number_input(f"{label}, {colour}", 0.0, 1.0, value, format="%.4f", key=f"own_{label}_{colour}")
            for colour, value in zip(("red", "green", "blue"), usual, strict=True)
        )
    return red, green, blue


def _use(checkpoint: Checkpoint, model: str, labels: bytes | None, said: dict[str, Any]) -> None:
    """said: what `describe` is told by name."""
    try:
        names = parse_labels(labels) if labels else None
        spec = describe(checkpoint, model, labels=names, **said)
    except LimelightError as error:
        st.error(str(error), icon=":material/error:")
        return
    if len(own_networks()) >= MOST_NETWORKS:
        st.error(f"{MOST_NETWORKS} networks of your own are kept: forget one first.", icon=":material/error:")
        return
    own_networks()[spec.name] = spec
    del st.session_state["checkpoint"]
    st.rerun()


def _list() -> None:
    """The session's own networks, which may be forgotten again."""
    for spec in list(own_networks().values()):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                f"**{plain(spec.title)}** · {title_of(spec.model)}, {len(spec.categories)} classes", width="stretch"
            )
            st.button("Forget", key=f"forget_{spec.name}", icon=":material/delete:", on_click=_forget, args=(spec,))


def _forget(spec: NetworkSpec) -> None:
    del own_networks()[spec.name]
    if not any(other.weights == spec.weights for other in own_networks().values()):
        Path(spec.weights.folder or "", spec.weights.name).unlink(missing_ok=True)
