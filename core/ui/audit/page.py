"""The Audit page: what is to be looked at, how far it is, and what was found."""

import streamlit as st

from core.audit.findings.find import findings_of
from core.audit.store import Store
from core.selection import Selection
from core.ui.audit.groups import show_groups
from core.ui.audit.job import Job
from core.ui.audit.results import choose_network, show_findings, show_summary
from core.ui.audit.source import choose_source
from core.ui.audit.table import show_table
from core.ui.frame.widgets import button
from core.wording import counted

_ABOUT = (
    "One picture cannot show that a network looks at a stamp, a frame or a token: it takes many. An audit asks the "
    "networks about each of them, looks for places that a class leans on, exchanges and covers them, and compares."
)


def show_audit(selection: Selection) -> None:
    """Draw the page; `selection` goes with the reader to the Compare page."""
    st.title("Audit", anchor=False)
    st.caption(_ABOUT)
    choose_source()
    if problem := st.session_state.pop("audit_problem", None):
        st.error(problem, icon=":material/error:")
    job: Job | None = st.session_state.get("audit_job")
    if job is not None and not job.has_ended:
        _progress()
        return
    if job is not None:
        _said(job)
    if store := _store(job):
        if job is None and store.changed:
            changed = counted(store.changed, "of its pictures is", "of its pictures are")
            st.warning(
                f"{changed} gone or of another size: what was found is of those of then.", icon=":material/history:"
            )
        _show(store, selection)


def _store(job: Job | None) -> Store | None:
    """What the job found, or what was opened."""
    return job.store if job is not None else st.session_state.get("audit_opened")


@st.fragment(run_every=1)
def _progress() -> None:
    """How far it is, drawn anew every second, until it has ended."""
    job: Job = st.session_state["audit_job"]
    if job.has_ended:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(min(1.0, job.share), text=job.said, width="stretch")
        button("Stop", icon=":material/stop:", key="audit_stop", on_click=job.stop)


def _said(job: Job) -> None:
    if job.problem:
        st.error(job.problem, icon=":material/error:")
    elif job.store is None:
        st.info(job.said, icon=":material/info:")
    elif job.store.changed:
        changed = counted(job.store.changed, "picture", "pictures")
        st.warning(
            f"{changed} came, went or changed since this audit was begun, which is of those of then: for an audit of "
            "today's choose another folder for what is found.",
            icon=":material/history:",
        )


def _show(store: Store, selection: Selection) -> None:
    every = findings_of(store)
    show_summary(store, every)
    network = choose_network(store)
    found = [each for each in every if each.network == network]
    show_findings(store, found)
    show_groups(store, found)
    show_table(store, network, selection)
