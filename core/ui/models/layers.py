"""The layers of the network that is ticked, and the way to its class activation maps."""

from dataclasses import replace

import streamlit as st

from core.errors import LimelightError
from core.estimators.cam import Cam
from core.method import Method
from core.networks.catalogue import NetworkSpec
from core.networks.summary import Step, summary_of
from core.selection import Selection
from core.ui.controls.networks import asked_of
from core.ui.words import plain


def show_layers(spec: NetworkSpec, selection: Selection) -> None:
    """Draw them, closed until somebody asks; they are counted without the weights."""
    with st.expander(
        f"The layers of {plain(spec.title)}", icon=":material/layers:", key="layers", on_change="rerun"
    ) as place:
        if not place.open:
            return
        try:
            summary = summary_of(spec)
        except LimelightError as error:
            st.caption(str(error))
            return
        side = spec.recipe.crop
        st.caption(
            f"As computed for a picture of {side} × {side} pixels; BatchNorm after a convolution is part of it. "
            "Backward rules act on the rectifiers."
        )
        st.dataframe([_row(step) for step in summary.steps], hide_index=True, height=360)
        with st.container(horizontal=True):
            for size in summary.sizes:
                st.page_link(
                    "streamlit_app.py", label=f"Grad-CAM at {size.replace('x', ' × ')}", icon=":material/grid_on:",
                    query_params=_at(size, spec, selection),
                )  # fmt: skip


def _row(step: Step) -> dict[str, object]:
    return {
        "Layer": step.name,
        "Kind": step.kind,
        "Output": " × ".join(map(str, step.shape)),
        "Parameters": step.parameters,
        "Rules act": step.gated,
    }


def _at(size: str, spec: NetworkSpec, selection: Selection) -> dict[str, str]:
    """The address of the comparison at a layer."""
    method = str(Method(estimator=Cam(), layer=size))
    question = replace(asked_of(selection.question, (spec.name,)), rules=("vanilla", method))
    return replace(selection, question=question).to_query()
