"""What was found: counts, sentences, and what there is to look at of each class."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from core.audit.findings.bars import LEAST
from core.audit.findings.find import shown
from core.audit.findings.finding import PADDED, Found
from core.audit.questions import as_csv
from core.audit.store import Store
from core.outputs import OUTPUTS
from core.ui.figure.audit import mean_evidence_figure
from core.ui.figure.audit_html import MEANS, audit_html, crops_html, of_which, titles_of
from core.ui.frame.widgets import segmented_control, selectbox
from core.ui.words import plain
from core.wording import counted

_MOST = 20  # classes with findings that are drawn at once
_CROPS = "Crops {}. Is this what the class should be known by?"


def show_summary(store: Store, found: Sequence[Found]) -> None:
    """How much was looked at and what came of it, and the files to take away."""
    about = store.about
    findings = sum(len(each.findings) for each in found)
    if store.settings.fit == "pad":
        st.caption(PADDED)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.metric("Pictures", f"{about['counts']['done']:,}", help=f"Of {about['collection']}")
        st.metric("Not usable", f"{about['counts']['failed']:,}", help="The table says why, one by one.")
        few = f"Of all networks together; of those with fewer than {LEAST} pictures nothing is said"
        st.metric("Classes asked", f"{len(found):,}", help=few)
        st.metric("Findings", findings, help="Places that look alike, and that the class follows into other pictures")
        name = f"audit of {about['collection']}"
        st.download_button(
            "Report", lambda: _report(store, found), f"{name}.html", "text/html", icon=":material/description:",
            on_click="ignore",
        )  # fmt: skip
        st.download_button(
            "Rows", lambda: as_csv(store), f"{name}.csv", "text/csv", icon=":material/table:", on_click="ignore"
        )


def _report(store: Store, found: Sequence[Found]) -> bytes:
    return audit_html(store.about, found, lambda each: shown(store, each.network, each.label))


def choose_network(store: Store) -> str:
    """Draw the choice between the audit's networks, if it has several."""
    titles = titles_of(store.about)
    for each in store.about["networks"]:
        if not OUTPUTS[each["outputs"]].is_said:
            st.caption(f"What the outputs of {plain(each['title'])} mean was not said: probabilities assume softmax.")
    if len(titles) == 1:
        return next(iter(titles))
    chosen = segmented_control(
        "Network", list(titles), format_func=titles.__getitem__, key="audit_network", default=next(iter(titles)),
        required=True,
    )  # fmt: skip
    return chosen or next(iter(titles))


def show_findings(store: Store, found: Sequence[Found]) -> None:
    """Classes with findings, and one of the others, of which there may be a thousand."""
    with_findings = [each for each in found if each.findings]
    st.subheader(counted(len(with_findings), "class with a finding", "classes with findings"), anchor=False)
    for each in with_findings[:_MOST]:
        with st.container(border=True):
            _show_class(store, each)
    if len(with_findings) > _MOST:
        st.caption(f"The first {_MOST}; the report has all.")
    others = {each.label: each for each in found if not each.findings and each.pictures >= LEAST}
    if others:
        with st.expander(f"{counted(len(others), 'class', 'classes')} without", expanded=not with_findings):
            label = selectbox("Class", list(others), key=f"audit_other_{found[0].network}")
            _show_class(store, others.get(label) or next(iter(others.values())))
    if few := sum(each.pictures < LEAST for each in found):
        few_said = counted(few, "class has", "classes have")
        st.caption(f"{few_said} fewer than {LEAST} pictures, which is too few to say anything.")


def _show_class(store: Store, found: Found) -> None:
    seen = shown(store, found.network, found.label)
    with st.container(horizontal=True, gap="medium"):
        with st.container(width="stretch"):
            st.markdown("\n\n".join(replace(found, label=plain(found.label)).sentences()))
            for region, crops in zip(found.regions, seen["crops"] or [], strict=False):
                st.caption(_CROPS.format(of_which(found)) if region.is_finding else "Crops of another place.")
                st.html(f'<div class="lime-crops">{crops_html(crops, found.label)}</div>')
        if seen["mean_picture"] and seen["mean_evidence"]:
            with st.container(width=300):
                st.caption(f"{MEANS} 1 is chance.")
                st.plotly_chart(
                    mean_evidence_figure(seen["mean_picture"], seen["mean_evidence"], seen["rows"], seen["columns"]),
                    key=f"mean_{found.network}_{found.label}", config={"displayModeBar": False}, width="content",
                )  # fmt: skip
