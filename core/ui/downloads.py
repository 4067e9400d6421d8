"""Weights that are not on this computer: offered with their size, fetched on a click, in the background."""

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import cached
from core.networks.registry import architecture


def offer(place: DeltaGenerator, names: Sequence[str]) -> None:
    """For each network, a button that downloads its weights, and its progress while somebody does."""
    for name in names:
        with place.container(border=True, key=f"download_{name.replace(':', '_')}"):
            job = cached.downloads().job(name)
            if job and not job.ended.is_set():
                _watch(name)
            else:
                _ask(name, job.problem if job else "")


def _ask(name: str, problem: str) -> None:
    known = architecture(name)
    size = f"{known.weights.size / 1e6:.0f} MB"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"The weights of **{known.title}** ({size}) are not on this computer.", width="stretch")
        st.button(
            f"Download {known.title}, {size}", icon=":material/download:", key=f"fetch_{name}",
            on_click=cached.downloads().start, args=(name,),
        )  # fmt: skip
    if problem:
        st.error(problem, icon=":material/cloud_off:")


@st.fragment(run_every=1.0)
def _watch(name: str) -> None:
    """Progress, once a second; when the download has ended the whole page runs again."""
    job = cached.downloads().job(name)
    if job is None or job.ended.is_set():
        st.rerun()
        return
    share = min(1.0, job.done / max(1, job.total))
    label = f"Downloading {architecture(name).title}: {job.done / 1e6:.0f} of {job.total / 1e6:.0f} MB"
    st.progress(share, label)
