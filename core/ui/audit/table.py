"""The table of an audit: rows by class and kind, the most telling first; one of them opens on the Compare page."""

from dataclasses import replace
from typing import Any

import pyarrow as pa
import streamlit as st
from pyarrow import compute as pc

from core.audit.collection import Collection
from core.audit.questions import first_rows, folders
from core.audit.store import Store
from core.errors import LimelightError
from core.selection import Selection
from core.targets import target_of
from core.ui.controls.networks import is_here, spec_of
from core.ui.controls.picture import take
from core.ui.frame.widgets import button, segmented_control, selectbox
from core.ui.words import told_apart

MOST = 500  # rows at once

_KINDS = {"all": "All", "wrong": "Called otherwise", "failed": "Not usable"}
_ORDERS = {
    "picture": "As drawn",
    "sure": "Surest first",
    "unsure": "Least sure first",
    "label": "Folder's class least probable first",
}
COLUMNS = ("picture", "path", "folder", "name", "probability", "probability_label", "explained", "error", "notice")
_SHOWN = {
    "path": st.column_config.TextColumn("Picture", width="large"),
    "folder": st.column_config.TextColumn("Folder"),
    "name": st.column_config.TextColumn("Most probable class", width="medium"),
    "probability": st.column_config.NumberColumn("Its probability", format="percent"),
    "probability_label": st.column_config.NumberColumn("The folder's", format="percent"),
    "error": st.column_config.TextColumn("Why it could not be used", width="large"),
    "notice": st.column_config.TextColumn("Notices"),
}


def show_table(store: Store, network: str, selection: Selection) -> None:
    """Draw it, filtered and sorted as chosen."""
    st.subheader("Pictures", anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = segmented_control("Show", list(_KINDS), format_func=_KINDS.__getitem__, key="audit_kind", default="all")
        order = selectbox("Order", list(_ORDERS), format_func=_ORDERS.__getitem__, key="audit_order")
        every = told_apart("All", names := folders(store))
        folder = selectbox("Folder", ["", *names], format_func=lambda each: each or every, key="audit_label")
    table, count = first_rows(
        store, network, COLUMNS, kind=kind or "all", order=order or "picture", folder=folder or "", most=MOST
    )
    shown = table.select([name for name in _SHOWN if _says_something(table, name)])
    event: Any = st.dataframe(
        shown, hide_index=True, column_config=_SHOWN, on_select="rerun", selection_mode="single-row",
        key=f"audit_rows_{network}_{kind}_{order}_{folder}", height=min(36 * len(shown) + 40, 460),
    )  # fmt: skip
    if count > MOST:
        st.caption(f"The first {MOST} of {count:,}.")
    rows = event["selection"]["rows"]
    collection: Collection | None = st.session_state.get("audit_collection")
    if collection is None:
        st.caption("Open the audit with the folder of its pictures to compare one of them.")
    elif rows and rows[0] < len(table):
        _offer(table.slice(rows[0], 1).to_pylist()[0], store, network, collection, selection)
    else:
        st.caption("Tick a row to open its picture on the Compare page.")


def _says_something(table: pa.Table, name: str) -> bool:
    return name not in ("error", "notice") or pc.any(pc.not_equal(table[name], "")).as_py() is True


def _offer(row: dict[str, Any], store: Store, network: str, collection: Collection, selection: Selection) -> None:
    if not button("Open on Compare", icon=":material/compare:", type="primary", key="audit_compare"):
        return
    try:
        names, problems = take([(row["path"].rpartition("/")[2], collection.read(row["path"]))])
        networks = (network, *_others(store, network))
    except LimelightError as error:  # the picture is not there any more, or the network not in this session
        st.error(str(error), icon=":material/error:")
        return
    if not names:
        st.error(problems[0], icon=":material/error:")
        return
    targets = target_of(row["explained"])
    fit = store.settings.fit
    question = replace(selection.question, networks=networks, targets=targets, against=None, fit=fit)
    asked = replace(selection, picture=names[0], window=None, question=question)  # as the audit asked
    st.switch_page("streamlit_app.py", query_params=asked.to_query())


def _others(store: Store, network: str) -> list[str]:
    """The audit's other networks that are here and know the same classes."""
    own = spec_of(network).categories
    others = (each["name"] for each in store.about["networks"] if each["name"] != network)
    return [name for name in others if is_here(name) and spec_of(name).categories == own]
