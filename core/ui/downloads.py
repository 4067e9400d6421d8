"""Weights that are not on this computer: offered with their size, fetched on a click, in the background."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.errors import DownloadError
from core.networks import Architecture, architecture, download, on_disk


@dataclass
class _Job:
    """One download, shared by all sessions that look at it; written by its thread, read by everybody."""

    done: int = 0
    total: int = 1
    problem: str = ""
    thread: threading.Thread = field(default_factory=threading.Thread)

    @property
    def running(self) -> bool:
        return self.thread.is_alive()


@st.cache_resource
def _jobs() -> dict[str, _Job]:
    return {}


def offer(place: DeltaGenerator, names: Sequence[str]) -> None:
    """For each network, a button that downloads its weights, and its progress while somebody does."""
    for name in names:
        with place.container(border=True, key=f"download_{name.replace(':', '_')}"):
            known, job = architecture(name), _jobs().get(name)
            if job and job.running:
                _watch(name)
                continue
            with st.container(horizontal=True, vertical_alignment="center"):
                size = f"{known.weights.size / 1e6:.0f} MB"
                st.markdown(f"The weights of **{known.title}** ({size}) are not on this computer.", width="stretch")
                st.button(
                    f"Download {known.title}, {size}", icon=":material/download:", key=f"fetch_{name}",
                    on_click=_start, args=(name,),
                )  # fmt: skip
            if job and job.problem:
                st.error(job.problem, icon=":material/cloud_off:")


def _start(name: str) -> None:
    job = _jobs().get(name)
    if job and job.running:  # a double click, or another visitor
        return
    job = _jobs()[name] = _Job(total=architecture(name).weights.size)
    job.thread = threading.Thread(target=_run, args=(architecture(name), job), daemon=True, name=f"download {name}")
    job.thread.start()


def _run(known: Architecture, job: _Job) -> None:
    def progress(done: int, total: int) -> None:
        job.done, job.total = done, total

    try:
        download(known, progress)
    except DownloadError as error:
        job.problem = str(error)


@st.fragment(run_every=1.0)
def _watch(name: str) -> None:
    """Progress, once a second; when the download has ended the whole page runs again."""
    job, known = _jobs()[name], architecture(name)
    if not job.running or on_disk(known):
        st.rerun()
    share = min(1.0, job.done / max(1, job.total))
    st.progress(share, f"Downloading {known.title}: {job.done / 1e6:.0f} of {job.total / 1e6:.0f} MB")
