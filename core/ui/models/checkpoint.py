"""A checkpoint of the reader's own: a file or a path, what it turned out to be, and putting it beside the others."""

import tempfile
from contextlib import ExitStack
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import streamlit as st

from core import service
from core.errors import DiskError, LimelightError
from core.networks.catalogue import NetworkSpec
from core.networks.checkpoints import class_names
from core.networks.checkpoints.checkpoint import MAX_BYTES, Checkpoint, read_checkpoint
from core.networks.checkpoints.fit import Match
from core.networks.checkpoints.guess import fitting, misfit
from core.networks.checkpoints.layouts import CONVERTING, families
from core.networks.checkpoints.recipes import proposed_recipe
from core.networks.checkpoints.spec import describe
from core.networks.checkpoints.typed_path import typed_path
from core.networks.titles import title_of
from core.outputs import OUTPUTS
from core.question import MOST_NETWORKS
from core.ui.controls.networks import asked_of, own_networks
from core.ui.frame import state
from core.ui.frame.folder import session_folder, writing
from core.ui.frame.trust import is_local, is_trusted
from core.ui.frame.widgets import button, file_uploader, radio, selectbox, toggle
from core.ui.models.parts import choose_place, confirm_between
from core.ui.models.recipe import choose_recipe
from core.ui.words import amount, plain, recipe_in_words, shortened, told_apart
from core.wording import counted

_SUFFIXES = ".pth, .pt, .bin, .ckpt, .safetensors, or one such file in a .zip or .tar"


def show_own() -> None:
    """Draw the part of the Models page where a checkpoint is loaded."""
    st.header("Your own checkpoint", anchor=False)
    if not is_trusted():
        st.caption(
            "Loading your own checkpoint is off, since other computers can reach this server or its owner said so. Run "
            "Limelight yourself with `--server.address localhost`, or have LIMELIGHT_TRUSTED=1 set for visitors you "
            "trust."
        )
        return
    st.caption(
        "Weights of any torchvision classifier that you trained, with any number of classes, also by timm or "
        "transformers where theirs is the same. They stay in this session: nobody else sees them, and their file is "
        "deleted when it ends; the server's memory lets go of them when others need the room."
    )
    _give()
    if problem := st.session_state.pop("own_problem", None):
        st.error(problem, icon=":material/error:")
    if checkpoint := st.session_state.get("checkpoint"):
        _show_form(checkpoint)
    _list()


def _give() -> None:
    """A file, or where the visitor sits at the server its path."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        file_uploader(
            f"Checkpoint ({_SUFFIXES})", MAX_BYTES, key="own_file", on_change=_take_upload,
            help="A state dict, also inside what training frameworks wrap around it. No code in the file is run.",
        )  # fmt: skip
    if is_local():
        with st.form("own_path_form", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input("Or its path on this computer", key="own_path", placeholder="~/runs/best.pth")
            st.form_submit_button("Read file", on_click=_take_path)


def _take_upload() -> None:
    if (file := st.session_state["own_file"]) is not None:
        with ExitStack() as stack:
            try:
                with writing():
                    copy = stack.enter_context(tempfile.NamedTemporaryFile(dir=session_folder()))
                    copy.write(file.getbuffer())
                    copy.flush()
            except DiskError as error:
                st.session_state["own_problem"] = str(error)
            else:
                _take(Path(copy.name), file.name)


def _take_path() -> None:
    if is_local() and st.session_state["own_path"].strip():
        path = typed_path(st.session_state["own_path"])
        _take(path, path.name)


def _take(path: Path, title: str) -> None:
    before: Checkpoint | None = st.session_state.pop("checkpoint", None)
    with st.spinner("Reading the file in a process of its own…"):
        try:
            st.session_state["checkpoint"] = read_checkpoint(path, session_folder(), title)
        except LimelightError as error:
            st.session_state["own_problem"] = str(error)
    if before:
        _let_go(before.file)


def _show_form(checkpoint: Checkpoint) -> None:
    """What the file is: guessed, to be corrected and completed."""
    matches: dict[str, list[Match]] = {}
    for found in _matches(checkpoint):
        matches.setdefault(found.model, []).append(found)
    with st.container(border=True):
        size = amount(checkpoint.file.stat().st_size)
        about = f"{counted(len(checkpoint.shapes), 'tensor', 'tensors')}, {size}"
        st.markdown(f"**{plain(checkpoint.title)}**  \n:small[{about}]")
        if not matches:
            st.warning(misfit(checkpoint), icon=":material/help:")
        others = sorted(set(chain(*families())) - matches.keys())
        model = selectbox(
            "Architecture", [*matches, *others], key=f"own_model_{checkpoint.digest[:8]}", format_func=title_of,
            help="The first ones fit the file's tensors.",
        )  # fmt: skip
        match = choose_place(checkpoint, matches.get(model, []))
        _notices(checkpoint, match)
        said = _settings(checkpoint, match) if match else {}
        if button("Use this network", type="primary", key="own_use", icon=":material/add:"):
            _use(checkpoint, model, said)


@st.cache_data(max_entries=8, show_spinner=False, hash_funcs={Checkpoint: lambda checkpoint: checkpoint.digest})
def _matches(checkpoint: Checkpoint) -> tuple[Match, ...]:
    return fitting(checkpoint)


def _notices(checkpoint: Checkpoint, match: Match | None) -> None:
    fit = (f"{counted(match.classes, 'class', 'classes')}.", *match.notices) if match else ()
    st.caption("  \n".join(map(plain, (*checkpoint.notices, *checkpoint.said.notices, *fit))))


def _settings(checkpoint: Checkpoint, match: Match) -> dict[str, Any]:
    """What the owner says of the network, as `describe` takes it; of each file anew."""
    file, between = checkpoint.digest[:8], confirm_between(checkpoint, match)
    labels = file_uploader(
        "Names of the classes (optional)", class_names.MAX_BYTES, key=f"own_labels_{file}",
        help="Text with one name a line; CSV, JSON or Python with names, also by number; a config.json.",
    )  # fmt: skip
    source, names = checkpoint.said.labels_for(match.classes)
    if names and not labels:
        st.caption(plain(f"Names of the classes are the file's own ({source}): {shortened(', '.join(names), 80)}"))
    recipe = choose_recipe(proposed_recipe(match, checkpoint.said), f"{file}_{match.model}")
    converts = match.model not in CONVERTING or recipe.channels == 1 or toggle(
        "Input is converted first, as torchvision's weights of this network need it", True,
        key=f"own_converts_{file}_{match.model}",
    )  # fmt: skip
    return {
        "labels": labels.getvalue() if labels else None,
        "outputs": _outputs(match, file),
        "recipe": recipe,
        "converts_input": converts,
        "place": match.place,
        "between": between,
    }


def _outputs(match: Match, file: str) -> str | None:
    """What they mean; None where that is not to be said: of a single one it is known."""
    if match.classes == 1:
        return None
    return radio(
        "What the outputs mean", list(OUTPUTS), index=list(OUTPUTS).index("assumed"),
        format_func=lambda name: OUTPUTS[name].title, key=f"own_outputs_{file}",
        help="Softmax shares 100 % among all classes, a sigmoid gives each its own: several findings in one picture.",
    )  # fmt: skip


def _use(checkpoint: Checkpoint, model: str, said: dict[str, Any]) -> None:
    """said: what `describe` is told by name, but the labels as they were given."""
    try:
        labels = said.pop("labels", None)
        spec = describe(checkpoint, model, labels=class_names.parse_labels(labels) if labels else None, **said)
    except LimelightError as error:
        st.error(str(error), icon=":material/error:")
        return
    if len(own_networks()) >= MOST_NETWORKS:
        st.error(f"{MOST_NETWORKS} networks of your own are kept: forget one first.", icon=":material/error:")
        return
    others = [other.title for other in own_networks().values() if other.name != spec.name]
    own_networks()[spec.name] = replace(spec, title=told_apart(spec.title, others))
    del st.session_state["checkpoint"]
    st.rerun()


def _list() -> None:
    """The session's own networks, which may be forgotten again."""
    for spec in list(own_networks().values()):
        with st.container(horizontal=True, vertical_alignment="center"):
            count = "a single output" if spec.has_opposite else counted(len(spec.categories), "class", "classes")
            about = f"{title_of(spec.model)}, {count} · {OUTPUTS[spec.outputs].title}"
            st.markdown(f"**{plain(spec.title)}** · {about}  \n:small[{recipe_in_words(spec.recipe)}]", width="stretch")
            button("Forget", key=f"forget_{spec.name}", icon=":material/delete:", on_click=_forget, args=(spec,))


def _forget(spec: NetworkSpec) -> None:
    """Nothing asks it any more, either."""
    selection = state.selection()
    others = tuple(name for name in selection.question.networks if name != spec.name)
    if others != selection.question.networks:
        state.change(question=asked_of(selection.question, others))
    if selection.subject == spec.name:
        state.change(subject="", classes=())
    extra = st.session_state.get("extra_networks", [])
    st.session_state["extra_networks"] = [name for name in extra if name != spec.name]
    del own_networks()[spec.name]
    service.networks().drop(spec.name)
    _let_go(_file_of(spec))


def _let_go(file: Path) -> None:
    """Delete the session's copy of a checkpoint, unless one of its networks has it, or will."""
    waiting: Checkpoint | None = st.session_state.get("checkpoint")
    if file not in map(_file_of, own_networks().values()) and (waiting is None or waiting.file != file):
        file.unlink(missing_ok=True)


def _file_of(spec: NetworkSpec) -> Path:
    return Path(spec.weights.folder or "", spec.weights.name)
