"""The Models page: every network there is, what is known of it, where its weights are; download, free, remove."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import streamlit as st
import torch

from core import cached
from core.errors import NetworkError
from core.memory import memory_limit, memory_used
from core.networks.coverage import coverage_of
from core.networks.devices import choose_device
from core.networks.prepared import remove
from core.networks.registry import Architecture, architecture, names
from core.networks.weights import on_disk
from core.selection import MOST_NETWORKS, Selection
from core.ui.downloads import offer
from core.ui.networks import own_networks
from core.ui.own import show_own
from core.ui.trust import is_trusted
from core.ui.words import amount

_SHOWN = {
    "all": "All",
    "disk": "On disk",
    "memory": "In memory",
    "full": "Guided in full",
}


def show_models(selection: Selection) -> None:
    """Draw the page; `selection` goes with the reader to the Compare page."""
    st.title("Models", anchor=False)
    try:
        _resources()
    except NetworkError as error:  # LIMELIGHT_MEMORY makes no sense
        st.error(str(error), icon=":material/error:")
        return
    found = _filtered()
    table = st.dataframe(
        [_row(known) for known in found],
        hide_index=True,
        height=min(38 * len(found) + 40, 560),
        row_height=36,
        column_config=_COLUMNS,
        on_select="rerun",
        selection_mode="multi-row",
        key=f"models_{hash(tuple(found))}",  # a selection is of rows: another filter, another table
    )
    rows = table["selection"]["rows"]
    _act([found[row] for row in rows if row < len(found)], selection)
    show_own()


def _resources() -> None:
    """What the server has: device, memory, disk."""
    device, held = choose_device(), cached.networks()
    here = [known for known in map(architecture, names()) if on_disk(known)]
    size = sum(known.weights.size for known in here)
    free = shutil.disk_usage(_existing(Path(torch.hub.get_dir()))).free
    with st.container(horizontal=True, key="resources"):
        st.metric("Device", _device(device))
        st.metric("Weights in memory", f"{amount(held.nbytes)} of {amount(held.limit)}", help=_BUDGET_HELP)
        limit = memory_limit(torch.device("cpu"))
        st.metric("This process", f"{amount(memory_used())} of {amount(limit)}", help=_PROCESS_HELP)
        count = f"{len(here)} network{'s' if len(here) > 1 else ''}"
        st.metric("Weights on disk", f"{count}, {amount(size)}", help=f"In {torch.hub.get_dir()}")
        st.metric("Free disk", amount(free))


_BUDGET_HELP = (
    "The least recently used network goes first when the budget is reached; one that is computing stays. "
    "LIMELIGHT_MEMORY sets the budget. Weights are mapped from disk, so much of this is not the process's own."
)
_PROCESS_HELP = "Memory of its own, mapped files not counted, and what the machine or container has."
_COLUMNS = {
    "Name": st.column_config.TextColumn(width="medium", help="In links and in Python"),
    "Top-1": st.column_config.NumberColumn(format="%.1f %%", help="ImageNet-1K, as published"),
    "Parameters": st.column_config.NumberColumn("Parameters", format="%.1f M"),
    "GFLOPs": st.column_config.NumberColumn(format="%.2f", help="10⁹ multiply-adds of one forward pass"),
    "Size": st.column_config.NumberColumn(format="%.0f MB", help="Of the weights file"),
    "Input": st.column_config.NumberColumn(format="%d px"),
    "Guided": st.column_config.TextColumn(help="How many of its activations are rectifiers, which rules reach"),
    "Training": st.column_config.LinkColumn(display_text="recipe"),
    "Licence": st.column_config.LinkColumn(display_text="own licence", help="Where the weights have one of their own"),
}


def _existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())


def _device(device: torch.device) -> str:
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"CPU, {torch.get_num_threads()} threads" if device.type == "cpu" else "Apple GPU"


def _filtered() -> list[Architecture]:
    """The networks to show: the session's own first."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input("Find a network", key="find", placeholder="resnet, v2, swin…", width=320)
        shown = st.segmented_control(
            "Show", _SHOWN, format_func=_SHOWN.__getitem__, default="all", required=True, key="subset"
        )
    held = cached.networks().keys()
    tests = {
        "all": lambda known: True,
        "disk": on_disk,
        "memory": lambda known: known.name in held,
        "full": lambda known: coverage_of(known).full,
    }
    everything = [*own_networks().values(), *map(architecture, names())]
    return [known for known in everything if tests[shown or "all"](known) and _is_meant(known, words)]


def _is_meant(known: Architecture, words: str) -> bool:
    return all(word in f"{known.name} {known.title}".lower() for word in words.lower().split())


def _row(known: Architecture) -> dict[str, object]:
    coverage = coverage_of(known)
    return {
        "Network": known.title,
        "Name": known.name,
        "On disk": on_disk(known),
        "In memory": known.name in cached.networks().keys(),
        "Guided": f"{coverage.gated} of {coverage.total}" if coverage.gated else "none",
        "Top-1": known.published.accuracy,
        "Parameters": known.parameters / 1e6,
        "GFLOPs": known.published.gflops,
        "Size": known.weights.size / 1e6,
        "Input": known.recipe.crop,
        "Training": known.published.training,
        "Licence": known.published.licence,
    }


def _act(chosen: Sequence[Architecture], selection: Selection) -> None:
    """What can be done with the rows that are ticked."""
    if problem := st.session_state.pop("models_problem", None):
        st.error(problem, icon=":material/error:")
    running = [known for known in map(architecture, names()) if _is_running(known)]
    offer(st.container(), [known.name for known in dict.fromkeys([*running, *chosen]) if not on_disk(known)])
    if not chosen:
        st.caption("Tick rows to compare networks, download their weights, free memory or remove files.")
        return
    held = [known for known in chosen if known.name in cached.networks().keys()]
    removable = [known for known in chosen if on_disk(known) and known.weights.folder is None]
    with st.container(horizontal=True):
        if st.button("Compare", icon=":material/compare:", type="primary", key="compare_chosen"):
            compared = tuple(known.name for known in chosen)[:MOST_NETWORKS]
            st.switch_page("streamlit_app.py", query_params=replace(selection, networks=compared).to_query())
        st.button("Free memory", icon=":material/memory:", disabled=not held, on_click=_free, args=(held,), key="free")
        if is_trusted() and removable:
            _confirm_removal(removable)


def _is_running(known: Architecture) -> bool:
    job = cached.downloads().job(known.name)
    return job is not None and not job.ended.is_set()


def _free(held: Sequence[Architecture]) -> None:
    """Let go of networks, and say which are in use."""
    busy = [known.title for known in held if not cached.networks().drop(known.name)]
    if busy:
        st.session_state["models_problem"] = f"{', '.join(busy)} computes just now: free the memory when it has done."


def _confirm_removal(removable: Sequence[Architecture]) -> None:
    size = amount(sum(known.weights.size for known in removable))
    with st.popover("Remove from disk", icon=":material/delete:"):
        st.markdown(
            f"Delete the weights of **{', '.join(known.title for known in removable)}** ({size})? "
            "Other programs that use torch hub's folder lose them too; they can be downloaded again."
        )
        st.button(f"Delete {size}", key="remove", on_click=_remove, args=(removable,), type="primary")


def _remove(removable: Sequence[Architecture]) -> None:
    try:
        for known in removable:
            remove(known)
            cached.networks().drop(known.name)
    except NetworkError as error:
        st.session_state["models_problem"] = str(error)
