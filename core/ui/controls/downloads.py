"""Weights that are not on this computer: offered with their sizes, fetched on a click, in the background."""

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import service
from core.networks.catalogue import lookup
from core.networks.weights.download import is_offline, partial_size, weights_address
from core.networks.weights.download_queue import Job
from core.networks.weights.places import on_disk, weights_path
from core.ui.frame.widgets import button
from core.ui.words import amount
from core.wording import duration


def offer(place: DeltaGenerator, names: Sequence[str]) -> None:
    """One box for the networks whose weights are missing: each with a button, or the progress of its download."""
    if not names:
        return
    with place.container(border=True, key="downloads"):
        if is_offline():
            st.markdown(_by_hand(names))
        elif any(_active(name) for name in names):
            _watch(tuple(names))
        else:
            _rows(names)


def progress_text(title: str, done: int, total: int, speed: float = 0.0, seconds_left: float | None = None) -> str:
    """ "VGG-19: 120 of 575 MB, 8.4 MB/s, 54 s left"; done, total: bytes; speed: bytes a second, 0 if not known."""
    if done >= total:
        return f"{title}: {amount(total)}, being checked"
    text = f"{title}: {done / 1e6:.0f} of {total / 1e6:.0f} MB"
    if speed > 0:
        text += f", {speed / 1e6:.1f} MB/s" if speed >= 1e5 else f", {speed / 1e3:.0f} kB/s"
    return text if seconds_left is None else f"{text}, {duration(seconds_left)} left"


@st.fragment(run_every=1.0)
def _watch(names: Sequence[str]) -> None:
    """The rows once a second; the whole page runs again when weights have come, or nothing is left to watch."""
    if not any(_active(name) for name in names) or any(on_disk(lookup(name)) for name in names):
        st.rerun()
    _rows(names)


def _rows(names: Sequence[str]) -> None:
    jobs = {name: _active(name) for name in names}
    for name, job in jobs.items():
        if job:
            _progress(name, job)
        else:
            _ask(name)
    idle = [name for name, job in jobs.items() if not job]
    if len(idle) > 1:
        missing = sum(lookup(name).weights.size - partial_size(lookup(name)) for name in idle)
        button(
            f"Download all, {amount(missing)}", icon=":material/download:", key="fetch_all",
            on_click=_start, args=(idle,),
        )  # fmt: skip


def _active(name: str) -> Job | None:
    job = service.downloads().job(name)
    return job if job and job.is_active else None


def _start(names: Sequence[str]) -> None:
    for name in names:
        service.downloads().start(name)


def _progress(name: str, job: Job) -> None:
    title = lookup(name).title
    if job.state == "waiting":
        text = f"{title}, {amount(job.total)}: waiting for another download"
    else:
        text = progress_text(title, job.done, job.total, job.speed, job.seconds_left)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(min(1.0, job.done / max(1, job.total)), text)
        button(
            "Cancel", icon=":material/close:", key=f"cancel_{name}", on_click=service.downloads().cancel, args=(name,)
        )


def _ask(name: str) -> None:
    spec, job = lookup(name), service.downloads().job(name)
    size, there = amount(spec.weights.size), partial_size(spec)
    label = f"Continue {spec.title}, {there / 1e6:.0f} of {size}" if there else f"Download {spec.title}, {size}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"The weights of **{spec.title}** ({size}) are not on this computer.", width="stretch")
        button(label, icon=":material/download:", key=f"fetch_{name}", on_click=service.downloads().start, args=(name,))
    if job and job.problem:
        st.error(job.problem, icon=":material/cloud_off:")


def _by_hand(names: Sequence[str]) -> str:
    files = [
        f"- **{spec.title}**, {amount(spec.weights.size)}: {weights_address(spec)} as `{weights_path(spec)}`"
        for spec in map(lookup, names)
    ]
    sentence = "Downloads are switched off on this server: fetch what is missing on another machine, and save it here."
    return "\n".join([sentence, "", *files])
