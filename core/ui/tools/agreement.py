"""The agreement tool: how far the panels of the grid agree, as a matrix, and an alarm where they agree too well."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import combinations

import streamlit as st

from core import service
from core.method import Method
from core.rules import RULES
from core.saliency.agreement import Agreement, FramedMap
from core.saliency.references import REFERENCES
from core.selection import Selection
from core.ui.figure.columns import Column
from core.ui.figure.maps import maps_of, references_of
from core.ui.frame.widgets import segmented_control
from core.values import Picture

_MEASURES = {"spearman": "Rank correlation", "overlap": "Top 5 % in common", "ssim": "SSIM"}
_MEANING = {
    "spearman": "Spearman's ρ of the magnitudes: 1 for the same order of pixels, 0 for unrelated maps.",
    "overlap": "The share of the strongest 5 % of the pixels that both have; 0.05 by chance.",
    "ssim": "Structural similarity of the magnitudes, each on its own scale; 1 for the same map (Wang et al. 2004).",
}
_SAME_RULES = "The two gradients are nearly the same here: the rule changes hardly anything in this network."
_SAME_METHODS = "The two maps are nearly the same here: it makes hardly a difference by which of them this is asked."
_SAME_NETWORKS = "Two networks hardly differ here: make sure that they do not hold the same weights."
_MOST = 16  # panels of a matrix that can still be read


@dataclass(frozen=True, slots=True)
class _Panel:
    """One map of the grid and what it is called. kind: a rule or a reference."""

    network: str
    kind: str
    title: str
    map: FramedMap


def show_agreement(columns: Sequence[Column], selection: Selection, picture: Picture) -> None:
    """Draw the tool."""
    every = list(_panels(columns, selection))
    panels = every[:_MOST]
    if len(panels) < 2:
        st.caption("Two maps are needed to compare: choose another network or gradient, or edges under Scale.")
        return
    measure = segmented_control(
        "Measure", _MEASURES, format_func=_MEASURES.__getitem__, default="spearman", required=True, key="measure",
        label_visibility="collapsed",
    )  # fmt: skip
    for one, other in combinations(panels, 2):
        if (reason := _alarm(one, other)) and service.nearly_identical(one.map, other.map):
            st.warning(f"**{one.title}** and **{other.title}**: {reason}", icon=":material/notification_important:")
    found = {
        (one, other): service.agreement_of(panels[one].map, panels[other].map)
        for one, other in combinations(range(len(panels)), 2)
    }
    st.html(_matrix([panel.title for panel in panels], found, measure))
    fewer = f" The first {_MOST} of {len(every)} maps." if len(every) > _MOST else ""
    st.caption(_MEANING[measure or "spearman"] + " Compared where both networks saw the picture." + fewer)


def _panels(columns: Sequence[Column], selection: Selection) -> Iterator[_Panel]:
    """The maps of the grid as it shows them: those of the networks, then the references of each."""
    view, names = selection.view, {rule: Method.parse(rule).short for rule in selection.question.rules}
    names |= {name: reference.short.lower() for name, reference in REFERENCES.items()}
    shown = maps_of(columns, selection.question.rules, view) | references_of(columns, view)
    for (place, kind), each in shown.items():
        if explained := columns[place].explanation:
            title = f"{explained.title}, {names[kind]}"
            yield _Panel(explained.network, kind, title, FramedMap(each.values, explained.framing))


def _alarm(one: _Panel, other: _Panel) -> str:
    """Why two panels should not be nearly identical, "" if they may."""
    references = [REFERENCES[panel.kind] for panel in (one, other) if panel.kind in REFERENCES]
    if references:
        return references[0].alarm if len(references) == 1 else ""
    if one.network == other.network:
        return _SAME_RULES if one.kind in RULES and other.kind in RULES else _SAME_METHODS
    return _SAME_NETWORKS if one.kind == other.kind else ""


def _matrix(titles: Sequence[str], found: dict[tuple[int, int], Agreement], measure: str | None) -> str:
    """A table of all pairs, by their places; the stronger the agreement, the darker the cell."""
    head = "".join(f'<th scope="col">{escape(title)}</th>' for title in titles[:-1])
    rows = "".join(
        f'<tr><th scope="row">{escape(titles[row])}</th>'
        + "".join(_cell(found.get((column, row)), measure) for column in range(len(titles) - 1))
        + "</tr>"
        for row in range(1, len(titles))
    )
    return f'<table class="lime-matrix"><thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _cell(found: Agreement | None, measure: str | None) -> str:
    if found is None:
        return "<td></td>"
    value = getattr(found, measure or "spearman")
    if value is None:
        return '<td title="One of the maps is the same everywhere, or too little was seen by both">none</td>'
    return f'<td style="--strength:{max(0.0, value):.2f}">{value:.2f}</td>'
