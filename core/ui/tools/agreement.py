"""The agreement tool: how far the panels of the grid agree, as a matrix, and an alarm where they agree too well."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import combinations

import streamlit as st

from core.saliency.agreement import (
    SAME_AS_THE_EDGES,
    Agreement,
    FramedMap,
    agreement,
    edges,
    identical,
    random_map,
)
from core.selection import Selection
from core.ui.figure.maps import Column, maps_of
from core.ui.words import RULE_NAMES
from core.values import Picture

_MEASURES = {"spearman": "Rank correlation", "overlap": "Top 5 % in common", "ssim": "SSIM"}
_MEANING = {
    "spearman": "Spearman's ρ of the magnitudes: 1 for the same order of pixels, 0 for unrelated maps.",
    "overlap": "The share of the strongest 5 % of the pixels that both have; 0.05 by chance.",
    "ssim": "Structural similarity of the magnitudes, each on its own scale; 1 for the same map (Wang et al. 2004).",
}
_SAME_RULES = "The two gradients are nearly the same here: the rule changes hardly anything in this network."
_SAME_NETWORKS = "Two networks hardly differ here: make sure that they do not hold the same weights."
_MOST = 16  # panels of a matrix that can still be read


@dataclass(frozen=True, slots=True)
class _Panel:
    """One map and what it is called. key: whatever its values depend on."""

    key: tuple[object, ...]
    network: str
    kind: str
    title: str
    map: FramedMap


def show_agreement(slots: Sequence[Column], selection: Selection, picture: Picture) -> None:
    """Draw the tool."""
    panels = list(_panels(slots, selection, picture))[:_MOST]
    if len(panels) < 2:
        st.caption("Two maps are needed to compare: choose another network or gradient, or edges under Scale.")
        return
    measure = st.segmented_control(
        "Measure", _MEASURES, format_func=_MEASURES.__getitem__, default="spearman", required=True, key="measure",
        label_visibility="collapsed",
    )  # fmt: skip
    pairs = {
        (one.title, other.title): _compared(one.key, other.key, one.map, other.map)
        for one, other in combinations(panels, 2)
    }
    for one, other in combinations(panels, 2):
        if pairs[one.title, other.title][1] and (reason := _alarm(one, other)):
            st.warning(f"**{one.title}** and **{other.title}**: {reason}", icon=":material/notification_important:")
    st.html(_matrix([panel.title for panel in panels], {pair: found for pair, (found, _) in pairs.items()}, measure))
    st.caption(_MEANING[measure or "spearman"] + " Compared where both networks saw the picture.")


def _panels(slots: Sequence[Column], selection: Selection, picture: Picture) -> Iterator[_Panel]:
    """The maps of the grid, and the references: what the first network saw, by an edge detector and by chance."""
    explained = {slot.network: slot.explanation for slot in slots if slot.explanation}
    for (network, rule), shown in maps_of(slots, selection).items():
        found = explained[network]
        asked = (found.target.index, selection.fit, rule, selection.reduction)
        key: tuple[object, ...] = (picture.digest, network, *asked)
        title = f"{found.title}, {RULE_NAMES[rule].split()[0].lower()}"
        yield _Panel(key, network, rule, title, FramedMap(shown.values, found.framing))
    if explained:
        name, first = next(iter(explained.items()))
        if "edges" in selection.references:
            key = (picture.digest, name, selection.fit, "edges")
            yield _Panel(key, "", "edges", "Edges", FramedMap(edges(first.seen), first.framing))
        if "random" in selection.references:
            chance = random_map(first.seen.shape[:2], seed=0)
            yield _Panel((first.seen.shape, "random"), "", "random", "Random", FramedMap(chance, first.framing))


@st.cache_data(max_entries=4000, show_spinner=False)
def _compared(
    one: tuple[object, ...], other: tuple[object, ...], _first: FramedMap, _second: FramedMap
) -> tuple[Agreement, bool]:
    return agreement(_first, _second), identical(_first, _second)


def _alarm(one: _Panel, other: _Panel) -> str:
    """Why two nearly identical panels should not be, "" if they may."""
    if "edges" in (one.kind, other.kind):
        return SAME_AS_THE_EDGES
    if one.network == other.network:
        return _SAME_RULES
    return _SAME_NETWORKS if one.kind == other.kind else ""


def _matrix(titles: Sequence[str], found: dict[tuple[str, str], Agreement], measure: str | None) -> str:
    """A table of all pairs; the stronger the agreement, the darker the cell."""
    head = "".join(f'<th scope="col">{escape(title)}</th>' for title in titles[:-1])
    rows = "".join(
        f'<tr><th scope="row">{escape(title)}</th>'
        + "".join(_cell(found.get((other, title)), measure) for other in titles[:-1])
        + "</tr>"
        for title in titles[1:]
    )
    return f'<table class="lime-matrix"><thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _cell(found: Agreement | None, measure: str | None) -> str:
    if found is None:
        return "<td></td>"
    value = getattr(found, measure or "spearman")
    if value is None:
        return '<td title="One of the maps is the same everywhere">none</td>'
    return f'<td style="--strength:{max(0.0, value):.2f}">{value:.2f}</td>'
