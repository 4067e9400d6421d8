"""The Compare page's body: networks are explained one after another, and the grid fills as they finish."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import cached
from core.errors import LimelightError, NetworkError
from core.networks.registry import architecture
from core.networks.weights import on_disk
from core.selection import Selection
from core.ui.browser import room
from core.ui.downloads import offer
from core.ui.figures import comparison_figure
from core.ui.grid import Grid, lay_out
from core.ui.maps import Slot
from core.ui.pictures import detail_of, selected_picture, title_of
from core.ui.tables import alternative_text, numbers, predictions_html, waiting_html
from core.ui.words import CAUTIONS, place_in_line, shortened
from core.values import Picture

_log = logging.getLogger(__name__)

_BESIDE = 300  # px for predictions at the right of the grid
_BETWEEN = 30  # px between the two
_WIDE = 1100  # px from which they stand there, else below
_CHROME = 136  # px of the window's height that are not the grid's


def show_comparison(selection: Selection) -> None:
    """Draw the comparison that is selected; every error is a sentence in the place of what failed."""
    width, height = room()
    try:
        picture = selected_picture(selection.picture)
    except LimelightError as error:
        _headline(title_of(selection.picture), "")
        st.error(str(error), icon=":material/broken_image:")
        return
    progress = _headline(title_of(selection.picture), detail_of(selection.picture, picture))
    for notice in picture.notices:
        st.caption(notice)
    if not selection.networks or not selection.rules:
        missing = "a network" if not selection.networks else "a gradient"
        st.info(f"Choose {missing} in the sidebar to see its map.", icon=":material/arrow_back:")
        return
    grid, beside = _room_for(selection, width, height - _CHROME)
    left, right = st.columns([width - _BESIDE, _BESIDE], gap="medium") if beside else (st.container(),) * 2
    with left:
        missing_weights = st.container()
        with st.container(key="grid"):
            # A figure never gets wider than its container; on a phone the container scrolls.
            st.html(f"<style>.st-key-grid > .stElementContainer {{min-width: {grid.width}px}}</style>")
            place = st.empty()
    with right:
        predictions = st.empty()

    def draw(slots: Sequence[Slot]) -> None:
        _draw(slots, selection, grid, place)
        with predictions.container():
            for slot in slots:
                st.html(predictions_html(slot.explanation) if slot.explanation else waiting_html(slot.title))

    slots = _fill(selection, picture, draw, progress)
    for slot in slots:
        if slot.explanation:
            for notice in slot.explanation.notices:
                left.caption(notice)
    offer(missing_weights, [slot.network for slot in slots if slot.missing])
    with right:
        _cautions(selection)
    with left.expander("The grid in numbers", icon=":material/table:"):
        st.dataframe(numbers(slots, selection), hide_index=True)


def _room_for(selection: Selection, width: int, height: int) -> tuple[Grid, bool]:
    """The grid, and whether the predictions stand beside it; they go below where they would cost it its place."""
    asked = selection.networks, selection.rules, selection.networks_as
    narrower = width - _BESIDE - _BETWEEN
    beside = lay_out(*asked, (narrower, height))
    if width >= _WIDE and beside.width <= narrower:
        return beside, True
    return lay_out(*asked, (width, height)), False


def _headline(title: str, detail: str) -> DeltaGenerator:
    """The page's heading; beside it, room for progress, so that nothing moves when it comes and goes."""
    with st.container(horizontal=True, vertical_alignment="center", key="headline"):
        # Not Markdown, which makes a link of any title that looks like an address, and titles come from strangers.
        st.html(f'<h1 class="lime-title">{escape(shortened(title, 80))} <span>{escape(detail)}</span></h1>')
        return st.container(width=340).empty()


def _fill(
    selection: Selection, picture: Picture, draw: Callable[[Sequence[Slot]], None], progress: DeltaGenerator
) -> list[Slot]:
    """Explain one network after another; all is drawn before each one that takes time, and at the end."""
    slots = [Slot(name, architecture(name).title, message="Waiting…") for name in selection.networks]
    for index, slot in enumerate(slots):

        def waiting(ahead: int, title: str = slot.title, done: int = index) -> None:
            progress.progress(done / len(slots), f"{title} is {place_in_line(ahead)}")

        known = architecture(slot.network)
        ready = cached.is_ready(slot.network, picture, selection.rules, selection.target, selection.fit)
        if not ready and not on_disk(known):
            size = f"{known.weights.size / 1e6:.0f} MB"
            slots[index] = replace(slot, message=f"Not on this computer yet ({size})", missing=True)
            continue
        if not ready:
            slots[index] = replace(slot, message="Computing…")
            draw(slots)
            progress.progress(index / len(slots), f"Computing {slot.title} ({index + 1} of {len(slots)})")
        slots[index] = _explained(slot, selection, picture, waiting)
    draw(slots)
    progress.empty()
    return slots


def _explained(slot: Slot, selection: Selection, picture: Picture, waiting: Callable[[int], None]) -> Slot:
    try:
        explanation = cached.explanation(
            slot.network, picture, selection.rules, selection.target, selection.fit, waiting
        )
    except NetworkError as error:
        return replace(slot, message=str(error))
    except Exception:  # a bug of ours or of torch's: its neighbours stay, and the log has the rest
        _log.exception("%s could not be explained", slot.network)
        return replace(slot, message=f"{slot.title} failed in a way we did not foresee. Choose another network.")
    return replace(slot, explanation=explanation, message="")


def _draw(slots: Sequence[Slot], selection: Selection, grid: Grid, place: DeltaGenerator) -> None:
    place.plotly_chart(
        comparison_figure(slots, selection, grid),
        width=grid.width,
        height=grid.height,
        config={
            "displaylogo": False,
            "showTips": False,
            "modeBarButtons": [["zoomIn2d", "zoomOut2d", "pan2d", "zoom2d", "resetScale2d", "toImage"]],
            "toImageButtonOptions": {"format": "png", "scale": 2, "filename": "limelight"},
        },
        alt=alternative_text(slots, selection, title_of(selection.picture)),
    )


def _cautions(selection: Selection) -> None:
    st.caption("**What these maps cannot say**")
    for rule in selection.rules:
        st.caption(CAUTIONS[rule])
    st.page_link(
        "pages/Methods.py", label="How to read them", icon=":material/menu_book:", query_params=selection.to_query()
    )
