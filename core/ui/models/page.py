"""The Models page: every network there is, what is known of it, where its weights are; download, free, remove."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import streamlit as st
import torch

from core import service
from core.errors import NetworkError
from core.networks.catalogue import NetworkSpec, lookup, names
from core.networks.coverage import coverage_of
from core.networks.devices import choose_device
from core.networks.weights.places import hub_folder, on_disk
from core.networks.weights.prepared_cache import remove
from core.question import MOST_NETWORKS
from core.runtime.memory import memory_limit, memory_used
from core.selection import Selection
from core.ui.controls.downloads import offer
from core.ui.controls.networks import asked_of, own_networks
from core.ui.frame.trust import is_trusted
from core.ui.frame.widgets import button, segmented_control
from core.ui.models.checkpoint import show_own
from core.ui.models.layers import show_layers
from core.ui.words import amount
from core.wording import counted

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
        [_row(spec) for spec in found],
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
    if len(rows) == 1 and rows[0] < len(found):
        show_layers(found[rows[0]], selection)
    show_own()


def _resources() -> None:
    """What the server has: device, memory, disk."""
    device, held = choose_device(), service.networks()
    here = [spec for spec in map(lookup, names()) if on_disk(spec)]
    size = sum(spec.weights.size for spec in here)
    free = shutil.disk_usage(_existing(hub_folder())).free
    with st.container(horizontal=True, key="resources"):
        st.metric("Device", _device(device))
        st.metric("Weights in memory", f"{amount(held.nbytes)} of {amount(held.limit)}", help=_BUDGET_HELP)
        limit = memory_limit(torch.device("cpu"))
        st.metric("This process", f"{amount(memory_used())} of {amount(limit)}", help=_PROCESS_HELP)
        count = f"{len(here)} network{'s' if len(here) > 1 else ''}"
        st.metric("Weights on disk", f"{count}, {amount(size)}", help=f"In {hub_folder()}, and in packages of pip's")
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
    return f"CPU, {counted(torch.get_num_threads(), 'thread', 'threads')}" if device.type == "cpu" else "Apple GPU"


def _filtered() -> list[NetworkSpec]:
    """The networks to show: the session's own first."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input("Find a network", key="find", placeholder="resnet, v2, swin…", width=320)
        shown = segmented_control(
            "Show", _SHOWN, format_func=_SHOWN.__getitem__, default="all", required=True, key="subset"
        )
    held = service.networks().keys()
    tests = {
        "all": lambda spec: True,
        "disk": on_disk,
        "memory": lambda spec: spec.name in held,
        "full": lambda spec: coverage_of(spec).full,
    }
    everything = [*own_networks().values(), *map(lookup, names())]
    return [spec for spec in everything if tests[shown or "all"](spec) and _is_meant(spec, words)]


def _is_meant(spec: NetworkSpec, words: str) -> bool:
    return all(word in f"{spec.name} {spec.title}".lower() for word in words.lower().split())


def _row(spec: NetworkSpec) -> dict[str, object]:
    coverage = coverage_of(spec)
    return {
        "Network": spec.title,
        "Name": spec.name,
        "On disk": on_disk(spec),
        "In memory": spec.name in service.networks().keys(),
        "Guided": f"{coverage.gated} of {coverage.total}" if coverage.gated else "none",
        "Top-1": spec.published.accuracy,
        "Parameters": spec.parameters / 1e6,
        "GFLOPs": spec.published.gflops,
        "Size": spec.weights.size / 1e6,
        "Input": spec.recipe.crop,
        "Training": spec.published.training,
        "Licence": spec.published.licence,
    }


def _act(chosen: Sequence[NetworkSpec], selection: Selection) -> None:
    """What can be done with the rows that are ticked."""
    if problem := st.session_state.pop("models_problem", None):
        st.error(problem, icon=":material/error:")
    running = [spec for spec in map(lookup, names()) if _is_running(spec)]
    offer(st.container(), [spec.name for spec in dict.fromkeys([*running, *chosen]) if not on_disk(spec)])
    if not chosen:
        st.caption("Tick rows to compare networks, download their weights, free memory or remove files.")
        return
    held = [spec for spec in chosen if spec.name in service.networks().keys()]
    removable = [spec for spec in chosen if on_disk(spec) and spec.weights.folder is None]
    with st.container(horizontal=True):
        label = "Compare" if len(chosen) <= MOST_NETWORKS else f"Compare the first {MOST_NETWORKS}"
        if button(label, icon=":material/compare:", type="primary", key="compare_chosen"):
            compared = tuple(spec.name for spec in chosen)[:MOST_NETWORKS]
            question = asked_of(selection.question, compared)
            st.switch_page("streamlit_app.py", query_params=replace(selection, question=question).to_query())
        button("Free memory", icon=":material/memory:", disabled=not held, on_click=_free, args=(held,), key="free")
        if is_trusted() and removable:
            _confirm_removal(removable)


def _is_running(spec: NetworkSpec) -> bool:
    job = service.downloads().job(spec.name)
    return job is not None and not job.ended.is_set()


def _free(held: Sequence[NetworkSpec]) -> None:
    """Let go of networks, and say which are in use."""
    busy = [spec.title for spec in held if not service.networks().drop(spec.name)]
    if busy:
        st.session_state["models_problem"] = f"{', '.join(busy)} computes just now: free the memory when it has done."


def _confirm_removal(removable: Sequence[NetworkSpec]) -> None:
    size = amount(sum(spec.weights.size for spec in removable))
    with st.popover("Remove from disk", icon=":material/delete:"):
        st.markdown(
            f"Delete the weights of **{', '.join(spec.title for spec in removable)}** ({size})? "
            "Other programs that use torch hub's folder lose them too; they can be downloaded again."
        )
        button(f"Delete {size}", key="remove", on_click=_remove, args=(removable,), type="primary")


def _remove(removable: Sequence[NetworkSpec]) -> None:
    try:
        for spec in removable:
            remove(spec)
            service.networks().drop(spec.name)
    except NetworkError as error:
        st.session_state["models_problem"] = str(error)
